package dev.sluice.bench.loop;

/** {@code splice} from a file straight into a pipe, called through the linker of the JDK. */
final class ForeignSpliceIntoPipe extends ForeignLoop {
  ForeignSpliceIntoPipe() {
    super("splice");
  }

  @Override
  long call(Object errno, int source, long count, int target) throws Throwable {
    return (long)
        Foreign.SPLICE.invokeExact(
            errno, source, pointer, target, Foreign.NULL, count, Foreign.SPLICE_F_MOVE);
  }
}
