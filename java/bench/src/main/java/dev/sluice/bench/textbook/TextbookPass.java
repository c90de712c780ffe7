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

/** One implementation moves a file over one fixture, as a row of the textbook's table counts it. */
public record TextbookPass(Fixture fixture, Loop loop) implements Closeable {
  private static final long PIECE = 1 << 20;

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
