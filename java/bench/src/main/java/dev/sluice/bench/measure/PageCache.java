package dev.sluice.bench.measure;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.DatagramChannel;
import java.nio.channels.FileChannel;
import java.util.concurrent.locks.LockSupport;

/** What the page cache holds of a file: see {@code page_cache.rs}. */
public final class PageCache {
  private static final int ATTEMPTS = 5;
  private static final long NANOS_FOR_CLEANERS = 20_000_000;

  private PageCache() {}

  /**
   * Drops a file from the page cache, and answers whether all of it is gone. A mapped page stays,
   * and a mapping of the JDK's lasts until its collector has run. A page that was sent stays until
   * the processor that sent it receives a packet, because the kernel leaves it to that processor to
   * free the packets that another one has taken ({@code net.core.skb_defer_max}).
   */
  public static boolean drop(FileChannel channel) throws IOException {
    int file = ChannelDescriptor.of(channel);
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      NativeLibrary.checked("posix_fadvise", dropFromCache0(file));
      if (residentPages(channel) == 0) {
        return true;
      }
      receivePacket();
      System.gc();
      LockSupport.parkNanos(NANOS_FOR_CLEANERS);
    }
    return false;
  }

  /** The loopback device delivers a packet on the processor that sends it. */
  private static void receivePacket() throws IOException {
    try (DatagramChannel own = DatagramChannel.open()) {
      own.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
      own.send(ByteBuffer.allocate(1), own.getLocalAddress());
    }
  }

  /** How many pages of a file are in the page cache. */
  public static long residentPages(FileChannel channel) throws IOException {
    return NativeLibrary.checked("mincore", residentPages0(ChannelDescriptor.of(channel)));
  }

  private static native long dropFromCache0(int file);

  private static native long residentPages0(int file);
}
