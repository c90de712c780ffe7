package dev.sluice.internal.relay;

import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * One socket of a relay while the relay runs: in non-blocking mode, and in no other relay. A
 * channel that was in blocking mode is again afterwards.
 */
final class BorrowedSocket {
  /** The sockets of all relays that run. */
  private static final Set<SocketChannel> BORROWED = ConcurrentHashMap.newKeySet();

  private final SocketChannel channel;
  private boolean isBorrowed;
  private boolean wasBlocking;
  private @Nullable SelectionKey key;
  private int ops;

  BorrowedSocket(SocketChannel channel) {
    this.channel = channel;
  }

  /**
   * Borrows the channel. This waits for a read or a write of another thread that has begun.
   *
   * @throws IllegalStateException if another relay has it
   */
  void borrow() throws IOException {
    if (!BORROWED.add(channel)) {
      throw new IllegalStateException("a channel belongs to another relay that runs: " + channel);
    }
    isBorrowed = true;
    if (channel.isBlocking()) {
      channel.configureBlocking(false);
      wasBlocking = true;
    }
  }

  void register(Selector selector, RelayRun run) throws ClosedChannelException {
    key = channel.register(selector, 0, run);
  }

  /** Watches the channel for these operations. */
  void watch(int wanted) throws ClosedChannelException {
    SelectionKey known = key;
    if (known == null || wanted == ops) {
      return;
    }
    try {
      known.interestOps(wanted);
      ops = wanted;
    } catch (CancelledKeyException e) {
      // Nobody else has the key: the channel is closed.
      throw new ClosedChannelException();
    }
  }

  /** Whether the selector watches the channel for nothing, and so tells no error either. */
  boolean isUnwatched() {
    return ops == 0;
  }

  void unregister() {
    if (key != null) {
      key.cancel();
      key = null;
    }
  }

  /** Closes the channel so that its peer sees no end, but a reset. Unix sockets have none. */
  void reset() {
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException | UnsupportedOperationException e) {
      // The channel is closed, or its connection is reset already.
    }
    close();
  }

  void close() {
    try {
      channel.close();
    } catch (IOException e) {
      // The relay's own failure is told.
    }
  }

  /** Gives the channel back in the mode that it had. */
  void giveBack() {
    if (!isBorrowed) {
      return;
    }
    isBorrowed = false;
    try {
      if (wasBlocking && channel.isOpen()) {
        channel.configureBlocking(true);
      }
    } catch (IOException | IllegalBlockingModeException e) {
      // The channel was closed, or registered with a selector of the program's own meanwhile, which
      // wants it in non-blocking mode.
    } finally {
      BORROWED.remove(channel);
    }
  }
}
