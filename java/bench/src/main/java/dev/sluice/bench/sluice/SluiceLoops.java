package dev.sluice.bench.sluice;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.bench.loop.FreshLoopClass;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.MappedGet;
import dev.sluice.bench.loop.MappedPieces;
import dev.sluice.bench.loop.PathCopier;
import java.lang.invoke.MethodHandles;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.CopyOption;
import java.util.function.Supplier;

/** The drop-in and each mechanism of Sluice. Each answer makes loops of a class of its own. */
public final class SluiceLoops {
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private SluiceLoops() {}

  public static Supplier<Loop> transferTo() {
    return FreshLoopClass.of(LOOKUP, SluiceTransferTo.class);
  }

  public static Supplier<Loop> transferFrom() {
    return FreshLoopClass.of(LOOKUP, SluiceTransferFrom.class);
  }

  public static Supplier<Loop> transfer() {
    return FreshLoopClass.of(LOOKUP, SluiceTransfer.class);
  }

  /** A head and the rest of a piece as one composite. */
  public static Supplier<Loop> response() {
    return FreshLoopClass.of(LOOKUP, SluiceResponse.class);
  }

  public static Supplier<Loop> mechanismTransferTo(Mechanism mechanism) {
    return FreshLoopClass.of(LOOKUP, MechanismTransferTo.class, mechanism);
  }

  public static Supplier<Loop> mechanismTransferFrom(Mechanism mechanism) {
    return FreshLoopClass.of(LOOKUP, MechanismTransferFrom.class, mechanism);
  }

  public static Supplier<Loop> mechanismTransfer(Mechanism mechanism) {
    return FreshLoopClass.of(LOOKUP, MechanismTransfer.class, mechanism);
  }

  /** A region of Sluice's that stays mapped, sent to the target. */
  public static Supplier<Loop> regionTransferTo() {
    return FreshLoopClass.of(LOOKUP, RegionTransferTo.class);
  }

  /**
   * A region of Sluice's that stays mapped, read into an array. A truncated file is an {@code
   * IOException} here.
   */
  public static Supplier<Loop> regionRead() {
    return FreshLoopClass.of(LOOKUP, RegionRead.class);
  }

  /**
   * A standing mapping of Sluice's drop-in for {@code FileChannel.map}, {@code get} into an array.
   */
  public static Supplier<Loop> mappedGet() {
    MappedGet.Mapper mapper = (file, size) -> Sluice.map(file, MapMode.READ_ONLY, 0, size);
    return MappedGet.loops(mapper);
  }

  /** Each piece mapped by Sluice, read into an array, and unmapped. */
  public static Supplier<Loop> regionMapAndClose() {
    return MappedPieces.loops(new RegionMapAndClose());
  }

  public static PathCopier copy(CopyOption... options) {
    return new SluiceCopier(options);
  }
}
