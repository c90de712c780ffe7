package dev.sluice.bench.linker;

/** {@code sendfile}, called through the linker of the JDK. */
final class LinkerSendfile extends LinkerLoop {
  LinkerSendfile() {
    super("sendfile");
  }

  @Override
  long call(Object errno, int source, long count, int target) throws Throwable {
    return (long) Linker.SENDFILE.invokeExact(errno, target, source, pointer, count);
  }
}
