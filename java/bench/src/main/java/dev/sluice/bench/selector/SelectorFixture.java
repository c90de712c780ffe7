package dev.sluice.bench.selector;

import com.sun.management.ThreadMXBean;
import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.fixture.FileToSocketFixture;
import dev.sluice.bench.fixture.OwnFixture;
import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.measure.Affinity;
import dev.sluice.bench.measure.CpuTime;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import java.util.OptionalInt;
import java.util.function.Supplier;

/** From a file to a socket in non-blocking mode whose peer discards. */
public final class SelectorFixture extends FileToSocketFixture implements OwnFixture {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final EventLoop loop;
  private final SocketSend way;
  private SelectionKey key;

  private SelectorFixture(Path file, Conditions conditions, EventLoop loop, SocketSend way)
      throws IOException {
    super(file, null, conditions, Peer.start(file, conditions));
    this.loop = loop;
    this.way = way;
    loop.join();
    connected();
    OptionalInt cpu = conditions.placement().near();
    if (cpu.isPresent()) {
      inWorker(
          () -> {
            Affinity.runOn(cpu.getAsInt());
            return null;
          });
    }
  }

  /**
   * Opens fixtures that one event loop serves.
   *
   * @param ways makes the way of each
   */
  public static Opener opener(Supplier<SocketSend> ways, Conditions conditions) {
    EventLoop loop = new EventLoop();
    return (file, targetDirectory) -> new SelectorFixture(file, conditions, loop, ways.get());
  }

  private void connected() throws IOException {
    SocketChannel channel = (SocketChannel) channels().target();
    channel.configureBlocking(false);
    key = loop.register(channel);
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    Pass pass = new Pass(way, channels().sourceFile(), key, region, piece);
    loop.begin(pass);
    pass.join();
  }

  /** A call that finds the socket full is made again at once: it waits in no selector. */
  @Override
  public long timeCalls(long piece, double[] micros) throws IOException {
    FileChannel source = channels().sourceFile();
    SocketChannel channel = (SocketChannel) channels().target();
    return inWorker(
        () -> {
          long thread = Thread.currentThread().getId();
          long allocated = THREADS.getThreadAllocatedBytes(thread);
          for (int call = 0; call < micros.length; call++) {
            long start = System.nanoTime();
            for (long at = 0; at < piece; ) {
              at += way.send(source, at, piece - at, channel);
            }
            micros[call] = (System.nanoTime() - start) / 1e3;
          }
          return THREADS.getThreadAllocatedBytes(thread) - allocated;
        });
  }

  @Override
  public long cpuNanos() throws IOException {
    return inWorker(CpuTime::ofThread);
  }

  @Override
  public <T> T inWorker(Task<T> task) throws IOException {
    return loop.call(task);
  }

  @Override
  public void reopen() throws IOException {
    super.reopen();
    connected();
  }

  @Override
  public void close() throws IOException {
    try {
      super.close();
    } finally {
      loop.leave();
    }
  }
}
