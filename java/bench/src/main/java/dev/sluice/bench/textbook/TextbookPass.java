package dev.sluice.bench.textbook;

import dev.sluice.bench.cell.Concurrency;
import dev.sluice.bench.cell.Direction;
import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.cell.Implementations;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.OwnFixture;
import dev.sluice.bench.fixture.Workspace;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import dev.sluice.bench.measure.Usage;
import dev.sluice.bench.report.Role;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** One implementation moves a file over one fixture, as a row of the textbook's table counts it. */
public record TextbookPass(Fixture fixture, Loop loop) implements Closeable {
  private static final long PIECE = 1 << 20;

  /** The optimizing compiler takes a method after 15,000 calls and turns of its loops. */
  private static final long WARM_UP_CALLS = 20_000;

  private static final long WARM_UP_PIECE = 4096;

  /** A way whose calls are slow is made of calls, and not of code to compile. */
  private static final long WARM_UP_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  /** A pass by an implementation over a file. What is written goes beside the file. */
  static TextbookPass open(Direction direction, Implementation implementation, Path file)
      throws IOException {
    Path targets = file.getParent();
    if (implementation.ownFixture() == null) {
      Loop loop = implementation.loops().get();
      return new TextbookPass(direction.open(new Workspace(file, targets, null)), loop);
    }
    OwnFixture fixture = implementation.ownFixture().open(file, targets);
    return new TextbookPass(fixture, fixture);
  }

  /** The implementations that textbooks speak of: not the same calls from C or the linker. */
  static List<Implementation> implementations(Direction direction, boolean sluice) {
    return Implementations.of(direction, Concurrency.ALONE, sluice).stream()
        .filter(each -> each.role() != Role.C && each.role() != Role.FFM)
        .toList();
  }

  /** One pass over a file of this size, in pieces of 1 MiB. */
  public static RoundSize once(long bytes) {
    return new RoundSize(bytes, Math.min(PIECE, bytes), 1);
  }

  /**
   * Has the loop compiled, by many calls that ask for little, and then makes the passes once, whose
   * calls ask for more.
   */
  void warmUp(RoundSize roundSize) throws IOException {
    long region = Math.min(PIECE, roundSize.region());
    RoundSize small = new RoundSize(region, Math.min(WARM_UP_PIECE, region), 1);
    long end = System.nanoTime() + WARM_UP_NANOS;
    for (long calls = 0; calls < WARM_UP_CALLS && System.nanoTime() < end; ) {
      usage(small);
      calls += small.callsPerPass();
    }
    if (loop != fixture) {
      // What it keeps may have become much: mappings that are left to the collector.
      loop.close();
      loop.prepare();
    }
    usage(roundSize);
  }

  /** Makes the passes, and answers what the transferring thread used for them. */
  public Usage usage(RoundSize roundSize) throws IOException {
    fixture.begin(roundSize);
    Usage before = fixture.inWorker(Usage::ofThread);
    move(roundSize);
    Usage used = fixture.inWorker(Usage::ofThread).since(before);
    fixture.finish();
    fixture.tidy();
    return used;
  }

  /** Makes the passes over a fixture that is ready for them. */
  public void move(RoundSize roundSize) throws IOException {
    OpenChannels channels = fixture.channels();
    for (int pass = 0; pass < roundSize.passes(); pass++) {
      channels.rewind();
      loop.run(channels, roundSize.region(), roundSize.piece());
    }
  }

  /** Closes the fixture, and so the implementation's own. */
  @Override
  public void close() throws IOException {
    fixture.close();
  }
}
