package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.Answer;
import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.jdk.Privileged;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * Turns the error of a native of {@code NativeMapping} into an exception that names the limit that
 * was met.
 */
public final class MapFailure {
  private static final String UNKNOWN = "unknown";

  // Made before any limit is met: a class, or a lambda, of its own would need more memory then.
  private static final Supplier<Boolean> AT_MOST_MAPPINGS = MapFailure::countMappings;
  private static final Supplier<String> MOST_MAPPINGS = MapFailure::mostMappings;
  private static final Supplier<String> LOCKED_MEMORY = () -> limit("Max locked memory");
  private static final Supplier<String> ADDRESS_SPACE = () -> limit("Max address space");

  private MapFailure() {}

  /** Returns the {@link Answer}, or throws if it is an error. */
  static long checked(long answer, String name) throws IOException {
    if (answer < 0) {
      throw of(answer, name);
    }
    return answer;
  }

  /** Whether an answer is the error {@code ENOMEM}, so that freed memory could help. */
  static boolean isOutOfMemory(long answer) {
    return answer < 0 && Answer.errno(answer) == Errno.ENOMEM.number;
  }

  /** The exception for an answer below 0. */
  static IOException of(long answer, String name) {
    String call = Answer.call(answer);
    IOException cause = Errno.exception(Answer.errno(answer), call);
    return new IOException(
        name + ": " + cause.getMessage() + why(Answer.errno(answer), call), cause);
  }

  /** The exception for a region that is closed and whose mapping could not be released. */
  static IOException notReleased(long answer, String name) {
    IOException cause = of(answer, name);
    return new IOException(
        cause.getMessage()
            + "; the region is closed, and its file stays mapped until the next mapping is made or"
            + " closed, or close() is called again",
        cause);
  }

  /**
   * The exception for bytes of a mapping that are not there.
   *
   * @param at the file offset of the first missing byte
   * @param size the file's size in bytes, or -1 if the file is closed
   */
  static IOException unavailable(long answer, String name, long at, long size) {
    IOException cause = of(answer, name);
    String why =
        size < 0
            ? "the file was truncated under the mapping, or its disk is full"
            : at >= size
                ? "the file was truncated under the mapping and has " + size + " bytes now"
                : "its disk is full, or the device cannot be read";
    return new IOException(name + ": no page for byte " + at + ": " + why, cause);
  }

  /** The advice for an errno of a system call, or an empty string. */
  private static String why(int errno, String call) {
    boolean isLock = call.equals("mlock");
    if (isLock && (errno == Errno.ENOMEM.number || errno == Errno.EPERM.number)) {
      return ": more than RLIMIT_MEMLOCK allows, " + known(LOCKED_MEMORY) + " (ulimit -l)";
    }
    if (call.equals("mmap") && errno == Errno.ENOMEM.number) {
      return isAtMostMappings()
          ? ": the process has as many mappings as vm.max_map_count allows, "
              + known(MOST_MAPPINGS)
              + " (sysctl -w vm.max_map_count=N)"
          : ": there is no room for it among the addresses; Max address space is "
              + known(ADDRESS_SPACE)
              + " (ulimit -v); or, of a file on a hugetlbfs, among the free huge pages"
              + " (vm.nr_hugepages)";
    }
    if (call.equals("ftruncate") && errno == Errno.EINVAL.number) {
      return ": a file on a hugetlbfs has whole huge pages; set its length to a multiple of one";
    }
    if (call.equals("mmap") && errno == Errno.EOPNOTSUPP.number) {
      return ": the file system has no DAX; leave MapOption.SYNC out";
    }
    if (call.equals("mmap") && errno == Errno.EAGAIN.number) {
      return ": more would be locked than RLIMIT_MEMLOCK allows, "
          + known(LOCKED_MEMORY)
          + " (ulimit -l)";
    }
    if (call.equals("mmap") && errno == Errno.ENODEV.number) {
      return ": the file system does not map files";
    }
    if (call.equals("fallocate") && errno == Errno.EOPNOTSUPP.number) {
      return ": the file system does not set blocks aside; leave MapOption.ALLOCATE out";
    }
    return "";
  }

  private static String known(Supplier<String> limit) {
    return Privileged.orElse(limit, UNKNOWN);
  }

  /**
   * Whether the process has about as many mappings as it may have. The kernel refuses the mapping
   * that exceeds the limit. Threads and libraries may have changed the number meanwhile, hence the
   * margin of 16.
   */
  private static boolean isAtMostMappings() {
    return Privileged.orElse(AT_MOST_MAPPINGS, false);
  }

  private static boolean countMappings() {
    try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
      return maps.count() + 16 >= Long.parseLong(mostMappings());
    } catch (IOException | NumberFormatException e) {
      return false;
    }
  }

  private static String mostMappings() {
    try {
      // Files.readAllLines reads with a large buffer, and a file of procfs answers the first read
      // with all its content.
      return Files.readAllLines(Path.of("/proc/sys/vm/max_map_count")).get(0);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }

  private static String limit(String name) {
    try {
      List<String> limits = Files.readAllLines(Path.of("/proc/self/limits"));
      return limits.stream()
          .filter(line -> line.startsWith(name))
          .map(line -> line.substring(name.length()).strip().split(" +")[0])
          .findFirst()
          .orElse(UNKNOWN);
    } catch (IOException e) {
      return UNKNOWN;
    }
  }
}
