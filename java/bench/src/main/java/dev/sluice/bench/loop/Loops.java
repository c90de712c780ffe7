package dev.sluice.bench.loop;

import dev.sluice.Mechanism;
import dev.sluice.bench.Native;

/** The loops by what they do. Each answer is a copy of its own. */
public final class Loops {
  /** What the hand-written loop reads at a time. */
  public static final int BUFFER_BYTES = 256 * 1024;

  private Loops() {}

  public static Loop nioTransferTo() {
    return LoopCopy.of(NioTransferTo.class);
  }

  public static Loop nioTransferFrom() {
    return LoopCopy.of(NioTransferFrom.class);
  }

  public static Loop bufferedTo() {
    return LoopCopy.of(BufferedTo.class);
  }

  public static Loop bufferedFrom() {
    return LoopCopy.of(BufferedFrom.class);
  }

  public static Loop sluiceTransferTo() {
    return LoopCopy.of(SluiceTransferTo.class);
  }

  public static Loop sluiceTransferFrom() {
    return LoopCopy.of(SluiceTransferFrom.class);
  }

  public static Loop mechanismTransferTo(Mechanism mechanism) {
    return LoopCopy.of(MechanismTransferTo.class, mechanism);
  }

  public static Loop mechanismTransferFrom(Mechanism mechanism) {
    return LoopCopy.of(MechanismTransferFrom.class, mechanism);
  }

  /** {@code sendfile} from C. */
  public static Loop cSendfile() {
    return (ends, region, piece) ->
        Native.checked(
            "sendfile from C",
            Native.sendfile0(ends.sourceDescriptor(), ends.targetDescriptor(), region, piece));
  }

  /** {@code copy_file_range} from C. */
  public static Loop cCopyFileRange() {
    return (ends, region, piece) ->
        Native.checked(
            "copy_file_range from C",
            Native.copyFileRange0(ends.sourceDescriptor(), ends.targetDescriptor(), region, piece));
  }

  /** {@code recv} and {@code pwrite} from C, through a 256 KiB buffer. */
  public static Loop cReceiveAndWrite() {
    return (ends, region, piece) ->
        Native.checked(
            "recv and pwrite from C",
            Native.receiveAndWrite0(
                ends.sourceDescriptor(), ends.targetDescriptor(), region, piece));
  }

  /** {@code splice} from C, through a pipe of 1 MiB. */
  public static Loop cSplice() {
    return (ends, region, piece) ->
        Native.checked(
            "splice from C",
            Native.splice0(ends.sourceDescriptor(), ends.targetDescriptor(), region, piece));
  }
}
