package dev.sluice.internal;

/** The system calls that the native code names by number, as {@code Call} in the Rust crate. */
enum SystemCall {
  NONE,
  READ,
  WRITE,
  LSEEK,
  SENDFILE;

  private static final SystemCall[] BY_NUMBER = values();

  /** The name of a call as its man page has it. */
  static String name(int number) {
    return BY_NUMBER[number].name().toLowerCase(java.util.Locale.ROOT);
  }
}
