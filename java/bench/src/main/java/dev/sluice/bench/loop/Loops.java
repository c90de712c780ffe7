package dev.sluice.bench.loop;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.util.function.Supplier;

/** The loops in Java by what they do. Each answer makes loops of a class of its own. */
public final class Loops {
  private Loops() {}

  public static Supplier<Loop> nioTransferTo() {
    return FreshLoopClass.of(NioTransferTo.class);
  }

  public static Supplier<Loop> nioTransferFrom() {
    return FreshLoopClass.of(NioTransferFrom.class);
  }

  public static Supplier<Loop> bufferedTo() {
    return FreshLoopClass.of(BufferedTo.class);
  }

  public static Supplier<Loop> bufferedFrom() {
    return FreshLoopClass.of(BufferedFrom.class);
  }

  public static Supplier<Loop> sluiceTransferTo() {
    return FreshLoopClass.of(SluiceTransferTo.class);
  }

  public static Supplier<Loop> sluiceTransferFrom() {
    return FreshLoopClass.of(SluiceTransferFrom.class);
  }

  /** A region of Sluice's that stays mapped, sent. */
  public static Supplier<Loop> regionTransferTo() {
    return FreshLoopClass.of(RegionTransferTo.class);
  }

  /** A region of Sluice's that stays mapped, read into an array by the kernel, which checks. */
  public static Supplier<Loop> regionRead() {
    return FreshLoopClass.of(RegionRead.class);
  }

  public static Supplier<Loop> mechanismTransferTo(Mechanism mechanism) {
    return FreshLoopClass.of(MechanismTransferTo.class, mechanism);
  }

  public static Supplier<Loop> mechanismTransferFrom(Mechanism mechanism) {
    return FreshLoopClass.of(MechanismTransferFrom.class, mechanism);
  }

  public static Supplier<Loop> bufferedBetween(int bufferBytes) {
    return FreshLoopClass.of(BufferedBetween.class, bufferBytes);
  }

  public static Supplier<Loop> sluiceTransfer() {
    return FreshLoopClass.of(SluiceTransfer.class);
  }

  public static Supplier<Loop> mechanismTransfer(Mechanism mechanism) {
    return FreshLoopClass.of(MechanismTransfer.class, mechanism);
  }

  public static Supplier<Loop> filesCopy() {
    return () ->
        (channels, region, piece) -> Files.copy(channels.sourcePath(), channels.targetPath());
  }

  public static Supplier<Loop> sluiceCopy() {
    return () ->
        (channels, region, piece) -> Sluice.copy(channels.sourcePath(), channels.targetPath());
  }

  /** The program {@code cp} with the options that it has by itself. */
  public static Supplier<Loop> copyProgram() {
    return CopyProgram::new;
  }

  /** {@code sendfile} through the linker of the JDK. */
  public static Supplier<Loop> linkerSendfile() {
    return FreshLoopClass.of(LinkerSendfile.class);
  }

  /** {@code copy_file_range} through the linker of the JDK. */
  public static Supplier<Loop> linkerCopyFileRange() {
    return FreshLoopClass.of(LinkerCopyFileRange.class);
  }

  /** {@code recv} and {@code pwrite} through the linker of the JDK and a 256 KiB buffer. */
  public static Supplier<Loop> linkerReceiveAndWrite() {
    return FreshLoopClass.of(LinkerReceiveAndWrite.class);
  }

  /** {@code splice} through the linker, from a socket to a file, through a pipe of 1 MiB. */
  public static Supplier<Loop> linkerSpliceToFile() {
    return FreshLoopClass.of(LinkerSpliceThroughPipe.class, true);
  }

  /** {@code splice} through the linker, from a socket to another, through a pipe of 1 MiB. */
  public static Supplier<Loop> linkerSpliceToStream() {
    return FreshLoopClass.of(LinkerSpliceThroughPipe.class, false);
  }

  /** {@code splice} through the linker, from a file straight into a pipe. */
  public static Supplier<Loop> linkerSpliceIntoPipe() {
    return FreshLoopClass.of(LinkerSpliceIntoPipe.class);
  }

  /** {@code splice} through the linker, from a pipe straight into a file. */
  public static Supplier<Loop> linkerSpliceOutOfPipe() {
    return FreshLoopClass.of(LinkerSpliceOutOfPipe.class);
  }

  /** A mapping of the JDK's that is written, mapped anew for each piece. */
  public static Supplier<Loop> mappedTo() {
    return FreshLoopClass.of(MappedTo.class);
  }

  /** A standing mapping of the JDK's, {@code get} into an array. */
  public static Supplier<Loop> mappedGet() {
    MappedGet.Mapper mapper = (file, size) -> file.map(MapMode.READ_ONLY, 0, size);
    return FreshLoopClass.of(MappedGet.class, mapper);
  }

  /** As {@link #mappedGet}, of Sluice's drop-in for {@code FileChannel.map}. */
  public static Supplier<Loop> sluiceMappedGet() {
    MappedGet.Mapper mapper = (file, size) -> Sluice.map(file, MapMode.READ_ONLY, 0, size);
    return FreshLoopClass.of(MappedGet.class, mapper);
  }

  /** A standing mapping as a {@code MemorySegment}, copied into an array. */
  public static Supplier<Loop> segmentCopy() {
    return FreshLoopClass.of(SegmentCopy.class);
  }

  /** {@code FileChannel.read} into a direct buffer, and out of it into an array. */
  public static Supplier<Loop> channelRead() {
    return FreshLoopClass.of(ChannelRead.class);
  }
}
