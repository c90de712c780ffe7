package dev.sluice.bench;

import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;

/**
 * The way a cell's bytes take: its open ends, and what has to happen at the far end of them. All
 * implementations of a cell take the same fixture, so that none has the luckier connection or file.
 */
interface Fixture extends Closeable {
  OpenChannels channels();

  /** SHA-256 of what it moves, where that is not the beginning of the file. */
  default Optional<String> sourceDigest() throws IOException {
    return Optional.empty();
  }

  /** Has the far end ready for a round. */
  void begin(RoundSize roundSize) throws IOException;

  /** Returns when the last byte of a round is at its target. */
  void finish() throws IOException;

  /** Has the fixture ready for the next round, when this one's time is taken. */
  default void tidy() throws IOException {}

  /** Brings the target of a round back into the page cache, where it is a file. */
  default void warm(RoundSize roundSize) throws IOException {}

  /**
   * Does something in the thread that transfers, which is the caller's unless a fixture says so.
   */
  default <T> T inWorker(Task<T> task) throws IOException {
    return task.run();
  }

  /** SHA-256 of what arrives at the target when this is transferred there. */
  String digest(RoundSize roundSize, Transfer transfer) throws IOException;

  /** SHA-256 of what was sent before, and what nobody has read yet. */
  default String digestLater(long bytes) throws IOException {
    throw new IOException("who receives here cannot wait");
  }

  /** Makes the fixture usable again after a transfer that failed midway. */
  void reopen() throws IOException;

  /** What {@link #inWorker} does. */
  interface Task<T> {
    T run() throws IOException;
  }
}
