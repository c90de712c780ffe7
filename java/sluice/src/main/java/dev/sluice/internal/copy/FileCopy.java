package dev.sluice.internal.copy;

import dev.sluice.internal.boundary.NativeCopy;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.boundary.RefusedException;
import dev.sluice.internal.boundary.UncachedRefusal;
import dev.sluice.internal.channel.FileOpener;
import dev.sluice.internal.jdk.CarrierCompensation;
import dev.sluice.internal.jdk.Privileged;
import dev.sluice.internal.jdk.Threads;
import dev.sluice.internal.load.Fallback;
import dev.sluice.internal.load.NativeLoader;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.CopyOption;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Copies a file under the contract of {@code Files.copy}. The checks and their order are those of
 * {@code sun.nio.fs.UnixFileSystem}. {@code Files.copy} itself copies everything that is not a
 * regular file.
 */
public final class FileCopy {
  /** Extents are shared where the file system can share them. */
  public static final int SHARE_AUTO = 0;

  /** Extents are shared, or the copy fails. */
  public static final int SHARE_ALWAYS = 1;

  /** Extents are not shared. */
  public static final int SHARE_NEVER = 2;

  /** Holes stay holes. */
  public static final int HOLES_KEEP = 0;

  /** Blocks of zeros become holes as well. */
  public static final int HOLES_MAKE = 1;

  /** Every byte is written. */
  public static final int HOLES_FILL = 2;

  /**
   * The largest file that is copied at once. A larger one takes a millisecond and more, and then it
   * does not matter that it is copied by several calls, between which an interrupt is seen.
   */
  private static final long MOST_AT_ONCE = 4L << 20;

  /** The bits of {@code st_mode} for the type of a file. */
  private static final int S_IFMT = 0170000;

  /** The type of a regular file in {@code st_mode}. */
  private static final int S_IFREG = 0100000;

  private final Path source;
  private final Path target;
  private final int sharing;
  private final int holes;
  private final boolean isUncached;

  /** Told what happens, or null. */
  private final @Nullable CopyReport report;

  private final CopyTurns turns;
  private boolean replaceExisting;
  private boolean copyAttributes;
  private boolean followLinks = true;

  private FileCopy(
      Path source,
      Path target,
      int sharing,
      int holes,
      boolean isUncached,
      @Nullable CopyReport report) {
    this.report = report;
    this.source = source;
    this.target = target;
    this.sharing = sharing;
    this.holes = holes;
    this.isUncached = isUncached;
    turns = new CopyTurns(source, target, sharing, isUncached, report);
  }

  /**
   * Copies a file.
   *
   * @param source the file
   * @param target where the copy goes
   * @param sharing whether extents are shared: one of the constants {@code SHARE_}
   * @param holes what becomes of holes: one of the constants {@code HOLES_}
   * @param isUncached whether nothing stays in the page cache that was not there before
   * @param options those of {@code Files.copy}
   * @throws RefusedException if extents have to be shared and cannot be
   * @throws IOException as {@code Files.copy}
   */
  public static void copy(
      Path source, Path target, int sharing, int holes, boolean isUncached, CopyOption... options)
      throws IOException {
    try (CopyReport report = CopyReport.begun(source, target)) {
      copy(source, target, sharing, holes, isUncached, report, options);
    }
  }

  private static void copy(
      Path source,
      Path target,
      int sharing,
      int holes,
      boolean isUncached,
      @Nullable CopyReport report,
      CopyOption... options)
      throws IOException {
    String obstacle = obstacle(source, target);
    if (obstacle != null) {
      if (sharing == SHARE_ALWAYS) {
        throw new RefusedException("ioctl(FICLONERANGE)", "EOPNOTSUPP", obstacle);
      }
      if (isUncached) {
        throw UncachedRefusal.exception();
      }
      Fallback.tell();
      Files.copy(source, target, options);
      CopyReport.completeByJdk(report, target);
      return;
    }
    // The order of the JDK. Whatever the copy does to these two files is allowed from here on.
    Privileged.checkRead(source);
    Privileged.checkWrite(target);
    FileCopy copy = new FileCopy(source, target, sharing, holes, isUncached, report);
    for (CopyOption option : options) {
      copy.add(option);
    }
    BasicFileAttributes attributes = copy.attributes();
    if (attributes.isRegularFile()) {
      CopyReport.count(report, attributes.size());
      copy.run(attributes);
      CopyReport.complete(report);
    } else {
      Files.copy(source, target, options);
      CopyReport.completeByJdk(report, target);
    }
  }

  /** Why native code cannot copy between these paths, or null if it can. */
  private static @Nullable String obstacle(Path source, Path target) {
    if (!FileOpener.isOfDefaultFileSystem(source) || !FileOpener.isOfDefaultFileSystem(target)) {
      return "a path of another provider has no descriptor; use Reflink.AUTO";
    }
    return NativeLoader.isAvailable()
        ? null
        : "the native library is not loaded, see Sluice.unavailabilityCause(); use Reflink.AUTO";
  }

