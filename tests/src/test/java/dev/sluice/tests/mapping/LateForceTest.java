package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.Advice;
import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelPair;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A call that asks the kernel while a region is closed or resized never answers for other pages.
 */
@Tag("both-guards")
class LateForceTest {
  private static final int SIZE = 1 << 16;
  private static final int ROUNDS = 300;

  @TempDir Path directory;

  private MappedRegion region() throws Exception {
    Path path = Files.write(directory.resolve("file"), new byte[SIZE]);
    return MappedRegion.map(path, MapMode.READ_WRITE);
  }

  private static List<FutureTask<Void>> users(MappedRegion region, AtomicInteger done) {
    List<FutureTask<Void>> users = new ArrayList<>();
    users.add(user(region::force, done));
    users.add(user(() -> region.force(0, SIZE / 2), done));
    users.add(user(region::residentBytes, done));
    users.add(user(() -> region.load().isLoaded(), done));
    users.add(user(() -> region.advise(Advice.SEQUENTIAL).advise(Advice.NORMAL, 0, 1), done));
    return users;
  }

  /** Until the region is closed, which is the one exception there may be. */
  private static FutureTask<Void> user(Runnable call, AtomicInteger done) {
    return ChannelPair.started(
        () -> {
          while (true) {
            try {
              call.run();
            } catch (IllegalStateException e) {
              assertEquals("the region is closed", e.getMessage());
              return null;
            } finally {
              done.incrementAndGet();
            }
          }
        });
  }

  @Test
  void aCloseIsToldByIllegalStateException() throws Exception {
    for (int round = 0; round < ROUNDS / 10; round++) {
      MappedRegion region = region();
      AtomicInteger done = new AtomicInteger();
      List<FutureTask<Void>> users = users(region, done);
      while (done.get() < 5) {
        Thread.yield();
      }
      region.close();
      for (FutureTask<Void> user : users) {
        user.get();
      }
    }
  }

  @Test
  void afterAResizeItIsDoneAgain() throws Exception {
    MappedRegion region = region();
    List<FutureTask<Void>> users = users(region, new AtomicInteger());
    for (int round = 0; round < ROUNDS; round++) {
      region.putLong(0, round);
      region.resize(round % 2 == 0 ? 3 * SIZE : SIZE);
      assertEquals(round, region.getLong(0));
    }
    region.close();
    for (FutureTask<Void> user : users) {
      user.get();
    }
  }
}
