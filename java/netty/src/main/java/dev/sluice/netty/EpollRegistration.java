package dev.sluice.netty;

import io.netty.channel.Channel;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.epoll.EpollIoOps;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * Keeps a channel of Netty's epoll transport registered with {@code epoll(7)}.
 *
 * <p>Netty 4.2.18 removes a channel from the set when it waits for nothing, as after the end of its
 * input, and takes it for registered nevertheless: the next wait for room fails with {@code
 * epoll_ctl(..): ENOENT}, and the output is shut down. A channel that waits for {@code EPOLLERR},
 * of which the kernel tells in any case, always waits for something.
 */
final class EpollRegistration {
  private static final boolean HAS_EPOLL =
      NettyClasses.have("io.netty.channel.epoll.AbstractEpollStreamChannel");

  private EpollRegistration() {}

  /** Keeps a channel registered, if it is one of the epoll transport. In its event loop. */
  static void keep(Channel channel) {
    if (HAS_EPOLL) {
      Flags.keep(channel);
    }
  }

  /** Linked only where Netty's epoll transport is. */
  private static final class Flags {
    /** The protected method {@code setFlag}, or null where it cannot be called. */
    private static final MethodHandle SET = set();

    private static MethodHandle set() {
      try {
        Class<?> owner = AbstractEpollStreamChannel.class.getSuperclass();
        return MethodHandles.privateLookupIn(owner, MethodHandles.lookup())
            .findVirtual(owner, "setFlag", MethodType.methodType(void.class, int.class))
            .asType(MethodType.methodType(void.class, Channel.class, int.class));
      } catch (ReflectiveOperationException | RuntimeException e) {
        return null;
      }
    }

    static void keep(Channel channel) {
      if (SET == null || !(channel instanceof AbstractEpollStreamChannel)) {
        return;
      }
      try {
        SET.invokeExact(channel, EpollIoOps.EPOLLERR.value());
      } catch (Throwable e) {
        // Netty tells it again when it waits.
      }
    }
  }
}
