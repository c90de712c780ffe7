package dev.sluice;

import dev.sluice.TransferReport.Ending;
import dev.sluice.internal.relay.RelayRun;
import java.io.IOException;
import java.nio.channels.SocketChannel;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * Two connected sockets, both ways at once, until both ways have ended: the middle of a proxy or a
 * tunnel. The bytes go by {@code splice(2)} through a pipe and are not copied.
 *
 * <pre>{@code
 * try (Relay relay = Relay.between(client, server)) {
 *   TransferReport.Ending ending = relay.idle(Duration.ofMinutes(5)).run();
 *   log.println(ending + ": " + relay.toB() + " bytes up, " + relay.toA() + " bytes down");
 * } finally {
 *   client.close();
 *   server.close();
 * }
 * }</pre>
 *
 * <p>The end of one peer's stream becomes the end of the other's ({@link
 * SocketChannel#shutdownOutput}), and the opposite way goes on until it ends too. A connection that
 * breaks ends the relay: both channels are closed, the other peer sees a reset, and {@link #run}
 * throws the kernel's error.
 *
 * <p>A few daemon threads, at most one for each processor, serve all relays of the process. A relay
 * that is idle holds no thread, no pipe and no buffer. A peer that does not read lets the relay
 * take no more from the other: at most a pipe of 1 MiB is in flight each way, beside what the
 * kernel's socket buffers hold.
 *
 * <p>Each channel may be in blocking or in non-blocking mode, and may be registered with selectors.
 * While the relay runs, a channel is in non-blocking mode; afterwards it has the mode that it had.
 * No other thread should read, write or shut down the channels meanwhile. Counters may be read, and
 * {@link #close} called, from any thread. A relay runs once.
 *
 * @since 0.1.0
 */
public final class Relay implements AutoCloseable {
  private final RelayRun run;
  private final AtomicBoolean hasBegun = new AtomicBoolean();

  private Relay(SocketChannel a, SocketChannel b) {
    run = new RelayRun(a, b);
  }

  /**
   * Makes a relay between two sockets, TCP or unix. Nothing moves before {@link #run} or {@link
   * #start}.
   *
   * @param a one socket
   * @param b the other socket
   * @return the relay
   * @throws IllegalArgumentException if both are the same channel
   * @throws UnsupportedOperationException if a channel is not one of the JDK's own
   */
  public static Relay between(SocketChannel a, SocketChannel b) {
    ensureOwn(a);
    ensureOwn(b);
    if (a == b) {
      throw new IllegalArgumentException("a relay needs two channels, not one twice");
    }
    return new Relay(a, b);
  }

  private static void ensureOwn(SocketChannel channel) {
    if (channel.getClass().getModule() != SocketChannel.class.getModule()) {
      throw new UnsupportedOperationException(
          "a relay needs sockets of the JDK's own, not " + channel.getClass().getName());
    }
  }

  /**
   * Ends the relay when no byte has moved in either direction for so long. The ending is then
   * {@link Ending#TIMED_OUT}, and both channels are open.
   *
   * @param limit for how long
   * @return this relay
   * @throws IllegalArgumentException if the limit is not above 0
   * @throws IllegalStateException if the relay was begun
   */
  public Relay idle(Duration limit) {
    long nanos = TransferOptions.nanos(limit);
    if (hasBegun.get()) {
      throw new IllegalStateException("the relay was begun already");
    }
    run.idle(nanos);
    return this;
  }

  /**
   * Relays until both ways have ended. The calling thread waits; a virtual thread is parked.
   *
   * <p>Both channels are open afterwards, unless the result is an exception that says otherwise,
   * and their caller closes them.
   *
   * @return {@link Ending#PEER_CLOSED} if both peers have finished sending, and each was sent all
   *     bytes of the other; {@link Ending#TIMED_OUT} after {@link #idle}; {@link Ending#CANCELLED}
   *     after {@link #close}
   * @throws IllegalStateException if the relay was begun before, or a channel belongs to another
   *     relay that runs
   * @throws java.nio.channels.NotYetConnectedException if a channel is not connected
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted before the
   *     relay has ended; both channels are closed then, and both peers see a reset, or the end
   *     where a socket knows no reset
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes a channel, or
   *     shuts down its output; the other channel is open
   * @throws java.nio.channels.ClosedChannelException if a channel is closed already
   * @throws IOException if a connection breaks, with the kernel's error: both channels are closed
   *     then, and the other peer sees a reset, or the end where a socket knows no reset; or if an
   *     ending by {@link #idle} or {@link #close} leaves bytes that were taken from one socket and
   *     that the other has not taken. Bytes that are lost are told for each way by a {@link
   *     StrandedBytesException} that is suppressed
   */
  public Ending run() throws IOException {
    begin();
    run.begin(null);
    return Ending.valueOf(run.await().name());
  }

  /**
   * Relays until both ways have ended, without a thread of the caller's.
   *
   * <p>The result is that of {@link #run}, exceptions included, but for the {@code
   * IllegalStateException} of a second beginning, which is thrown at once. An interrupt of the
   * calling thread has no effect. What depends on the result runs in the result's default executor.
   * To cancel the result closes the relay. A channel in blocking mode that another thread is
   * reading or writing is waited for.
   *
   * @return the ending that comes
   * @throws IllegalStateException if the relay was begun before
   */
  public CompletableFuture<Ending> start() {
    begin();
    CompletableFuture<Ending> result = new CompletableFuture<>();
    try {
      run.begin((ending, failure) -> tell(result, ending == null ? null : ending.name(), failure));
    } catch (IOException | RuntimeException e) {
      result.completeExceptionally(e);
    }
    result.whenComplete(
        (ending, failure) -> {
          if (result.isCancelled()) {
            run.cancel();
          }
        });
    return result;
  }

  /** What depends on the result is the user's code, and must not keep the thread that tells it. */
  private static void tell(
      CompletableFuture<Ending> result, @Nullable String ending, @Nullable Throwable failure) {
    Runnable completion =
        () -> {
          if (ending == null) {
            result.completeExceptionally(failure);
          } else {
            result.complete(Ending.valueOf(ending));
          }
        };
    Executor executor = result.defaultExecutor();
    try {
      executor.execute(completion);
    } catch (RuntimeException | Error e) {
      completion.run();
    }
  }

  private void begin() {
    if (!hasBegun.compareAndSet(false, true)) {
      throw new IllegalStateException("the relay was begun already");
    }
  }

  /**
   * Returns the bytes that were delivered to the first channel so far.
   *
   * @return the bytes; exact once the relay has ended, however it ended
   */
  public long toA() {
    return run.toA();
  }

  /**
   * Returns the bytes that were delivered to the second channel so far.
   *
   * @return the bytes; exact once the relay has ended, however it ended
   */
  public long toB() {
    return run.toB();
  }

  /**
   * Ends the relay, and waits until it has ended, which takes at most 100 ms. The relay's ending is
   * {@link Ending#CANCELLED}. Both channels stay open, as after a {@link Cancellation}: they belong
   * to those who opened them. A relay that is closed before it begins moves nothing. Closing a
   * relay that has ended has no effect.
   */
  @Override
  public void close() {
    run.cancelAndWait();
  }
}
