package dev.sluice.internal.copy;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.NativeCopy;
import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.channel.FileOpener;
import dev.sluice.internal.jdk.Privileged;
import dev.sluice.internal.jdk.Threads;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The file that a copy is written to. The file is deleted again unless {@link #commit} completes.
 *
 * <p>A new target is created under its own name, which no other process can take meanwhile. A
 * target that replaces an existing file is written beside it, under a name that cannot be guessed.
 * It is renamed when it is complete; until then the existing file is unchanged.
 *
 * <p>The target gets the permissions that {@code Files.copy} gives it. {@code Files.copy} creates
 * the target with the source's mode and then writes. The writes make the kernel clear set-ID bits,
 * unless the writer has {@code CAP_FSETID}.
 */
final class CopyTarget implements AutoCloseable {
  /** The bits of {@code st_mode} without the file's type. */
  private static final int MODE = 07777;

  /** The owner's permissions. */
  private static final int OWNER = 0700;

  /** The permissions of a file that only its owner may open. */
  private static final int OWNER_READS_AND_WRITES = 0600;

  private static final int SET_USER_ID = 04000;
  private static final int SET_GROUP_ID = 02000;
  private static final int SET_ID = SET_USER_ID | SET_GROUP_ID;
  private static final int GROUP_EXECUTES = 0010;

  private final Path source;
  private final Path target;

  /**
   * The directory in which the file has a temporary name until it is complete; null if the file has
   * its own name from the beginning.
   */
  private final @Nullable TargetDirectory directory;

  private final byte[] temporaryName;
  private final int descriptor;

  /** The source's mode. */
  private final int mode;

  private boolean isClosed;
  private boolean isCommitted;

  /** The mode that the file is to have, before the kernel clears bits of it. */
  private int granted;

  /** Whether the file has fewer permissions than {@link #granted} until it is complete. */
  private boolean isNarrowed;

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
   * @throws FileAlreadyExistsException if the target exists
   */
  static CopyTarget create(Path source, Path target, int mode) throws IOException {
    int descriptor = FileOpener.toWriteNew(target, mode & MODE);
    return new CopyTarget(source, target, null, new byte[0], descriptor, mode);
  }

  /**
   * A target that native code has created, and that has its permissions.
   *
   * @param source the source, for failures
   * @param target the target
   * @param descriptor the descriptor's number
   */
  static CopyTarget created(Path source, Path target, int descriptor) {
    return new CopyTarget(source, target, null, new byte[0], descriptor, 0);
  }

  /**
   * Creates a file beside the existing target, which it will replace.
   *
   * @param source the source, for failures
   * @param target the target
   * @param mode the source's mode
   */
  static CopyTarget replace(Path source, Path target, int mode) throws IOException {
    TargetDirectory directory = TargetDirectory.of(target);
    while (true) {
      byte[] name = TargetDirectory.temporaryName();
      int descriptor = directory.create(name, OWNER_READS_AND_WRITES);
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
   * Sets the permissions that the file has while its bytes are written. Where the file gets another
   * owner or another name at the end, it gets its final permissions at the end as well. Until then
   * only the owner has permissions.
   *
   * @param copyAttributes whether {@link #copyAttributes} follows
   */
  void begin(boolean copyAttributes) {
    if (directory != null) {
      beginBeside(directory);
    } else if (copyAttributes) {
      granted = (int) NativeDescriptor.mode(descriptor) & MODE;
      // A file system without permissions refuses this call. Then there are no permissions to
      // restore.
      isNarrowed = NativeDescriptor.setMode(descriptor, granted & OWNER | setIdProbe()) == 0;
    }
  }

  /** Does what {@link #begin} does, for a file that has a temporary name. */
  private void beginBeside(TargetDirectory directory) {
    int created = (int) NativeDescriptor.mode(descriptor) & MODE;
    if ((created & ~OWNER_READS_AND_WRITES) != 0) {
      // The file system gives files permissions of its own, as vfat does.
      granted = created;
      return;
    }
    granted = directory.permissions(mode);
    isNarrowed = true;
    if (setIdProbe() != 0) {
      NativeDescriptor.setMode(descriptor, created | setIdProbe());
    }
  }

  /**
   * The set-ID bits that are set on the file before the writes, to see which of them the kernel
   * clears. Both are set if the granted mode has one of them, else none.
   */
  private int setIdProbe() {
    return (granted & SET_ID) == 0 ? 0 : SET_ID;
  }

  /**
   * The granted mode without the bits that the kernel clears. Without {@code CAP_FSETID}, a write
   * clears the set-user-ID bit. It clears the set-group-ID bit if the group may execute the file,
   * or if the writer is not in the group ({@code setattr_should_drop_suidgid} in the kernel's
   * {@code fs/attr.c}).
   */
  private int keptMode() {
    if (setIdProbe() == 0) {
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

  /**
   * Gives the file the source's owner, permissions, extended attributes and times.
   *
   * @param from the source's descriptor
   * @param accessed the time of the last access, in nanoseconds since 1970
   * @param modified the time of the last modification, in nanoseconds since 1970
   */
  void copyAttributes(int from, long accessed, long modified) throws IOException {
    long answer = NativeCopy.copyAttributes(from, descriptor, accessed, modified, keptMode());
    if (answer < 0) {
      throw CopyFailure.of(answer, target, null);
    }
    isNarrowed = false;
  }

  /** Gives the complete file its permissions and its name. */
  void commit() throws IOException {
    if (isNarrowed) {
      long answer = NativeDescriptor.setMode(descriptor, keptMode());
      if (answer < 0 && !isAsCreated()) {
        throw CopyFailure.of(answer, source, target);
      }
    }
    // Some file systems, such as NFS, report at close that bytes could not be written.
    isClosed = true;
    int closing = NativeDescriptor.close(descriptor);
    if (closing < 0) {
      throw CopyFailure.ofClose(-closing, source, target);
    }
    if (directory != null) {
      rename(directory);
    }
    isCommitted = true;
  }

  /**
   * Whether a new file with the source's mode gets the very permissions that this file has. Then
   * the file system gives all files these permissions, and refuses to change them.
   */
  private boolean isAsCreated() {
    if (directory == null) {
      return false;
    }
    byte[] name = TargetDirectory.temporaryName();
    int descriptorOfProbe = directory.create(name, mode);
    if (descriptorOfProbe < 0) {
      return false;
    }
    directory.delete(name);
    long created = NativeDescriptor.mode(descriptorOfProbe);
    NativeDescriptor.close(descriptorOfProbe);
    return created == NativeDescriptor.mode(descriptor);
  }

  /**
   * Gives the file the target's name. An empty directory of that name is deleted first, because
   * {@code rename} does not replace a directory by a file.
   */
  private void rename(TargetDirectory directory) throws IOException {
    int renamed = directory.replaceTarget(temporaryName);
    if (renamed == -Errno.EISDIR.number) {
      int deleted = directory.deleteTarget();
      if (deleted < 0) {
        throw CopyFailure.ofTarget(-deleted, "unlinkat", target);
      }
      renamed = directory.replaceTarget(temporaryName);
    }
    if (renamed < 0) {
      throw CopyFailure.ofTarget(-renamed, "renameat", target);
    }
  }

  @Override
  public void close() throws IOException {
    try {
      if (!isCommitted) {
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

  /** Deletes the incomplete file. */
  private void delete() throws IOException {
    if (directory == null) {
      // Files.copy too deletes what it has created, whether its caller may delete it or not.
      Privileged.run(() -> Files.deleteIfExists(target));
      return;
    }
    int deleted = directory.delete(temporaryName);
    if (deleted < 0 && deleted != -Errno.ENOENT.number) {
      throw CopyFailure.ofTarget(-deleted, "unlinkat", target);
    }
  }

  private void closeOnce() {
    if (!isClosed) {
      isClosed = true;
      NativeDescriptor.close(descriptor);
    }
  }

  /**
   * Closes the file on another thread. The last close of a deleted file frees its blocks, which
   * takes 100 ms and more for each GiB on ext4. An interrupted copy does not wait for that.
   */
  private void closeElsewhere() {
    if (!isClosed) {
      Threads.runAside("sluice-close", this::closeOnce);
    }
  }
}
