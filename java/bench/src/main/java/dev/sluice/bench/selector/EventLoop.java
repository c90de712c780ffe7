package dev.sluice.bench.selector;

import dev.sluice.bench.fixture.Fixture.Task;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * One thread that serves all connections of a contender by a selector, as servers do. It lives from
 * the first connection until the last one is closed.
 */
final class EventLoop {
  private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
  private Selector selector;
  private int connections;

  /** Notes one more connection. */
  synchronized void join() throws IOException {
    if (connections == 0) {
      Selector opened = Selector.open();
      selector = opened;
      Thread thread = new Thread(() -> run(opened), "selector");
      thread.setDaemon(true);
      thread.start();
    }
    connections++;
  }

  /** Notes that a connection is closed. */
  synchronized void leave() throws IOException {
    connections--;
    if (connections == 0) {
      selector.close();
    }
  }

  private void run(Selector opened) {
    try {
      while (opened.isOpen()) {
        opened.select(EventLoop::serve);
        for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
          task.run();
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void serve(SelectionKey key) {
    ((Pass) key.attachment()).goOn();
  }

  private synchronized Selector selector() {
    return selector;
  }

  private void execute(Runnable task) {
    tasks.add(task);
    selector().wakeup();
  }

  /** Has the thread serve a channel, which is in non-blocking mode. */
  SelectionKey register(SocketChannel channel) throws IOException {
    return call(() -> channel.register(selector(), 0));
  }

  /** Begins a pass. */
  void begin(Pass pass) {
    execute(pass::goOn);
  }

  /** Runs a task in the thread, and waits for it. */
  <T> T call(Task<T> task) throws IOException {
    CompletableFuture<T> done = new CompletableFuture<>();
    execute(
        () -> {
          try {
            done.complete(task.run());
          } catch (IOException | RuntimeException e) {
            done.completeExceptionally(e);
          }
        });
    try {
      return done.join();
    } catch (CompletionException e) {
      throw new IOException("selector: " + e.getCause(), e.getCause());
    }
  }
}
