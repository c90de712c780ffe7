package dev.sluice.internal.copy;

import dev.sluice.internal.boundary.Answer;
import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.boundary.RefusedException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Turns the error of a native of a copy into an exception that says what the user can do. */
final class CopyFailure {
  private CopyFailure() {}

  /** The exception for an {@link Answer} below 0. */
  static FileSystemException of(long answer, Path file, @Nullable Path other) {
    IOException cause = Errno.exception(Answer.errno(answer), Answer.call(answer));
    String otherName = other == null ? null : other.toString();
    return new FileSystemException(file.toString(), otherName, cause.getMessage());
  }

  /**
   * The exception for an error of the target's {@code close}, which is where some file systems
   * report bytes that could not be written.
   */
  static FileSystemException ofClose(int errno, Path source, Path target) {
    String reason = Errno.exception(errno, "close").getMessage();
    return new FileSystemException(source.toString(), target.toString(), reason);
  }

  /**
   * The exception for a target that cannot be created, deleted or replaced. As in {@code
   * Files.copy}, its class depends on the errno, and it names the target alone.
   */
  static FileSystemException ofTarget(int errno, String call, Path target) {
    String file = target.toString();
    String reason = Errno.exception(errno, call).getMessage();
    if (errno == Errno.EACCES.number) {
      return new AccessDeniedException(file, null, reason);
    }
    if (errno == Errno.ENOENT.number) {
      return new NoSuchFileException(file, null, reason);
    }
    if (errno == Errno.ENOTEMPTY.number || errno == Errno.EEXIST.number) {
      return new DirectoryNotEmptyException(file);
    }
    return new FileSystemException(file, null, reason);
  }

  /** The exception for extents that had to be shared and were not. */
  static IOException notShared(long answer, Path source, Path target) {
    String why = whyNotShared(Answer.errno(answer), source, target);
    return why == null
        ? of(answer, source, target)
        : new RefusedException(Answer.call(answer), Errno.name(Answer.errno(answer)), why);
  }

  /**
   * Explains the errnos of {@code ioctl_ficlonerange(2)}. Answers null for an errno with which a
   * copy of the bytes would fail as well.
   */
  private static @Nullable String whyNotShared(int errno, Path source, Path target) {
    if (errno == Errno.EOPNOTSUPP.number || errno == Errno.ENOTTY.number) {
      return cannotShare(type(source));
    }
    if (errno == Errno.EXDEV.number) {
      return "the files lie on two file systems, "
          + (type(source) + " and " + type(directory(target)))
          + "; copy within one, or use Reflink.AUTO";
    }
    if (errno == Errno.EINVAL.number) {
      return "the file system does not share these extents, as btrfs does not between files with"
          + " and without copy-on-write (chattr +C); use Reflink.AUTO";
    }
    if (errno == Errno.ETXTBSY.number) {
      return "a swap file is never shared; use Reflink.AUTO";
    }
    if (errno == Errno.EPERM.number
        || errno == Errno.EACCES.number
        || errno == Errno.ENOSYS.number) {
      return "a seccomp profile or a security module forbids the call; allow it, or use"
          + " Reflink.AUTO";
    }
    return null;
  }

  /** Says that a file system cannot share extents, and what to do. */
  private static String cannotShare(String type) {
    return type.equals("xfs")
        ? "this xfs was made without shared extents; make it with mkfs.xfs -m reflink=1, or use"
            + " Reflink.AUTO"
        : type + " cannot share extents; use XFS or btrfs, or Reflink.AUTO";
  }

  /** The directory of a file, which exists although the file may not. */
  private static Path directory(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file : parent;
  }

  /** The type of a file's file system. */
  private static String type(Path file) {
    try {
      return Files.getFileStore(file).type();
    } catch (IOException | SecurityException e) {
      return "an unknown file system";
    }
  }
}
