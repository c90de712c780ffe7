package dev.sluice.bench.textbook;

import dev.sluice.bench.report.MechanismResult.SystemCall;
import java.util.List;
import java.util.Set;

/** The bytes that system calls took out of and put into memory of the process. */
final class UserSpaceBytes {
  /** Calls whose answer is the number of bytes that went through memory of the process. */
  private static final Set<String> CALLS =
      Set.of(
          "read",
          "pread64",
          "readv",
          "preadv",
          "preadv2",
          "recvfrom",
          "recvmsg",
          "write",
          "pwrite64",
          "writev",
          "pwritev",
          "pwritev2",
          "sendto",
          "sendmsg");

  private UserSpaceBytes() {}

  static long of(List<SystemCall> made) {
    return made.stream()
        .filter(call -> CALLS.contains(call.name()))
        .mapToLong(SystemCall::answered)
        .sum();
  }
}
