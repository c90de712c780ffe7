package dev.sluice.bench.loop;

/**
 * {@code copy_file_range}, called through the linker of the JDK. The target is written at its own
 * position.
 */
final class ForeignCopyFileRange extends ForeignLoop {
  ForeignCopyFileRange() {
    super("copy_file_range");
  }

  @Override
  long call(Object errno, int source, long count, int target) throws Throwable {
    return (long)
        Foreign.COPY_FILE_RANGE.invokeExact(errno, source, pointer, target, Foreign.NULL, count, 0);
  }
}
