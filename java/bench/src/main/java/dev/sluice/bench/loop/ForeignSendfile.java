package dev.sluice.bench.loop;

/** {@code sendfile}, called through the linker of the JDK. */
final class ForeignSendfile extends ForeignLoop {
  ForeignSendfile() {
    super("sendfile");
  }

  @Override
  long call(Object errno, int source, long count, int target) throws Throwable {
    return (long) Foreign.SENDFILE.invokeExact(errno, target, source, pointer, count);
  }
}
