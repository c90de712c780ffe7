package dev.sluice.tests.support;

import dev.sluice.DescriptorChannel;
import dev.sluice.internal.boundary.NativeChannel;
import dev.sluice.internal.load.NativeLoader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;

/**
 * A channel of another library: it counts who uses its descriptor, and closes it when nobody does.
 * Underneath is a channel of the JDK, which nobody else knows.
 */
public class LendingChannel implements ReadableByteChannel, WritableByteChannel, DescriptorChannel {
  private final Channel channel;
  private final boolean isBlocking;
  private final int descriptor;
  private int uses = 1;
  private int acquired;
  private boolean isOpen = true;

  /** A channel whose descriptor has {@code O_NONBLOCK} if it is in non-blocking mode. */
  public static LendingChannel of(Channel channel, boolean isBlocking) throws IOException {
    return of(channel, isBlocking, !isBlocking);
  }

  public static LendingChannel of(Channel channel, boolean isBlocking, boolean isNonBlockingBelow)
      throws IOException {
    if (channel instanceof SelectableChannel selectable) {
      selectable.configureBlocking(!isNonBlockingBelow);
    }
    return new LendingChannel(channel, isBlocking);
  }

  protected LendingChannel(Channel channel, boolean isBlocking) {
    this.channel = channel;
    this.isBlocking = isBlocking;
    if (!NativeLoader.isAvailable()) {
      throw new IllegalStateException("no native library");
    }
    descriptor = NativeChannel.descriptor(channel);
  }

  @Override
  public synchronized int acquireDescriptor() throws IOException {
    if (!isOpen) {
      throw new ClosedChannelException();
    }
    uses++;
    acquired++;
    return descriptor;
  }

  @Override
  public synchronized void releaseDescriptor(int released) {
    if (released != descriptor || uses == 0) {
      throw new IllegalStateException(released + " was not acquired");
    }
    if (--uses == 0) {
      try {
        channel.close();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  /** How many uses there are beside that of the channel itself. */
  public synchronized int lent() {
    return isOpen ? uses - 1 : uses;
  }

  /** How often the descriptor was acquired. */
  public synchronized int acquired() {
    return acquired;
  }

  @Override
  public boolean isBlocking() {
    return isBlocking;
  }

  @Override
  public synchronized boolean isOpen() {
    return isOpen;
  }

  @Override
  public synchronized void close() {
    if (isOpen) {
      isOpen = false;
      releaseDescriptor(descriptor);
    }
  }

  @Override
  public int read(ByteBuffer target) throws IOException {
    return ((ReadableByteChannel) channel).read(target);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    return ((WritableByteChannel) channel).write(source);
  }
}
