package dev.sluice.bench.linker;

/** {@code splice} from a file straight into a pipe, called through the linker of the JDK. */
final class LinkerSpliceIntoPipe extends LinkerLoop {
  LinkerSpliceIntoPipe() {
    super("splice");
  }

  @Override
  long call(Object errno, int source, long count, int target) throws Throwable {
    return (long)
        Linker.SPLICE.invokeExact(
            errno, source, pointer, target, Linker.NULL, count, Linker.SPLICE_F_MOVE);
  }
}
