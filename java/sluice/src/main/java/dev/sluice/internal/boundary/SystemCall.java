package dev.sluice.internal.boundary;

/** The system calls that the native code names by number, as {@code Call} in the Rust crate. */
enum SystemCall {
  NONE("none"),
  READ("read"),
  WRITE("write"),
  LSEEK("lseek"),
  SENDFILE("sendfile"),
  SPLICE("splice"),
  COPY_FILE_RANGE("copy_file_range"),
  FICLONERANGE("ioctl(FICLONERANGE)"),
  MMAP("mmap"),
  OPEN("open"),
  STATX("statx"),
  PIPE("pipe2"),
  FCNTL("fcntl"),
  FTRUNCATE("ftruncate"),
  FUTIMENS("futimens"),
  FCHMOD("fchmod"),
  TEE("tee"),
  MADVISE("madvise"),
  MSYNC("msync"),
  MINCORE("mincore"),
  MLOCK("mlock"),
  MEMFD_CREATE("memfd_create"),
  PROCESS_VM("process_vm_readv"),
  FALLOCATE("fallocate"),
  MREMAP("mremap"),
  UNSHARE("unshare");

  private static final SystemCall[] BY_NUMBER = values();

  private final String text;

  SystemCall(String text) {
    this.text = text;
  }

  /** The name of a call as its man page has it. */
  static String name(int number) {
    return BY_NUMBER[number].text;
  }
}
