package dev.sluice.internal.channel;

import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.lang.ref.WeakReference;
import java.nio.channels.Channel;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A value for each channel, for as long as the channel is reachable. Channels are told apart by
 * identity: two of another library may be equal, and its {@code hashCode} may change.
 */
final class ChannelMap<V> {
  /** By {@link Key}. */
  private final ConcurrentHashMap<Object, V> values = new ConcurrentHashMap<>();

  private final ReferenceQueue<Channel> unreachable = new ReferenceQueue<>();

  @Nullable V get(Channel channel) {
    return values.get(new Sought(channel));
  }

  /** Puts a value where there is none, and answers the value that there was, or null. */
  @Nullable V putIfAbsent(Channel channel, V value) {
    forgetUnreachable();
    return values.putIfAbsent(new Key(channel, unreachable), value);
  }

  @Nullable V remove(Channel channel) {
    return values.remove(new Sought(channel));
  }

  boolean isEmpty() {
    forgetUnreachable();
    return values.isEmpty();
  }

  private void forgetUnreachable() {
    for (Reference<?> key = unreachable.poll(); key != null; key = unreachable.poll()) {
      values.remove(key);
    }
  }

  /** What stands in the map. */
  private static final class Key extends WeakReference<Channel> {
    private final int hash;

    Key(Channel channel, ReferenceQueue<Channel> queue) {
      super(channel, queue);
      hash = System.identityHashCode(channel);
    }

    @Override
    public int hashCode() {
      return hash;
    }

    @Override
    public boolean equals(@Nullable Object other) {
      if (this == other) {
        return true;
      }
      Channel channel = get();
      return channel != null && other instanceof Key key && key.refersTo(channel);
    }
  }

  /** What is looked for, without a reference that the collector has to look at. */
  private static final class Sought {
    private final Channel channel;

    Sought(Channel channel) {
      this.channel = channel;
    }

    @Override
    public int hashCode() {
      return System.identityHashCode(channel);
    }

    @Override
    public boolean equals(@Nullable Object other) {
      return other instanceof Key key && key.refersTo(channel);
    }
  }
}
