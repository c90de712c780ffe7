package dev.sluice.bench.linker;

/**
 * {@code copy_file_range}, called through the linker of the JDK. The target is written at its own
 * position.
 */
final class LinkerCopyFileRange extends LinkerLoop {
  LinkerCopyFileRange() {
    super("copy_file_range");
  }

  @Override
  long call(Object errno, int source, long count, int target) throws Throwable {
    return (long)
        Linker.COPY_FILE_RANGE.invokeExact(errno, source, pointer, target, Linker.NULL, count, 0);
  }
}
