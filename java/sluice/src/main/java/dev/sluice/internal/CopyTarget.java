package dev.sluice.internal;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.security.SecureRandom;

/**
 * The file that a copy is written to. It is deleted again unless {@link #commit} is reached.
 *
 * <p>A new target is created under its own name, which nobody else can take meanwhile. One that
 * replaces another file is written beside it, under a name that cannot be guessed, and renamed when
 * it is complete: until then the old file is what it was.
 */
final class CopyTarget implements AutoCloseable {
  /** The bits of {@code st_mode} for owner, group and others, and those for the owner alone. */
  private static final int PERMISSIONS = 0777;

  private static final int OWNER = 0700;

  /** Set-user-ID, set-group-ID and the sticky bit. */
  private static final int SPECIAL = 07000;

  private final Path path;
  private final Path written;
  private final int descriptor;

  /** The source's mode. */
  private final int mode;

  private boolean closed;
  private boolean committed;

  /** The permissions that a new file has here, by the umask or the directory's access list. */
  private int granted;

  private boolean narrowed;

  private CopyTarget(Path path, Path written, int mode) throws IOException {
    this.path = path;
    this.written = written;
    this.mode = mode;
    descriptor = OpenFile.toWriteNew(written, mode & PERMISSIONS);
  }

  /**
   * Creates a target that does not exist.
   *
   * @param path the target
   * @param mode the source's mode
   * @throws FileAlreadyExistsException if it does
   */
  static CopyTarget create(Path path, int mode) throws IOException {
    return new CopyTarget(path, path, mode);
  }

  /**
   * Creates a file in the directory of the target that it will replace.
   *
   * @param path the target
   * @param mode the source's mode
   */
  static CopyTarget replace(Path path, int mode) throws IOException {
    while (true) {
      String name = ".sluice-" + Long.toHexString(Names.RANDOM.nextLong()) + ".tmp";
      Path beside = path.resolveSibling(name);
      try {
        return new CopyTarget(path, beside, mode);
      } catch (FileAlreadyExistsException e) {
        // The next name.
      } catch (AccessDeniedException e) {
        throw new AccessDeniedException(path.toString(), null, e.getReason());
      } catch (FileSystemException e) {
        throw new FileSystemException(path.toString(), null, e.getReason());
      }
    }
  }

  /** Apart, because the first generator takes longer to be made than a small file to be copied. */
  private static final class Names {
    static final SecureRandom RANDOM = new SecureRandom();
  }

  /** The descriptor's number. */
  int descriptor() {
    return descriptor;
  }

  /**
   * Sets the permissions under which the bytes are written. They are the owner's alone where the
   * final ones come last: with another owner, or under another name.
   *
   * @param copyAttributes whether {@link #copyAttributes} follows
   */
  void begin(boolean copyAttributes) {
    boolean isSpecial = (mode & SPECIAL) != 0;
    if (written.equals(path) && !isSpecial && !copyAttributes) {
      return;
    }
    granted = (int) Native.mode(descriptor) & PERMISSIONS;
    if (isSpecial && !copyAttributes) {
      // As Files.copy, which creates the target so. The kernel takes these bits away again from a
      // file that is written by somebody who may not set them.
      Native.setMode(descriptor, granted | mode & SPECIAL);
    } else {
      // A file system without permissions refuses, and has nothing to restore.
      narrowed = Native.setMode(descriptor, granted & OWNER) == 0;
    }
  }

  /** Gives the file the source's attributes. */
  void copyAttributes(int source, long accessed, long modified) throws IOException {
    long answer = Native.copyAttributes(source, descriptor, accessed, modified, granted);
    if (answer < 0) {
      throw CopyFailure.of(answer, path, null);
    }
    narrowed = false;
  }

  /** The copy is complete: gives it its permissions and its name. */
  void commit() throws IOException {
    if (narrowed) {
      long answer = Native.setMode(descriptor, granted);
      if (answer < 0) {
        throw CopyFailure.of(answer, path, null);
      }
    }
    // Some file systems report here what they could not write, NFS among them.
    closed = true;
    int closing = Native.close(descriptor);
    if (closing < 0) {
      throw failure(-closing);
    }
    if (!written.equals(path)) {
      if (Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        Files.delete(path);
      }
      Files.move(written, path, StandardCopyOption.ATOMIC_MOVE);
    }
    committed = true;
  }

  @Override
  public void close() throws IOException {
    if (committed) {
      return;
    }
    try {
      Files.deleteIfExists(written);
    } finally {
      if (Thread.currentThread().isInterrupted()) {
        closeElsewhere();
      } else {
        closeOnce();
      }
    }
  }

  private void closeOnce() {
    if (!closed) {
      closed = true;
      Native.close(descriptor);
    }
  }

  /**
   * The last close of a deleted file frees its blocks: 100 ms and more for each GiB on ext4.
   * Whoever interrupts a copy does not wait for that.
   */
  private void closeElsewhere() {
    Threads.runAside("sluice-close", this::closeOnce);
  }

  private FileSystemException failure(int errno) {
    String reason = Errno.exception(errno, "close").getMessage();
    return new FileSystemException(path.toString(), null, reason);
  }
}
