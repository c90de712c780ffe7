package dev.sluice.tests.netty;

import dev.sluice.tests.support.ChannelPair;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.FutureTask;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A server of one transport, with a client of the JDK's at the other end of each connection. */
final class RegionServer implements AutoCloseable {
  private final EventLoopGroup group;
  private final Channel server;
  private final BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();

  /** A peer that goes away is what some tests want. */
  private static final class Silent extends ChannelInboundHandlerAdapter {
    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      context.close();
    }
  }

  /** Both ends of a connection. */
  record Connection(Channel channel, SocketChannel client) implements AutoCloseable {
    /** Sends a message, and answers when it was sent or failed. */
    ChannelFuture send(Object message) throws InterruptedException {
      ChannelFuture sent = channel.writeAndFlush(message);
      if (!sent.await(20, TimeUnit.SECONDS)) {
        throw new AssertionError("not sent: " + message);
      }
      return sent;
    }

    /** Has the client send bytes, and end its output. */
    FutureTask<Void> sending(byte[] bytes, boolean isEnd) {
      return ChannelPair.started(
          () -> {
            ByteBuffer all = ByteBuffer.wrap(bytes);
            while (all.hasRemaining()) {
              client.write(all);
            }
            if (isEnd) {
              client.shutdownOutput();
            }
            return null;
          });
    }

    @Override
    public void close() throws IOException {
      client.close();
      channel.close().syncUninterruptibly();
    }
  }

  /** Channels that read by themselves. */
  RegionServer(Transport transport) {
    this(transport, true);
  }

  RegionServer(Transport transport, boolean isReading) {
    group = new MultiThreadIoEventLoopGroup(1, transport.handlers());
    server =
        new ServerBootstrap()
            .group(group)
            .channel(transport.server)
            .childOption(ChannelOption.AUTO_READ, isReading)
            // Else an end that comes before the receiver does closes the channel.
            .childOption(ChannelOption.ALLOW_HALF_CLOSURE, !isReading)
            .childHandler(
                new ChannelInitializer<Channel>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    if (isReading) {
                      channel.pipeline().addLast(new Silent());
                    }
                    // Once this handler has left.
                    channel.eventLoop().execute(() -> accepted.add(channel));
                  }
                })
            .bind("127.0.0.1", 0)
            .syncUninterruptibly()
            .channel();
  }

  Connection connect() throws IOException, InterruptedException {
    InetSocketAddress address = (InetSocketAddress) server.localAddress();
    SocketChannel client = SocketChannel.open(address);
    Channel channel = accepted.poll(20, TimeUnit.SECONDS);
    if (channel == null) {
      throw new AssertionError("not accepted");
    }
    return new Connection(channel, client);
  }

  @Override
  public void close() {
    server.close().syncUninterruptibly();
    group.shutdownGracefully(0, 0, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
