package dev.sluice.bench.loop;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.bench.Native;
import java.nio.file.Files;

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

  public static Loop regionTransferTo() {
    return LoopCopy.of(RegionTransferTo.class);
  }

  public static Loop mechanismTransferTo(Mechanism mechanism) {
    return LoopCopy.of(MechanismTransferTo.class, mechanism);
  }

  public static Loop mechanismTransferFrom(Mechanism mechanism) {
    return LoopCopy.of(MechanismTransferFrom.class, mechanism);
  }

  public static Loop bufferedBetween(int bufferBytes) {
    return LoopCopy.of(BufferedBetween.class, bufferBytes);
  }

  public static Loop sluiceTransfer() {
    return LoopCopy.of(SluiceTransfer.class);
  }

  public static Loop mechanismTransfer(Mechanism mechanism) {
    return LoopCopy.of(MechanismTransfer.class, mechanism);
  }

  public static Loop filesCopy() {
    return (ends, region, piece) -> Files.copy(ends.sourcePath(), ends.targetPath());
  }

  public static Loop sluiceCopy() {
    return (ends, region, piece) -> Sluice.copy(ends.sourcePath(), ends.targetPath());
  }

  /** The program {@code cp} with the options that it has by itself. */
  public static Loop copyProgram() {
    return new CopyProgram();
  }

  /** {@code sendfile} from C. */
  public static Loop cSendfile() {
    return fromC("sendfile", Native::sendfile0);
  }

  /** {@code copy_file_range} from C. */
  public static Loop cCopyFileRange() {
    return fromC("copy_file_range", Native::copyFileRange0);
  }

  /** {@code recv} and {@code pwrite} from C, through a 256 KiB buffer. */
  public static Loop cReceiveAndWrite() {
    return fromC("recv and pwrite", Native::receiveAndWrite0);
  }

  /** {@code splice} from C, from a socket to a file, through a pipe of 1 MiB. */
  public static Loop cSpliceToFile() {
    return fromC("splice", Native::spliceToFile0);
  }

  /** {@code splice} from C, from a socket to another, through a pipe of 1 MiB. */
  public static Loop cSpliceToStream() {
    return fromC("splice", Native::spliceToStream0);
  }

  /** {@code splice} from C, from a file straight into a pipe. */
  public static Loop cSpliceIntoPipe() {
    return fromC("splice", Native::spliceIntoPipe0);
  }

  /** {@code splice} from C, from a pipe straight into a file. */
  public static Loop cSpliceOutOfPipe() {
    return fromC("splice", Native::spliceOutOfPipe0);
  }

  private static Loop fromC(String call, CLoop loop) {
    return (ends, region, piece) ->
        Native.checked(
            call + " from C",
            loop.run(ends.sourceDescriptor(), ends.targetDescriptor(), region, piece));
  }

  /** A native that moves the bytes and answers how many, or {@code -errno}. */
  private interface CLoop {
    long run(int source, int target, long region, long piece);
  }
}
