package dev.sluice.internal.channel;

import java.io.IOException;
import java.nio.channels.Channel;

/**
 * A source whose bytes are there: no transfer waits for it, and no interrupt closes it by a hook of
 * its own.
 */
public abstract class UnwaitedSource extends Endpoint {
  protected UnwaitedSource(long position, Channel channel) {
    super(FILE, position, channel, null);
  }

  @Override
  public final boolean isHookable() {
    return false;
  }

  @Override
  public final boolean isBlocking() {
    return false;
  }

  @Override
  public final void await(int millis) throws IOException {}

  @Override
  public final void park() throws IOException {}
}
