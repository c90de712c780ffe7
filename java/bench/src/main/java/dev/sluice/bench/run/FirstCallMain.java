package dev.sluice.bench.run;

import dev.sluice.Sluice;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * A program that makes one transfer from a file to a file, and prints how many nanoseconds that
 * took. The JVM is fresh: what the transfer loads and prepares is in the time.
 */
public final class FirstCallMain {
  static final long BYTES = 64 << 10;

  private FirstCallMain() {}

  /**
   * Makes the transfer.
   *
   * @param arguments the {@link FirstCallWay}, the file, and the directory for the target
   */
  public static void main(String[] arguments) throws IOException {
    FirstCallWay way = FirstCallWay.valueOf(arguments[0]);
    Path target = Files.createTempFile(Path.of(arguments[2]), "first-call-", ".bin");
    try (FileChannel from = FileChannel.open(Path.of(arguments[1]), StandardOpenOption.READ);
        FileChannel to = FileChannel.open(target, StandardOpenOption.WRITE)) {
      long count = Math.min(BYTES, from.size());
      long start = System.nanoTime();
      long moved = move(way, from, count, to);
      long nanos = System.nanoTime() - start;
      if (moved != count) {
        throw new IOException(moved + " bytes were moved instead of " + count);
      }
      System.out.println(nanos);
    } finally {
      Files.delete(target);
    }
  }

  private static long move(FirstCallWay way, FileChannel from, long count, FileChannel to)
      throws IOException {
    if (way == FirstCallWay.NIO) {
      return from.transferTo(0, count, to);
    }
    if (!Sluice.isAvailable()) {
      throw new IOException("Sluice is not available");
    }
    return Sluice.transferTo(from, 0, count, to);
  }
}
