package dev.sluice.bench.netty;

import com.sun.management.ThreadMXBean;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.measure.Affinity;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.OptionalInt;
import java.util.concurrent.TimeUnit;

/**
 * A peer, Netty's channel to it, and the event loop that serves the channel. A pass over the file
 * is one task of the event loop, which begins each piece when the one before it has ended.
 */
final class NettyConnection implements Closeable {
  private static final long PATIENCE_SECONDS = 30;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final Peer peer;
  private final NettyEventLoops loops;
  private final EventLoopGroup group;
  private SocketChannel channel;

  NettyConnection(Peer peer, NettyEventLoops loops) throws IOException {
    this.peer = peer;
    this.loops = loops;
    EventLoopGroup joined = null;
    try {
      joined = loops.join();
      group = joined;
      channel = loops.transport().connect(peer, group);
      place();
    } catch (IOException | RuntimeException | Error e) {
      if (joined != null) {
        loops.leave();
      }
      peer.close();
      throw e;
    }
  }

  /** Has the event loop run where the thread of every other contender runs. */
  private void place() throws IOException {
    OptionalInt cpu = peer.conditions().placement().near();
    if (cpu.isPresent()) {
      inLoop(
          () -> {
            Affinity.runOn(cpu.getAsInt());
            return null;
          });
    }
  }

  Peer peer() {
    return peer;
  }

  SocketChannel channel() {
    return channel;
  }

  /** Whether {@code TCP_NODELAY} is on at Netty's end, as the kernel says. */
  boolean hasNoDelay() {
    return channel.config().isTcpNoDelay();
  }

  /** Begins to move a piece, in the event loop. */
  interface PieceStart {
    ChannelFuture begin(long start, long count) throws IOException;
  }

  /** Moves pieces one after another, and returns when the last has ended. */
  void run(long region, long piece, PieceStart pieceStart) throws IOException {
    Promise<Void> done = channel.eventLoop().newPromise();
    channel.eventLoop().execute(() -> next(0, region, piece, pieceStart, done));
    if (!done.awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new EOFException("Netty has not moved the bytes for " + PATIENCE_SECONDS + " s");
    }
    if (!done.isSuccess()) {
      throw new IOException("Netty: " + done.cause(), done.cause());
    }
  }

  private void next(long from, long region, long piece, PieceStart pieceStart, Promise<Void> done) {
    try {
      for (long start = from; start < region; ) {
        long count = Math.min(piece, region - start);
        long end = start + count;
        ChannelFuture moved = pieceStart.begin(start, count);
        if (!moved.isDone()) {
          moved.addListener(
              future -> {
                if (future.isSuccess()) {
                  next(end, region, piece, pieceStart, done);
                } else {
                  done.tryFailure(future.cause());
                }
              });
          return;
        }
        if (!moved.isSuccess()) {
          done.tryFailure(moved.cause());
          return;
        }
        start = end;
      }
      done.trySuccess(null);
    } catch (IOException | RuntimeException e) {
      done.tryFailure(e);
    }
  }

  /**
   * Times pieces, each from its begin until its future is complete, in the event loop.
   *
   * @return the bytes that the event loop's thread allocated meanwhile
   */
  long time(long piece, double[] micros, PieceStart pieceStart) throws IOException {
    long thread = inLoop(() -> Thread.currentThread().getId());
    long allocated = THREADS.getThreadAllocatedBytes(thread);
    run(piece * micros.length, piece, (start, count) -> timed(start, count, micros, pieceStart));
    return THREADS.getThreadAllocatedBytes(thread) - allocated;
  }

  private static ChannelFuture timed(long start, long count, double[] micros, PieceStart pieceStart)
      throws IOException {
    int call = (int) (start / count);
    long begun = System.nanoTime();
    ChannelFuture moved = pieceStart.begin(start, count);
    if (moved.isDone()) {
      micros[call] = (System.nanoTime() - begun) / 1e3;
      return moved;
    }
    return moved.addListener(done -> micros[call] = (System.nanoTime() - begun) / 1e3);
  }

  /** Runs a task in the event loop. */
  <T> T inLoop(Fixture.Task<T> task) throws IOException {
    Future<T> done = channel.eventLoop().submit(task::run);
    done.awaitUninterruptibly();
    if (!done.isSuccess()) {
      throw new IOException("Netty: " + done.cause(), done.cause());
    }
    return done.getNow();
  }

  /** Has the kernel send the bytes that Nagle's algorithm holds back. */
  void flush() {
    if (!peer.conditions().noDelay()) {
      channel.config().setTcpNoDelay(true);
      channel.config().setTcpNoDelay(false);
    }
  }

  /** Connects anew, after a transfer that failed has left the old connection in any state. */
  void reconnect() throws IOException {
    channel.close().awaitUninterruptibly();
    peer.reconnect();
    channel = loops.transport().connect(peer, group);
    place();
  }

  @Override
  public void close() throws IOException {
    try (peer) {
      channel.close().awaitUninterruptibly();
      loops.leave();
    }
  }
}
