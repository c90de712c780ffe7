package dev.sluice.netty;

import io.netty.channel.Channel;
import io.netty.channel.nio.AbstractNioChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.nio.channels.SocketChannel;

/**
 * The socket below a channel of Netty, as a source or target of transfers. It is used in the
 * channel's event loop alone, which is also the only one to close it.
 */
final class KernelSocket {
  /** Whether Netty's classes for native transports are there. */
  private static final boolean HAS_UNIX = NettyClasses.have("io.netty.channel.unix.UnixChannel");

  /** The transport whose channels read by themselves, ahead of whoever asks. */
  private static final String IO_URING = "io.netty.channel.uring.";

  private KernelSocket() {}

  /** The socket of a channel, or null if its bytes do not go by the kernel. */
  static ByteChannel of(Channel channel) {
    if (channel instanceof AbstractNioChannel
        && channel.unsafe() instanceof AbstractNioChannel.NioUnsafe unsafe
        && unsafe.ch() instanceof SocketChannel socket) {
      return socket;
    }
    return HAS_UNIX ? Unix.of(channel) : null;
  }

  /** Linked only where Netty's classes for native transports are. */
  private static final class Unix extends LentDescriptor implements ByteChannel {
    private Unix(FileDescriptor descriptor) {
      super(descriptor);
    }

    static ByteChannel of(Channel channel) {
      return channel instanceof UnixChannel unix
              && !channel.getClass().getName().startsWith(IO_URING)
          ? new Unix(unix.fd())
          : null;
    }

    @Override
    public int read(ByteBuffer target) throws IOException {
      int position = target.position();
      if (target.isDirect()) {
        int read = descriptor.read(target, position, target.limit());
        if (read > 0) {
          target.position(position + read);
        }
        return read;
      }
      ByteBuffer direct = ByteBuffer.allocateDirect(target.remaining());
      int read = descriptor.read(direct, 0, direct.capacity());
      if (read > 0) {
        target.put(direct.limit(read));
      }
      return read;
    }

    @Override
    public int write(ByteBuffer source) throws IOException {
      ByteBuffer direct = source;
      if (!source.isDirect()) {
        direct = ByteBuffer.allocateDirect(source.remaining()).put(source.duplicate()).flip();
      }
      int from = direct.position();
      int written = descriptor.write(direct, from, direct.limit());
      if (written > 0) {
        source.position(source.position() + written);
      }
      return Math.max(0, written);
    }

    /** Netty closes it. */
    @Override
    public void close() {}
  }
}
