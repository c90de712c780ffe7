package dev.sluice.bench.loop;

/** {@code copy_file_range}, called through the linker of the JDK. */
final class ForeignCopyFileRange extends ForeignLoop {
  private static final long OWN_POSITION = 0;

  ForeignCopyFileRange() {
    super("copy_file_range");
  }

  @Override
  long call(int source, long count, int target) throws Throwable {
    return (long)
        Foreign.COPY_FILE_RANGE.invokeExact(source, pointer, target, OWN_POSITION, count, 0);
  }
}
