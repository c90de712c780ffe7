package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelPair;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Two processes that map one file see the same values. */
@Tag("both-guards")
class RegionProcessesTest extends RegionProcessFixture {
  @Test
  void twoProcessesCountTogether() throws Exception {
    Path path = Files.write(directory.resolve("counter"), new byte[8]);
    FutureTask<Void> other =
        ChannelPair.started(
            () -> {
              run(Counting.class, List.of(), path.toString());
              return null;
            });
    run(Counting.class, List.of(), path.toString());
    other.get();
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_ONLY)) {
      assertEquals(2 * Counting.TIMES, region.getLongVolatile(0));
    }
  }

  /** One of two. */
  static final class Counting {
    static final long TIMES = 500_000;

    public static void main(String[] arguments) throws Exception {
      try (MappedRegion region = MappedRegion.map(Path.of(arguments[1]), MapMode.READ_WRITE)) {
        for (long i = 0; i < TIMES; i++) {
          region.getAndAddLong(0, 1);
        }
      }
    }
  }
}