  private void add(CopyOption option) {
    if (option == StandardCopyOption.REPLACE_EXISTING) {
      replaceExisting = true;
    } else if (option == StandardCopyOption.COPY_ATTRIBUTES) {
      copyAttributes = true;
    } else if (option == LinkOption.NOFOLLOW_LINKS) {
      followLinks = false;
    } else if (!isInterruptible(option)) {
      throw new UnsupportedOperationException("Unsupported copy option: " + option);
    }
  }

  /**
   * Whether an option is {@code ExtendedCopyOption.INTERRUPTIBLE}. It is compared by name, because
   * its module jdk.unsupported is missing in some runtimes.
   */
  private static boolean isInterruptible(CopyOption option) {
    return option.getClass().getName().equals("com.sun.nio.file.ExtendedCopyOption")
        && option.toString().equals("INTERRUPTIBLE");
  }

  private BasicFileAttributes attributes() throws IOException {
    return followLinks
        ? Files.readAttributes(source, BasicFileAttributes.class)
        : Files.readAttributes(source, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
  }

  private void run(BasicFileAttributes attributes) throws IOException {
    long begun = copiedAtOnce(attributes);
    if (begun == NativeCopy.COMPLETE) {
      return;
    }
    if (begun != NativeCopy.NOTHING) {
      goOn(begun);
      return;
    }
    int from = FileOpener.toRead(source, followLinks);
    try {
      long mode = turns.checked(NativeDescriptor.mode(from));
      if ((mode & S_IFMT) != S_IFREG) {
        throw new FileSystemException(source.toString(), null, "is no regular file any more");
      }
      CopyTarget to = open(attributes, (int) mode);
      if (to == null) {
        return;
      }
      try (to) {
        to.begin(copyAttributes);
        turns.copyContent(
            turns.checked(NativeCopy.newCopy(from, to.descriptor(), holes, sharing, isUncached)));
        if (copyAttributes) {
          to.copyAttributes(
              from, nanos(attributes.lastAccessTime()), nanos(attributes.lastModifiedTime()));
        }
        to.commit();
      }
    } finally {
      NativeDescriptor.close(from);
    }
  }

  /**
   * Copies a small file by one native call, and answers what {@link NativeCopy#copyAtOnce} does.
   * What it did not do is copied in turns, which tells what is wrong.
   */
  private long copiedAtOnce(BasicFileAttributes attributes) throws IOException {
    if (copyAttributes
        || isUncached
        || sharing == SHARE_ALWAYS
        || attributes.size() > MOST_AT_ONCE
        || Thread.currentThread().isInterrupted()) {
      return NativeCopy.NOTHING;
    }
    byte[] from = FileOpener.name(source);
    byte[] to = FileOpener.name(target);
    long begun = CarrierCompensation.begin();
    try {
      return NativeCopy.copyAtOnce(
          from,
          to,
          followLinks,
          replaceExisting,
          holes,
          sharing,
          attributes.size() >= CopyTurns.LEAST_BYTES_ASIDE && Threads.isVirtual(),
          CopyReport.ledger(report));
    } finally {
      CarrierCompensation.end(begun);
    }
  }

  /** Goes on in turns with a copy that has begun. */
  private void goOn(long copy) throws IOException {
    int from = NativeCopy.source(copy);
    try (CopyTarget to = CopyTarget.created(source, target, NativeCopy.target(copy))) {
      turns.copyContent(copy);
      to.commit();
    } finally {
      NativeDescriptor.close(from);
    }
  }

  /** Creates the file to write to. Returns null if the target is the source. */
  private @Nullable CopyTarget open(BasicFileAttributes attributes, int mode) throws IOException {
    try {
      return CopyTarget.create(source, target, mode);
    } catch (FileAlreadyExistsException e) {
      BasicFileAttributes existing =
          Privileged.run(
              () ->
                  Files.readAttributes(
                      target, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS));
      if (isSame(attributes, existing)) {
        return null;
      }
      if (!replaceExisting) {
        throw e;
      }
      if (existing.isDirectory()) {
        Privileged.run(this::ensureEmpty);
      }
      return CopyTarget.replace(source, target, mode);
    }
  }

  private static boolean isSame(BasicFileAttributes source, BasicFileAttributes target) {
    return source.fileKey() != null && source.fileKey().equals(target.fileKey());
  }

  /**
   * Checks that a target directory is empty. Without this check, the error would be found only
   * after all bytes are copied.
   */
  private boolean ensureEmpty() throws IOException {
    try (DirectoryStream<Path> content = Files.newDirectoryStream(target)) {
      if (content.iterator().hasNext()) {
        throw new DirectoryNotEmptyException(target.toString());
      }
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    } catch (AccessDeniedException e) {
      // A directory that cannot be read may still be empty and deletable.
    }
    return true;
  }

  private static long nanos(FileTime time) {
    return time.to(TimeUnit.NANOSECONDS);
  }
}
