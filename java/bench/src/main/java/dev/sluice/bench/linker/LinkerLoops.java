package dev.sluice.bench.linker;

import dev.sluice.bench.loop.FreshLoopClass;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.MappedPieces;
import java.lang.invoke.MethodHandles;
import java.util.function.Supplier;

/**
 * {@code java.lang.foreign}: system calls through the linker, and memory segments. Each answer
 * makes loops of a class of its own.
 */
public final class LinkerLoops {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private LinkerLoops() {}

  /** {@code sendfile} through the linker of the JDK. */
  public static Supplier<Loop> sendfile() {
    return FreshLoopClass.of(LOOKUP, LinkerSendfile.class);
  }

  /** A head by {@code send}, and the rest of a piece by {@code sendfile}, through the linker. */
  public static Supplier<Loop> response() {
    return FreshLoopClass.of(LOOKUP, LinkerResponse.class);
  }

  /** {@code copy_file_range} through the linker of the JDK. */
  public static Supplier<Loop> copyFileRange() {
    return FreshLoopClass.of(LOOKUP, LinkerCopyFileRange.class);
  }

  /** {@code recv} and {@code pwrite} through the linker of the JDK and a 256 KiB buffer. */
  public static Supplier<Loop> receiveAndWrite() {
    return FreshLoopClass.of(LOOKUP, LinkerReceiveAndWrite.class);
  }

  /** {@code splice} through the linker, from a socket to a file, through a pipe of 1 MiB. */
  public static Supplier<Loop> spliceToFile() {
    return FreshLoopClass.of(LOOKUP, LinkerSpliceThroughPipe.class, true);
  }

  /** {@code splice} through the linker, from a socket to another, through a pipe of 1 MiB. */
  public static Supplier<Loop> spliceToStream() {
    return FreshLoopClass.of(LOOKUP, LinkerSpliceThroughPipe.class, false);
  }

  /** {@code splice} through the linker, from a file straight into a pipe. */
  public static Supplier<Loop> spliceIntoPipe() {
    return FreshLoopClass.of(LOOKUP, LinkerSpliceIntoPipe.class);
  }

  /** {@code splice} through the linker, from a pipe straight into a file. */
  public static Supplier<Loop> spliceOutOfPipe() {
    return FreshLoopClass.of(LOOKUP, LinkerSpliceOutOfPipe.class);
  }

  /** A standing mapping as a {@code MemorySegment}, copied into an array. */
  public static Supplier<Loop> segmentCopy() {
    return FreshLoopClass.of(LOOKUP, SegmentCopy.class);
  }

  /** Each piece mapped into an arena, copied into an array, and unmapped. */
  public static Supplier<Loop> segmentMapAndClose() {
    return MappedPieces.loops(new SegmentMapAndClose());
  }
}
