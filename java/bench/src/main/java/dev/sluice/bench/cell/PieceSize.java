package dev.sluice.bench.cell;

import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.loop.RoundSize;

/**
 * How much each call asks for, and how much of it makes a round.
 *
 * <p>A round is to last some 5 to 40 ms, and longer only where the file or many connections ask for
 * it. Then it is long enough for the clock, the wake-ups and the last bytes in the socket's buffers
 * not to count, and short enough for many rounds of every implementation while the machine's load
 * stays the same.
 */
public enum PieceSize {
  BYTES_512("512B", "512 B", 512, 1L << 20, 1L << 20),
  KIB_4("4KiB", "4 KiB", 4L << 10, 8L << 20, 8L << 20),
  KIB_64("64KiB", "64 KiB", 64L << 10, 32L << 20, 32L << 20),
  MIB_1("1MiB", "1 MiB", 1L << 20, 32L << 20, 32L << 20),
  MIB_16("16MiB", "16 MiB", 16L << 20, 64L << 20, 64L << 20),
  MIB_256("256MiB", "256 MiB", 256L << 20, 256L << 20, 256L << 20),
  WHOLE("whole", "whole file", Long.MAX_VALUE, Long.MAX_VALUE, 64L << 20);

  /** A round over a tiny file has no more calls than these, however little they move. */
  private static final long MOST_CALLS = 20_000;

  /**
   * The least that each of many connections moves: four times what its two buffers hold together.
   * The kernel gives a buffer twice what it was asked for.
   */
  private static final long SHARED_BYTES = 4L * 2 * 2 * Conditions.SHARED_SOCKET_BUFFERS;

  private final String id;
  private final String title;
  private final long bytes;
  private final long largestRegion;
  private final long roundBytes;

  PieceSize(String id, String title, long bytes, long largestRegion, long roundBytes) {
    this.id = id;
    this.title = title;
    this.bytes = bytes;
    this.largestRegion = largestRegion;
    this.roundBytes = roundBytes;
  }

  String id() {
    return id;
  }

  public String title() {
    return title;
  }

  /**
   * Whether a file of this length has cells of this size. A file that is not longer than a piece
   * has its cell as a whole file already.
   */
  boolean fits(long fileBytes) {
    return this == WHOLE || bytes < fileBytes;
  }

  /** Whether the piece is so small that the cost of a call shows beside the cost of its bytes. */
  public boolean isSmall() {
    return bytes <= KIB_4.bytes;
  }

  boolean isAtMost(PieceSize other) {
    return bytes <= other.bytes;
  }

  /** What each of the connections moves in a round over a file of this length. */
  RoundSize roundSize(long fileBytes, int connections) {
    long piece = Math.min(fileBytes, bytes);
    long share = largestRegion / connections / piece * piece;
    RoundSize once = new RoundSize(Math.min(fileBytes, Math.max(piece, share)), piece, 1);
    long bytesOfEach = Math.max(roundBytes / connections, connections > 1 ? SHARED_BYTES : 0);
    long passes = Math.min(bytesOfEach / once.bytes(), MOST_CALLS / once.callsPerPass());
    return new RoundSize(once.region(), once.piece(), (int) Math.max(1, passes));
  }
}
