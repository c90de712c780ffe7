package dev.sluice.bench.measure;

import java.io.IOException;
import java.nio.channels.SocketChannel;

/** What TCP has done on a socket, which Java does not tell: see {@code tcp_info.rs}. */
public final class TcpInfo {
  private TcpInfo() {}

  /** How many segments with data a socket has sent, those that were sent again included. */
  public static long dataSegmentsOut(SocketChannel socket) throws IOException {
    return NativeLibrary.checked("TCP_INFO", dataSegmentsOut0(ChannelDescriptor.of(socket)));
  }

  /** Whether a socket keeps a segment that is not full. */
  public static boolean isCorked(SocketChannel socket) throws IOException {
    return NativeLibrary.checked("TCP_CORK", isCorked0(ChannelDescriptor.of(socket))) != 0;
  }

  private static native long dataSegmentsOut0(int socket);

  private static native long isCorked0(int socket);
}
