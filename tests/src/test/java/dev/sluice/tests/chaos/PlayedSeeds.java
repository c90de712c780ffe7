package dev.sluice.tests.chaos;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.LongBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;

/** The seeds of the scenarios that are being played, in a file that outlives the JVM. */
final class PlayedSeeds {
  private static final ThreadLocal<Integer> SLOT = new ThreadLocal<>();

  private final LongBuffer seeds;
  private int players;

  PlayedSeeds(Path file, int most) throws IOException {
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE)) {
      seeds =
          channel.map(FileChannel.MapMode.READ_WRITE, 0, (long) most * Long.BYTES).asLongBuffer();
    }
  }

  /** The current thread plays this one; 0 stands for none. */
  void set(long seed) {
    if (SLOT.get() == null) {
      synchronized (this) {
        SLOT.set(players++);
      }
    }
    seeds.put(SLOT.get(), seed);
  }

  /** The seeds that a file holds. */
  static List<Long> in(Path file) throws IOException {
    LongBuffer all = ByteBuffer.wrap(Files.readAllBytes(file)).asLongBuffer();
    List<Long> seeds = new ArrayList<>();
    while (all.hasRemaining()) {
      long seed = all.get();
      if (seed != 0) {
        seeds.add(seed);
      }
    }
    return seeds;
  }
}
