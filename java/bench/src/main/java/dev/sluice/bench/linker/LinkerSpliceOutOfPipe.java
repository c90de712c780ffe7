package dev.sluice.bench.linker;

/** {@code splice} from a pipe straight into a file, called through the linker of the JDK. */
final class LinkerSpliceOutOfPipe extends LinkerLoop {
  LinkerSpliceOutOfPipe() {
    super("splice");
  }

  @Override
  long call(Object errno, int source, long count, int target) throws Throwable {
    return (long)
        Linker.SPLICE.invokeExact(
            errno, source, Linker.NULL, target, pointer, count, Linker.SPLICE_F_MOVE);
  }
}
