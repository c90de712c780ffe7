package dev.sluice.internal.boundary;

import java.util.List;

/** What a user can do about a refusal, by system call and errno: the first row that fits. */
final class RefusalAdvice {
  private static final String ANY = "";

  private record Row(String call, String errno, String advice) {}

  private static final List<Row> TABLE =
      List.of(
          row(
              "unshare",
              ANY,
              "direct I/O needs a second descriptor table: allow close_range(2) with"
                  + " CLOSE_RANGE_UNSHARE, or unshare(2), and one more thread"),
          row(
              ANY,
              "ENODATA",
              "the file has bytes beyond the size that it tells, as those of procfs: use"
                  + " READ_WRITE"),
          row(
              "open",
              "EPERM",
              "direct I/O may not open the file again: see the file's permissions and attributes"),
          row(
              "open",
              "EACCES",
              "direct I/O may not open the file again: see the file's permissions and attributes"),
          row(
              ANY,
              "EPERM",
              "a seccomp profile or a security module forbids the call, or the file is immutable,"
                  + " append-only or sealed: allow it"),
          row(ANY, "EACCES", "a seccomp profile or a security module forbids the call: allow it"),
          row(
              ANY,
              "EMFILE",
              "it needs a descriptor more than the process may have: raise RLIMIT_NOFILE (ulimit"
                  + " -n)"),
          row(
              ANY,
              "ENFILE",
              "it needs a descriptor or a pipe more than the system may have: raise fs.file-max or"
                  + " fs.pipe-user-pages-hard"),
          row(
              "mmap",
              "ENOMEM",
              "there is no room for a mapping: raise vm.max_map_count or the address space (ulimit"
                  + " -v)"),
          row(ANY, "ENOSYS", "a seccomp profile hides the call, or the kernel has none: allow it"),
          row(
              "sendfile",
              "EINVAL",
              "it reads from a file, and writes to a file only by transferTo and without O_APPEND,"
                  + " and not to an overlapping range of the same file: turn the transfer round, or"
                  + " use READ_WRITE"),
          row(
              "pipe2",
              "EDQUOT",
              "the pipes of other transfers use the part of the user's pipe pages that this process"
                  + " takes: use READ_WRITE"),
          row(
              "splice",
              "EINVAL",
              "one side has to be a socket or a pipe, a target file without O_APPEND, and two"
                  + " sockets in blocking mode: use COPY_FILE_RANGE between files"),
          row(
              "copy_file_range",
              "EINVAL",
              "it needs two regular files, and ranges of one file that do not overlap"),
          row(
              "copy_file_range",
              "EXDEV",
              "the files lie on two file systems: use SENDFILE or MMAP_WRITE"),
          row(
              "copy_file_range",
              "EBADF",
              "the target is open with O_APPEND: open it for writing at a position"),
          row(
              "copy_file_range",
              "EIO",
              "a file system may fail this call alone, as CIFS does: READ_WRITE tells whether the"
                  + " files can be read and written"),
          row(
              "copy_file_range",
              "ENOENT",
              "a file system may fail this call alone, as CIFS does: READ_WRITE tells whether the"
                  + " files can be read and written"),
          row(
              ANY,
              "EAGAIN",
              "the file system does not do this now, as ZFS and FUSE servers answer: use"
                  + " READ_WRITE"),
          row(
              "ioctl(FICLONERANGE)",
              "EXDEV",
              "the files lie on two file systems: extents are shared within one"),
          row(
              "ioctl(FICLONERANGE)",
              "EBADF",
              "the target is open with O_APPEND: open it for writing at a position"),
          row(
              "ioctl(FICLONERANGE)",
              "EINVAL",
              "it needs two regular files, and a position and count that are multiples of the file"
                  + " system's block size or end with the source"),
          row(
              "ioctl(FICLONERANGE)",
              ANY,
              "this file system cannot share extents: use XFS (with reflink=1) or btrfs"),
          row("mmap", "EINVAL", "ranges of one file overlap: use READ_WRITE"),
          row("mmap", ANY, "the source has to be a file that can be mapped"),
          row("lseek", "ESPIPE", "the file cannot seek, as a FIFO or a terminal: use READ_WRITE"),
          row(
              "open",
              "EINVAL",
              "the file system has no direct I/O, or the target is open with O_APPEND, or no side"
                  + " is a file, or ranges of one file overlap"),
          row("open", "ENOENT", "direct I/O opens the file again through /proc: mount it"),
          row("statx", "EINVAL", "the file system has no direct I/O"),
          row(ANY, "EXDEV", "the files lie on two file systems"),
          row(ANY, "ETXTBSY", "a swap file is served by no mechanism of the kernel"),
          row(ANY, ANY, "the kernel does not serve this pair of channels so"));

  private RefusalAdvice() {}

  /** The system calls that rows are for. */
  static List<String> calls() {
    return TABLE.stream().map(Row::call).filter(call -> !call.equals(ANY)).distinct().toList();
  }

  private static Row row(String call, String errno, String advice) {
    return new Row(call, errno, advice);
  }

  static String on(int call, String errno) {
    String name = SharedTables.name(SharedTables.SYSTEM_CALL, call);
    return TABLE.stream()
        .filter(row -> row.call.equals(ANY) || row.call.equals(name))
        .filter(row -> row.errno.equals(ANY) || row.errno.equals(errno))
        .findFirst()
        .orElseThrow()
        .advice;
  }
}
