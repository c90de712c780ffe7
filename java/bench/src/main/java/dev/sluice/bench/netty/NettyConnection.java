package dev.sluice.bench.netty;

import com.sun.management.ThreadMXBean;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.Peer;
import io.netty.channel.ChannelFuture;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.socket.SocketChannel;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.util.concurrent.TimeUnit;

/**
 * A peer, a channel of Netty's to it and the event loop that serves it. A pass over the file is one
 * task of that loop, which begins each piece when the one before it has ended.
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
    } catch (IOException | RuntimeException | Error e) {
      if (joined != null) {
        loops.leave();
      }
      peer.close();
      throw e;
    }
  }

  Peer peer() {
    return peer;
  }

  SocketChannel channel() {
    return channel;
  }

  /** How a piece is begun, in the event loop. */
  interface Piece {
    ChannelFuture begin(long start, long count) throws IOException;
  }

  /** Moves pieces one after another, and returns when the last has ended. */
  void run(long region, long piece, Piece way) throws IOException {
    Promise<Void> done = channel.eventLoop().newPromise();
    channel.eventLoop().execute(() -> next(0, region, piece, way, done));
    if (!done.awaitUninterruptibly(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
      throw new EOFException("Netty has not moved the bytes for " + PATIENCE_SECONDS + " s");
    }
    if (!done.isSuccess()) {
      throw new IOException("Netty: " + done.cause(), done.cause());
    }
  }

  private void next(long from, long region, long piece, Piece way, Promise<Void> done) {
    try {
      for (long start = from; start < region; ) {
        long count = Math.min(piece, region - start);
        long end = start + count;
        ChannelFuture moved = way.begin(start, count);
        if (!moved.isDone()) {
          moved.addListener(
              future -> {
                if (future.isSuccess()) {
                  next(end, region, piece, way, done);
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
  long time(long piece, double[] micros, Piece way) throws IOException {
    long thread = inLoop(() -> Thread.currentThread().getId());
    long allocated = THREADS.getThreadAllocatedBytes(thread);
    run(piece * micros.length, piece, (start, count) -> timed(start, count, micros, way));
    return THREADS.getThreadAllocatedBytes(thread) - allocated;
  }

  private static ChannelFuture timed(long start, long count, double[] micros, Piece way)
      throws IOException {
    int call = (int) (start / count);
    long begun = System.nanoTime();
    ChannelFuture moved = way.begin(start, count);
    if (moved.isDone()) {
      micros[call] = (System.nanoTime() - begun) / 1e3;
      return moved;
    }
    return moved.addListener(done -> micros[call] = (System.nanoTime() - begun) / 1e3);
  }

  /** Does something in the event loop. */
  <T> T inLoop(Fixture.Task<T> task) throws IOException {
    Future<T> done = channel.eventLoop().submit(task::run);
    done.awaitUninterruptibly();
    if (!done.isSuccess()) {
      throw new IOException("Netty: " + done.cause(), done.cause());
    }
    return done.getNow();
  }

  /** A new connection, after a transfer that failed has left the old one in any state. */
  void reconnect() throws IOException {
    channel.close().awaitUninterruptibly();
    peer.reconnect();
    channel = loops.transport().connect(peer, group);
  }

  @Override
  public void close() throws IOException {
    try (peer) {
      channel.close().awaitUninterruptibly();
      loops.leave();
    }
  }
}
