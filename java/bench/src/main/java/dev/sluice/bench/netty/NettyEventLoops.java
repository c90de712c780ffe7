package dev.sluice.bench.netty;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.util.concurrent.TimeUnit;

/**
 * The event loops that an implementation's connections share, as many as Netty has by default: from
 * the first connection on, until the last is closed.
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

  /** For a connection more. */
  synchronized EventLoopGroup join() {
    if (connections == 0) {
      group = new MultiThreadIoEventLoopGroup(transport.handlers());
    }
    connections++;
    return group;
  }

  /** For a connection less. */
  synchronized void leave() {
    connections--;
    if (connections == 0) {
      group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }
  }
}
