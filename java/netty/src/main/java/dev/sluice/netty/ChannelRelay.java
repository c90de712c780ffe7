package dev.sluice.netty;

import io.netty.channel.Channel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.IOException;
import java.nio.channels.ClosedChannelException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Moves what each of two channels of Netty receives to the other, until both directions have ended:
 * a proxy, a tunnel. Between two channels of one event loop, on the NIO or the epoll transport, the
 * bytes go by {@code splice(2)}; no {@link io.netty.buffer.ByteBuf} has them but where a socket is
 * full and Netty has to wait for it.
 *
 * <pre>{@code
 * ChannelRelay.between(client, server).idle(Duration.ofMinutes(5)).run()
 *     .addListener(ended -> { client.close(); server.close(); });
 * }</pre>
 *
 * <p>The end of what a peer sends becomes {@code shutdownOutput} of the other channel, and the
 * other direction goes on. A reset, or an error of either socket, fails the relay and closes both
 * channels; the other peer sees a reset too, so that no stream that was cut short looks complete.
 * In every other ending both channels are left open, and as they were.
 *
 * <p>The bytes are those of the sockets only while a pipeline has no handler but the relay's own.
 * With others, as a {@code SslHandler}, the relay takes the {@code ByteBuf}s that come out of them
 * and writes them through those of the other channel. So it does with two event loops, and on the
 * io_uring transport. A channel is not read while what it has given waits for the other.
 *
 * <p>Netty's own {@code AbstractEpollStreamChannel.spliceTo} is one direction, of at most 2 GiB or
 * until it is cancelled, between two epoll channels; Netty 4.2 has deprecated it.
 *
 * @since 0.1.0
 */
public final class ChannelRelay {
  private final Channel a;
  private final Channel b;
  private final Promise<Void> promise;
  private final RelayedChannel ofA;
  private final RelayedChannel ofB;
  private long idleNanos;
  private boolean isBegun;
  private volatile long lastMoved = System.nanoTime();

  private ChannelRelay(Channel a, Channel b) {
    this.a = Objects.requireNonNull(a, "a");
    this.b = Objects.requireNonNull(b, "b");
    if (a == b) {
      throw new IllegalArgumentException("a channel is not relayed to itself: " + a);
    }
    promise = a.eventLoop().newPromise();
    ofA = new RelayedChannel(this, a);
    ofB = new RelayedChannel(this, b);
    ofA.relayTo(ofB);
    ofB.relayTo(ofA);
  }

  /**
   * A relay between two channels, which has not begun.
   *
   * @param a a channel, connected and registered with an event loop
   * @param b another
   * @return the relay
   * @throws IllegalArgumentException if both are one channel
   */
  public static ChannelRelay between(Channel a, Channel b) {
    return new ChannelRelay(a, b);
  }

  /**
   * Ends the relay when no byte has moved in either direction for so long.
   *
   * @param limit how long
   * @return this relay
   * @throws IllegalArgumentException if the limit is not above 0
   * @throws IllegalStateException if the relay has begun
   */
  public ChannelRelay idle(Duration limit) {
    if (limit.isZero() || limit.isNegative()) {
      throw new IllegalArgumentException("a limit that is not above 0: " + limit);
    }
    ensureNotBegun();
    idleNanos = TimeUnit.NANOSECONDS.convert(limit);
    return this;
  }

  /**
   * Begins, and answers at once. What arrives before belongs to the channels' handlers: call it in
   * the event loop, or with channels that do not read by themselves yet.
   *
   * @return succeeds when both directions have ended. It fails with the {@link IOException} of a
   *     socket; with {@link ClosedChannelException} if a channel was closed, and then the other is
   *     open; with {@link TimeoutException} at the limit of {@link #idle}; with {@link
   *     CancellationException} after {@link #close}. Bytes that had left one socket and did not
   *     reach the other are told by a suppressed {@link dev.sluice.StrandedBytesException}
   * @throws IllegalStateException if the relay has begun
   */
  public Future<Void> run() {
    ensureNotBegun();
    isBegun = true;
    ofA.begin();
    ofB.begin();
    if (idleNanos > 0) {
      lastMoved = System.nanoTime();
      a.eventLoop().schedule(this::look, idleNanos, TimeUnit.NANOSECONDS);
    }
    return promise;
  }

  private void ensureNotBegun() {
    if (isBegun) {
      throw new IllegalStateException("the relay has begun");
    }
  }

  /** Looks how long nothing has moved. */
  private void look() {
    if (promise.isDone()) {
      return;
    }
    long left = idleNanos - (System.nanoTime() - lastMoved);
    if (left > 0) {
      a.eventLoop().schedule(this::look, left, TimeUnit.NANOSECONDS);
    } else {
      end(new TimeoutException("no byte has moved for " + Duration.ofNanos(idleNanos)));
    }
  }

  /**
   * Returns how many bytes {@code b}'s peer has sent to {@code a}'s so far.
   *
   * @return bytes
   */
  public long toA() {
    return ofB.moved();
  }

  /**
   * Returns how many bytes {@code a}'s peer has sent to {@code b}'s so far.
   *
   * @return bytes
   */
  public long toB() {
    return ofA.moved();
  }

  /** Ends the relay, and leaves both channels open. It has no effect on a relay that has ended. */
  public void close() {
    end(new CancellationException("the relay was closed"));
  }

  boolean hasBeenEnded() {
    return promise.isDone();
  }

  /** Notes that bytes have moved. */
  void hasMoved() {
    if (idleNanos > 0) {
      lastMoved = System.nanoTime();
    }
  }

  /** Notes that a direction has ended. */
  void hasEnded() {
    if (ofA.isOver() && ofB.isOver()) {
      end(null);
    }
  }

  /** Ends the relay for an error of either connection. */
  void breakOff(Throwable cause) {
    if (end(cause)) {
      ofA.reset();
      ofB.reset();
    }
  }

  /**
   * Ends the relay.
   *
   * @param cause why, or null if both directions have ended
   * @return whether it had not ended before
   */
  boolean end(Throwable cause) {
    boolean isFirst = cause == null ? promise.trySuccess(null) : promise.tryFailure(cause);
    if (isFirst) {
      ofA.end();
      ofB.end();
    }
    return isFirst;
  }
}
