package dev.sluice.internal.channel;

import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channel;
import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * Closes a channel when the thread that has set the hook is interrupted, as the JDK's own channels
 * are closed.
 */
final class InterruptHook extends AbstractInterruptibleChannel {
  private final Channel channel;

  InterruptHook(Channel channel) {
    this.channel = channel;
  }

  /** Sets the hook for the current thread. */
  void start() {
    begin();
  }

  /** Takes the hook away. */
  void stop(boolean completed) throws AsynchronousCloseException {
    end(completed);
  }

  @Override
  protected void implCloseChannel() throws IOException {
    channel.close();
  }
}
