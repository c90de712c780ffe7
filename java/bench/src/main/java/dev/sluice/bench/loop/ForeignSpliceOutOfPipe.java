package dev.sluice.bench.loop;

/** {@code splice} from a pipe straight into a file, called through the linker of the JDK. */
final class ForeignSpliceOutOfPipe extends ForeignLoop {
  ForeignSpliceOutOfPipe() {
    super("splice");
  }

  @Override
  long call(Object errno, int source, long count, int target) throws Throwable {
    return (long)
        Foreign.SPLICE.invokeExact(
            errno, source, Foreign.NULL, target, pointer, count, Foreign.SPLICE_F_MOVE);
  }
}
