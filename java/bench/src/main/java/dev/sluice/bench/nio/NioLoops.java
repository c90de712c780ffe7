package dev.sluice.bench.nio;

import dev.sluice.bench.loop.FreshLoopClass;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.MappedGet;
import dev.sluice.bench.loop.MappedPieces;
import dev.sluice.bench.loop.PathCopier;
import java.lang.invoke.MethodHandles;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.util.function.Supplier;

/**
 * The JDK's own calls, and the loops that one writes by hand. Each answer makes loops of a class of
 * its own.
 */
public final class NioLoops {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private NioLoops() {}

  public static Supplier<Loop> transferTo() {
    return FreshLoopClass.of(LOOKUP, NioTransferTo.class);
  }

  public static Supplier<Loop> transferFrom() {
    return FreshLoopClass.of(LOOKUP, NioTransferFrom.class);
  }

  public static Supplier<Loop> bufferedTo() {
    return FreshLoopClass.of(LOOKUP, BufferedTo.class);
  }

  public static Supplier<Loop> bufferedFrom() {
    return FreshLoopClass.of(LOOKUP, BufferedFrom.class);
  }

  public static Supplier<Loop> bufferedBetween(int bufferBytes) {
    return FreshLoopClass.of(LOOKUP, BufferedBetween.class, bufferBytes);
  }

  /** A head by {@code write}, and the rest of a piece by {@code transferTo}. */
  public static Supplier<Loop> response() {
    return FreshLoopClass.of(LOOKUP, NioResponse.class);
  }

  /** A head and the rest of a piece through one buffer. */
  public static Supplier<Loop> bufferedResponse() {
    return FreshLoopClass.of(LOOKUP, BufferedResponse.class);
  }

  /** Each piece mapped by the JDK, and written out of the mapping. */
  public static Supplier<Loop> mappedTo() {
    return FreshLoopClass.of(LOOKUP, MappedTo.class);
  }

  /** A standing mapping of the JDK's, {@code get} into an array. */
  public static Supplier<Loop> mappedGet() {
    MappedGet.Mapper mapper = (file, size) -> file.map(MapMode.READ_ONLY, 0, size);
    return MappedGet.loops(mapper);
  }

  /** {@code FileChannel.read} into a direct buffer, and out of it into an array. */
  public static Supplier<Loop> channelRead() {
    return FreshLoopClass.of(LOOKUP, ChannelRead.class);
  }

  /** A standing mapping of the JDK's, written to the target. */
  public static Supplier<Loop> standingMap() {
    return FreshLoopClass.of(LOOKUP, StandingMap.class);
  }

  /** Each piece mapped by the JDK, {@code get} into an array, left to the collector. */
  public static Supplier<Loop> mapAndForget() {
    return MappedPieces.loops(new MapAndForget());
  }

  public static PathCopier filesCopy(CopyOption... options) {
    return (source, target) -> Files.copy(source, target, options);
  }

  /** Both files opened, and {@code read} and {@code write} through a direct buffer. */
  public static PathCopier bufferedCopy() {
    return new BufferedCopy();
  }
}
