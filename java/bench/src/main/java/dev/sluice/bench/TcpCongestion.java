package dev.sluice.bench;

import java.io.IOException;

/**
 * The congestion control of one TCP socket, which Java cannot choose: see {@code congestion.rs}.
 */
public final class TcpCongestion {
  private TcpCongestion() {}

  /** Has a socket send by Reno, which does not pace by a guess of the path as BBR does. */
  public static void useReno(int socket) throws IOException {
    NativeLibrary.checked("TCP_CONGESTION", useReno0(socket));
  }

  private static native long useReno0(int socket);
}
