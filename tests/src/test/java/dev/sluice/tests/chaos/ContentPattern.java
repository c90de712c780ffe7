package dev.sluice.tests.chaos;

import java.util.Arrays;
import java.util.BitSet;

/**
 * What is sent: each byte tells its place, so that one that is lost, doubled or out of order shows.
 * The bytes of a foreign writer have the high bit, those of the source have not.
 */
final class ContentPattern {
  /** More than any scenario sends. */
  static final int MOST = 16 << 20;

  private static final byte[] SENT = new byte[MOST];
  private static final byte[] FOREIGN = new byte[1 << 20];

  static {
    for (int i = 0; i < SENT.length; i++) {
      SENT[i] = (byte) (mixed(i) >>> 57);
    }
    for (int i = 0; i < FOREIGN.length; i++) {
      FOREIGN[i] = (byte) (mixed(~i) >>> 57 | 0x80);
    }
  }

  private ContentPattern() {}

  private static long mixed(long place) {
    long mixed = (place + 1) * 0x9E3779B97F4A7C15L;
    return (mixed ^ mixed >>> 29) * 0xBF58476D1CE4E5B9L;
  }

  /** The bytes that the source sends, from the first on; not to be written to. */
  static byte[] sent() {
    return SENT;
  }

  /** The bytes that a foreign writer sends, from the first on; not to be written to. */
  static byte[] foreign() {
    return FOREIGN;
  }

  /** The first index at which {@code bytes} are not those that were sent from a place on, or -1. */
  static int mismatch(CollectedBytes bytes, long place) {
    if (place + bytes.size() > MOST) {
      return 0;
    }
    int from = (int) place;
    return Arrays.mismatch(bytes.array(), 0, bytes.size(), SENT, from, from + bytes.size());
  }

  /** As {@link #mismatch}, of the bytes of a foreign writer. */
  static int foreignMismatch(CollectedBytes bytes) {
    return Arrays.mismatch(bytes.array(), 0, bytes.size(), FOREIGN, 0, bytes.size());
  }

  /** Whether two readers took the bytes that were sent, in order, each byte once. */
  static boolean isShared(CollectedBytes one, CollectedBytes other) {
    // The numbers of bytes that the first may have taken of all that were looked at: they differ
    // where both readers' next bytes are the same.
    BitSet taken = new BitSet();
    taken.set(0);
    int all = one.size() + other.size();
    for (int place = 0; place < all; place++) {
      BitSet next = new BitSet();
      for (int i = taken.nextSetBit(0); i >= 0; i = taken.nextSetBit(i + 1)) {
        if (i < one.size() && one.array()[i] == SENT[place]) {
          next.set(i + 1);
        }
        int j = place - i;
        if (j < other.size() && other.array()[j] == SENT[place]) {
          next.set(i);
        }
      }
      taken = next;
    }
    return taken.get(one.size());
  }
}
