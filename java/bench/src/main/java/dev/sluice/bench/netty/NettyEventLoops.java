package dev.sluice.bench.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.concurrent.TimeUnit;

/**
 * The event loops that an implementation's connections share, as many as Netty has by default. They
 * live from the first connection until the last one is closed.
 */
final class NettyEventLoops {
  private final NettyTransport transport;
  private EventLoopGroup group;
  private int connections;

  NettyEventLoops(NettyTransport transport) {
    this.transport = transport;
  }

  NettyTransport transport() {
    return transport;
  }

  /** The event loops, for one more connection. */
  synchronized EventLoopGroup join() {
    if (connections == 0) {
      group = new MultiThreadIoEventLoopGroup(transport.handlers());
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
