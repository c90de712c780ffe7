package dev.sluice.bench.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.concurrent.TimeUnit;

/**
 * The event loops that an implementation's connections share. They live from the first connection
 * until the last one is closed.
 */
final class NettyEventLoops {
  /** As many as Netty has by default. */
  private static final int DEFAULT = 0;

  private final NettyTransport transport;
  private final int threads;
  private EventLoopGroup group;
  private int connections;

  private NettyEventLoops(NettyTransport transport, int threads) {
    this.transport = transport;
    this.threads = threads;
  }

  /** As many event loops as Netty has by default. */
  NettyEventLoops(NettyTransport transport) {
    this(transport, DEFAULT);
  }

  /** One event loop. */
  static NettyEventLoops one(NettyTransport transport) {
    return new NettyEventLoops(transport, 1);
  }

  NettyTransport transport() {
    return transport;
  }

  /** The event loops, for one more connection. */
  synchronized EventLoopGroup join() {
    if (connections == 0) {
      group = new MultiThreadIoEventLoopGroup(threads, transport.handlers());
    }
    connections++;
    return group;
  }

  /** Tells that a connection is closed. */
  synchronized void leave() {
    connections--;
    if (connections == 0) {
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
  }
}
