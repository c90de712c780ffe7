package dev.sluice.tests.netty;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.channel.IoHandlerFactory;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringServerSocketChannel;

/** The transports of Netty. */
enum Transport {
  NIO(NioServerSocketChannel.class) {
    @Override
    Throwable whyNot() {
      return null;
    }

    @Override
    IoHandlerFactory handlers() {
      return NioIoHandler.newFactory();
    }
  },
  EPOLL(EpollServerSocketChannel.class) {
    @Override
    Throwable whyNot() {
      return Epoll.unavailabilityCause();
    }

    @Override
    IoHandlerFactory handlers() {
      return EpollIoHandler.newFactory();
    }
  },
  IO_URING(IoUringServerSocketChannel.class) {
    @Override
    Throwable whyNot() {
      return IoUring.unavailabilityCause();
    }

    @Override
    IoHandlerFactory handlers() {
      return IoUringIoHandler.newFactory();
    }
  };

  final Class<? extends ServerChannel> server;

  Transport(Class<? extends ServerChannel> server) {
    this.server = server;
  }

  /** Why the transport cannot be used here, or null if it can. */
  abstract Throwable whyNot();

  abstract IoHandlerFactory handlers();

  void assumeThere() {
    Throwable reason = whyNot();
    assumeTrue(reason == null, () -> "needs Netty's transport " + this + ": " + reason);
  }
}
