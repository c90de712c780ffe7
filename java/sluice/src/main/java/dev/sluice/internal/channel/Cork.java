package dev.sluice.internal.channel;

import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.jdk.Threads;
import java.nio.channels.Channel;

/**
 * Has a TCP socket keep a last segment that is not full while more bytes follow, for a call that
 * cannot say so itself ({@code TCP_CORK}, see {@code tcp(7)}). The socket is found again by a
 * duplicate of its descriptor: without a lock that another writer may hold, and whether or not the
 * channel was closed meanwhile.
 */
public final class Cork {
  private static final int NONE = -1;

  private int duplicate = NONE;

  /** Makes what corks no socket yet. */
  public Cork() {}

  /**
   * Corks a socket, unless it is none of TCP, or is corked, or no descriptor is left: then its
   * segments go out as they do without.
   *
   * @param fd the socket's descriptor, which is held
   */
  public void hold(int fd) {
    if (duplicate == NONE) {
      duplicate = Math.max(NONE, NativeDescriptor.cork(fd));
    }
  }

  /** Takes the cork away, if there is one. What the socket has kept is sent now. */
  public void release(Channel socket) {
    int held = duplicate;
    if (held == NONE) {
      return;
    }
    duplicate = NONE;
    NativeDescriptor.uncork(held);
    if (socket.isOpen()) {
      NativeDescriptor.close(held);
    } else {
      // The last close of a socket's descriptor waits for the peer where SO_LINGER is set.
      Threads.runAside("sluice-close", () -> NativeDescriptor.close(held));
    }
  }
}
