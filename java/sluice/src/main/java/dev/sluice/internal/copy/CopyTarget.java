package dev.sluice.internal.copy;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeCopy;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.channel.FileOpener;
import dev.sluice.internal.jdk.Threads;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file that a copy is written to. It is deleted again unless {@link #commit} is reached.
 *
 * <p>A new target is created under its own name, which nobody else can take meanwhile. One that
 * replaces another file is written beside it, under a name that cannot be guessed, and renamed when
 * it is complete: until then the old file is what it was.
 *
 * <p>Permissions come out as those of {@code Files.copy}, which creates the target with the
 * source's mode and then writes. The kernel then takes set-ID bits away again, unless the writer
 * has {@code CAP_FSETID}.
 */
final class CopyTarget implements AutoCloseable {
  /** All bits of a mode but those for the kind of the file. */
  private static final int MODE = 07777;

  private static final int OWNER = 0700;

  /** The permissions of a file that nobody else is to open. */
  private static final int NARROW = 0600;

  private static final int SET_USER_ID = 04000;
  private static final int SET_GROUP_ID = 02000;
  private static final int SET_ID = SET_USER_ID | SET_GROUP_ID;
  private static final int GROUP_EXECUTES = 0010;

  private final Path source;
  private final Path target;

  /** Where the file has a name of its own until it is complete. */
  private final @Nullable TargetDirectory directory;

  private final byte[] temporaryName;
  private final int descriptor;

  /** The source's mode. */
  private final int mode;

  private boolean closed;
  private boolean committed;

  /** The mode that the file is to have, but for what the kernel takes away. */
  private int granted;

  /** Whether the file has less until it is complete. */
  private boolean narrowed;

  private CopyTarget(
      Path source,
      Path target,
      @Nullable TargetDirectory directory,
      byte[] temporaryName,
      int descriptor,
      int mode) {
    this.source = source;
    this.target = target;
    this.directory = directory;
    this.temporaryName = temporaryName;
    this.descriptor = descriptor;
    this.mode = mode & MODE;
  }

  /**
   * Creates a target that does not exist.
   *
   * @param source the source, for failures
   * @param target the target
   * @param mode the source's mode
   * @throws FileAlreadyExistsException if it does
   */
  static CopyTarget create(Path source, Path target, int mode) throws IOException {
    int descriptor = FileOpener.toWriteNew(target, mode & MODE);
    return new CopyTarget(source, target, null, new byte[0], descriptor, mode);
  }

  /**
   * Creates a file in the directory of the target that it will replace.
   *
   * @param source the source, for failures
   * @param target the target
   * @param mode the source's mode
   */
  static CopyTarget replace(Path source, Path target, int mode) throws IOException {
    TargetDirectory directory = TargetDirectory.of(target);
    while (true) {
      byte[] name = TargetDirectory.temporaryName();
      int descriptor = directory.create(name, NARROW);
      if (descriptor >= 0) {
        return new CopyTarget(source, target, directory, name, descriptor, mode);
      }
      if (descriptor != -Errno.EEXIST.number) {
        directory.close();
        throw CopyFailure.ofTarget(-descriptor, "openat", target);
      }
    }
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
    if (directory != null) {
      beginBeside(directory);
    } else if (copyAttributes) {
      granted = (int) NativeDescriptor.mode(descriptor) & MODE;
      // A file system without permissions refuses, and has nothing to restore.
      narrowed = NativeDescriptor.setMode(descriptor, granted & OWNER | probe()) == 0;
    }
  }

  private void beginBeside(TargetDirectory directory) {
    int created = (int) NativeDescriptor.mode(descriptor) & MODE;
    if ((created & ~NARROW) != 0) {
      // The file system has permissions of its own, as vfat.
      granted = created;
      return;
    }
    granted = directory.permissions(mode);
    narrowed = true;
    if (probe() != 0) {
      NativeDescriptor.setMode(descriptor, created | probe());
    }
  }

  /** Bits by whose fate is seen what becomes of the granted ones: both, should there be any. */
  private int probe() {
    return (granted & SET_ID) == 0 ? 0 : SET_ID;
  }

  /**
   * What the kernel leaves of the granted mode. Without {@code CAP_FSETID}, a write takes away the
   * set-user-ID bit, and the set-group-ID bit with the group's right to execute, or of a group that
   * the writer is not in ({@code setattr_should_drop_suidgid} in the kernel's {@code fs/attr.c}).
   */
  private int left() {
    if (probe() == 0) {
      return granted;
    }
    int seen = (int) NativeDescriptor.mode(descriptor);
    boolean isWritten = (seen & SET_USER_ID) == 0;
    int taken = isWritten ? SET_USER_ID : 0;
    if ((seen & SET_GROUP_ID) == 0 || isWritten && (granted & GROUP_EXECUTES) != 0) {
      taken |= SET_GROUP_ID;
    }
    return granted & ~taken;
  }

  /** Gives the file the source's attributes. */
  void copyAttributes(int from, long accessed, long modified) throws IOException {
    long answer = NativeCopy.copyAttributes(from, descriptor, accessed, modified, left());
    if (answer < 0) {
      throw CopyFailure.of(answer, target, null);
    }
    narrowed = false;
  }

  /** The copy is complete: gives it its permissions and its name. */
  void commit() throws IOException {
    if (narrowed) {
      long answer = NativeDescriptor.setMode(descriptor, left());
      if (answer < 0 && !isAsCreated()) {
        throw CopyFailure.of(answer, source, target);
      }
    }
    // Some file systems report here what they could not write, NFS among them.
    closed = true;
    int closing = NativeDescriptor.close(descriptor);
    if (closing < 0) {
      throw CopyFailure.ofClose(-closing, source, target);
    }
    if (directory != null) {
      rename(directory);
    }
    committed = true;
  }

  /** Whether the file system gives every file these permissions, and refuses others therefore. */
  private boolean isAsCreated() {
    if (directory == null) {
      return false;
    }
    byte[] name = TargetDirectory.temporaryName();
    int probe = directory.create(name, mode);
    if (probe < 0) {
      return false;
    }
    directory.delete(name);
    long created = NativeDescriptor.mode(probe);
    NativeDescriptor.close(probe);
    return created == NativeDescriptor.mode(descriptor);
  }

  private void rename(TargetDirectory directory) throws IOException {
    int renamed = directory.rename(temporaryName);
    if (renamed == -Errno.EISDIR.number) {
      int deleted = directory.deleteTarget();
      if (deleted < 0) {
        throw CopyFailure.ofTarget(-deleted, "unlinkat", target);
      }
      renamed = directory.rename(temporaryName);
    }
    if (renamed < 0) {
      throw CopyFailure.ofTarget(-renamed, "renameat", target);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (!committed) {
        delete();
      }
    } finally {
      if (Thread.currentThread().isInterrupted()) {
        closeElsewhere();
      } else {
        closeOnce();
      }
      if (directory != null) {
        directory.close();
      }
    }
  }

  private void delete() throws IOException {
    if (directory == null) {
      Files.deleteIfExists(target);
      return;
    }
    int deleted = directory.delete(temporaryName);
    if (deleted < 0 && deleted != -Errno.ENOENT.number) {
      throw CopyFailure.ofTarget(-deleted, "unlinkat", target);
    }
  }

  private void closeOnce() {
    if (!closed) {
      closed = true;
      NativeDescriptor.close(descriptor);
    }
  }

  /**
   * The last close of a deleted file frees its blocks: 100 ms and more for each GiB on ext4.
   * Whoever interrupts a copy does not wait for that.
   */
  private void closeElsewhere() {
    if (!closed) {
      Threads.runAside("sluice-close", this::closeOnce);
    }
  }
}
