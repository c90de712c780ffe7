package dev.sluice.bench.selector;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One pass over the file for one connection. It sends until the socket is full, and goes on when
 * the selector says that the socket has room again.
 */
final class Pass {
  private static final long PATIENCE_SECONDS = 30;

  private final CompletableFuture<Void> done = new CompletableFuture<>();
  private final SocketSend way;
  private final FileChannel file;
  private final SelectionKey key;
  private final long region;
  private final long piece;
  private long at;

  /** A pass that moves the first {@code region} bytes in pieces. */
  Pass(SocketSend way, FileChannel file, SelectionKey key, long region, long piece) {
    this.way = way;
    this.file = file;
    this.key = key;
    this.region = region;
    this.piece = piece;
    key.attach(this);
  }

  /** Goes on, in the thread of the selector. */
  void goOn() {
    try {
      while (at < region) {
        long end = Math.min(at - at % piece + piece, region);
        at += way.send(file, at, end - at, (SocketChannel) key.channel());
        if (at < end) {
          await(SelectionKey.OP_WRITE);
          return;
        }
      }
      await(0);
      done.complete(null);
    } catch (IOException | RuntimeException e) {
      key.cancel();
      done.completeExceptionally(e);
    }
  }

  private void await(int interest) {
    if (key.interestOps() != interest) {
      key.interestOps(interest);
    }
  }

  /** Waits for the end, in another thread. */
  void join() throws IOException {
    try {
      done.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new EOFException("the bytes have not moved for " + PATIENCE_SECONDS + " s");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while a pass ran", e);
    } catch (ExecutionException e) {
      throw new IOException("selector: " + e.getCause(), e.getCause());
    }
  }
}
