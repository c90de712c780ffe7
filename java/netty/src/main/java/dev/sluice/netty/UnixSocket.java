package dev.sluice.netty;

import io.netty.channel.unix.FileDescriptor;
import io.netty.channel.unix.SocketWritableByteChannel;
import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** What Netty's epoll transport has a region write to, as a channel that lends its descriptor. */
final class UnixSocket extends LentDescriptor implements WritableByteChannel {
  /** Whether Netty's classes for native transports are there. Programs on NIO do without. */
  private static final boolean HAS_UNIX =
      NettyClasses.have("io.netty.channel.unix.SocketWritableByteChannel");

  private final SocketWritableByteChannel channel;

  private UnixSocket(SocketWritableByteChannel channel, FileDescriptor descriptor) {
    super(descriptor);
    this.channel = channel;
  }

  /** The target itself, unless it is one of Netty's whose descriptor can be lent. */
  static WritableByteChannel lending(WritableByteChannel target) {
    return HAS_UNIX ? Descriptors.lending(target) : target;
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
  public int write(ByteBuffer source) throws IOException {
    return channel.write(source);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
