package dev.sluice.netty;

import dev.sluice.DescriptorChannel;
import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.SocketWritableByteChannel;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.WritableByteChannel;

/**
 * What Netty's epoll transport has a region write to, as a channel that lends its descriptor.
 *
 * <p>A region is written in the event loop of its channel, and the same event loop closes the
 * descriptor: so the number is the channel's own for as long as the region's transfer runs. Netty's
 * sockets are in non-blocking mode.
 */
final class UnixSocket implements WritableByteChannel, DescriptorChannel {
  private final SocketWritableByteChannel channel;
  private final FileDescriptor descriptor;

  private UnixSocket(SocketWritableByteChannel channel, FileDescriptor descriptor) {
    this.channel = channel;
    this.descriptor = descriptor;
  }

  /** The target itself, unless it is one of Netty's whose descriptor can be lent. */
  static WritableByteChannel lending(WritableByteChannel target) {
    return Transport.IS_THERE ? Descriptors.lending(target) : target;
  }

  /** Whether Netty's classes for native transports are there. Programs on NIO do without. */
  private static final class Transport {
    static final boolean IS_THERE = isThere();

    private static boolean isThere() {
      try {
        Class.forName(
            "io.netty.channel.unix.SocketWritableByteChannel",
            false,
            UnixSocket.class.getClassLoader());
        return true;
      } catch (ClassNotFoundException | LinkageError e) {
        return false;
      }
    }
  }

  /** Linked only where Netty's classes for native transports are. */
  private static final class Descriptors {
    /** The protected field {@code fd}, or null where it cannot be read. */
    private static final MethodHandle FIELD = field();

    private static MethodHandle field() {
      try {
        Class<SocketWritableByteChannel> owner = SocketWritableByteChannel.class;
        return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
            .findGetter(owner, "fd", FileDescriptor.class);
      } catch (ReflectiveOperationException | RuntimeException e) {
        return null;
      }
    }

    static WritableByteChannel lending(WritableByteChannel target) {
      if (FIELD == null || !(target instanceof SocketWritableByteChannel socket)) {
        return target;
      }
      try {
        return new UnixSocket(socket, (FileDescriptor) FIELD.invokeExact(socket));
      } catch (Throwable e) {
        return target;
      }
    }
  }

  @Override
  public int acquireDescriptor() throws IOException {
    if (!descriptor.isOpen()) {
      throw new ClosedChannelException();
    }
    return descriptor.intValue();
  }

  @Override
  public void releaseDescriptor(int acquired) {}

  @Override
  public boolean isBlocking() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return channel.isOpen();
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return channel.write(source);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
