package dev.sluice.bench.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * The array that pieces of a file are read into. A new one for each round: copies of 4 KiB go up to
 * a tenth slower into one place than into another, and with one for all rounds whoever came first
 * was found to be faster by that.
 */
public final class ArrayTarget {
  /** The largest piece, in bytes. */
  public static final int MOST = 1 << 20;

  /** Where to. */
  public byte[] array;

  private ByteBuffer view;

  public ArrayTarget() {
    renew();
  }

  public void renew() {
    array = new byte[MOST];
    view = ByteBuffer.wrap(array);
  }

  /** Hands the first bytes to who wants them. */
  public void handTo(WritableByteChannel target, int count) throws IOException {
    target.write(view.clear().limit(count));
  }
}
