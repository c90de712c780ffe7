package dev.sluice.bench.loop;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/**
 * The array that pieces of a file are read into. Each round gets a new array. Copies of 4 KiB go up
 * to a tenth slower into one place than into another, and with one array for all rounds the
 * implementation that came first was found to be faster by that.
 */
public final class ArrayTarget {
  /** The largest piece, in bytes. */
  public static final int MOST = 1 << 20;

  /** The array of this round. */
  public byte[] array;

  private ByteBuffer view;

  public ArrayTarget() {
    renew();
  }

  public void renew() {
    array = new byte[MOST];
    view = ByteBuffer.wrap(array);
  }

  /** Hands the first bytes on. */
  public void handTo(WritableByteChannel target, int count) throws IOException {
    target.write(view.clear().limit(count));
  }
}
