package dev.sluice.bench.netty;

import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.fixture.TcpCongestion;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.io.IOException;

/** The transport by which Netty waits and writes. */
public enum NettyTransport {
  EPOLL {
    @Override
    IoHandlerFactory handlers() {
      Epoll.ensureAvailability();
      return EpollIoHandler.newFactory();
    }

    /** Netty's own connection, in place of the one that the peer came with. */
    @Override
    SocketChannel connect(Peer peer, EventLoopGroup group) throws IOException {
      peer.connection().close();
      Conditions conditions = peer.conditions();
      Bootstrap bootstrap =
          new Bootstrap()
              .group(group)
              .channel(EpollSocketChannel.class)
              .handler(withoutReading())
              .option(ChannelOption.TCP_NODELAY, conditions.noDelay());
      if (conditions.socketBuffers() != Conditions.KERNELS_CHOICE) {
        bootstrap
            .option(ChannelOption.SO_SNDBUF, conditions.socketBuffers())
            .option(ChannelOption.SO_RCVBUF, conditions.socketBuffers());
      }
      EpollSocketChannel channel =
          (EpollSocketChannel) bootstrap.connect(peer.address()).syncUninterruptibly().channel();
      TcpCongestion.useReno(channel.fd().intValue());
      peer.accept();
      return channel;
    }
  },

  NIO {
    @Override
    IoHandlerFactory handlers() {
      return NioIoHandler.newFactory();
    }

    @Override
    SocketChannel connect(Peer peer, EventLoopGroup group) {
      NioSocketChannel channel = new NioSocketChannel(null, peer.connection());
      // Netty turns it on wherever it is not told otherwise.
      channel.config().setTcpNoDelay(peer.conditions().noDelay());
      channel.pipeline().addLast(withoutReading());
      group.register(channel).syncUninterruptibly();
      return channel;
    }
  };

  abstract IoHandlerFactory handlers();

  /** A channel of this transport to the peer. */
  abstract SocketChannel connect(Peer peer, EventLoopGroup group) throws IOException;

  /** A handler that does not read: what is received goes by a splice, or not at all. */
  private static ChannelInitializer<SocketChannel> withoutReading() {
    return new ChannelInitializer<>() {
      @Override
      protected void initChannel(SocketChannel channel) {
        channel.config().setAutoRead(false);
      }
    };
  }
}
