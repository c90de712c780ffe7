package dev.sluice.tests.channel;

import dev.sluice.Mechanism;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.Tools;
import dev.sluice.tests.support.VirtualThreads;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/** Runs one case: a transfer that would never end, something that happens to it, and the end. */
public final class GuardRun implements AutoCloseable {
  /** What hangs for so long hangs. */
  static final long HANGS_MILLIS = 3_000;

  private static final long ENDLESS = 1L << 40;
  private static final int PIECE = 64 * 1024;
  private static final long STALL_MILLIS = Long.getLong("dev.sluice.tests.stall", 60);
  private static final long MOVE_MILLIS = 30;

  /** Between files some gigabytes move in a second. */
  private static final long FLOOD_MILLIS = 5;

  private static final long SETTLE_MILLIS = 50;
  private static final int ATTEMPTS = 3;

  private final GuardCase guardCase;
  private final ChannelKinds channels;
  private final boolean isNio;
  private Path targetPath;
  private Channel source;
  private Channel target;
  private Channel sourcePeer;
  private Channel targetPeer;
  private FutureTask<Long> reader;
  private long filled;
  private volatile Object end;
  private volatile boolean isUnderWay;
  private volatile long endedAt;
  private volatile boolean wasOver;
  private volatile boolean interrupted;

  private GuardRun(GuardCase guardCase, Path directory, boolean isNio) {
    this.guardCase = guardCase;
    this.isNio = isNio;
    channels = new ChannelKinds(directory);
  }

  static GuardOutcome sluice(GuardCase guardCase, Path directory) throws Exception {
    return outcome(guardCase, directory, false);
  }

  static GuardOutcome nio(GuardCase guardCase, Path directory) throws Exception {
    return outcome(guardCase, directory, true);
  }

  /** A target that was full may have more room later: then nothing happened to the transfer. */
  private static GuardOutcome outcome(GuardCase guardCase, Path directory, boolean isNio)
      throws Exception {
    for (int attempt = 1; ; attempt++) {
      GuardRun run = new GuardRun(guardCase, directory, isNio);
      GuardOutcome outcome = run.run();
      // Not closed where it hangs: to close what a transfer hangs on may hang as well.
      if (!outcome.hung()) {
        run.close();
      }
      boolean hadRoom = run.wasOver && guardCase.pace() == GuardCase.Pace.FULL;
      if (!hadRoom || attempt == ATTEMPTS) {
        return outcome;
      }
    }
  }

  private GuardOutcome run() throws Exception {
    open();
    Thread worker = start(guardCase.carried(), this::transfer);
    boolean moves = guardCase.pace() == GuardCase.Pace.MOVING;
    boolean floods = guardCase.flow().isBetweenFiles();
    while (!isUnderWay || floods && worker.isAlive() && Files.size(targetPath) == 0) {
      Thread.sleep(1);
    }
    Thread.sleep(floods ? FLOOD_MILLIS : moves ? MOVE_MILLIS : STALL_MILLIS);
    long begun = System.nanoTime();
    FutureTask<Long> actor = ChannelPair.started(() -> act(worker));
    worker.join(HANGS_MILLIS);
    boolean isOver = !worker.isAlive();
    long transferMillis = isOver ? millis(begun, endedAt) : -1;
    long actorMillis = actorMillis(actor, begun);
    Object ended = end;
    boolean sourceOpen = source.isOpen();
    boolean targetOpen = target.isOpen();
    long count = ended instanceof Long moved ? moved : -1;
    return new GuardOutcome(
        ended instanceof Throwable e ? e.getClass().getSimpleName() : "count",
        count,
        ended instanceof Throwable e ? message(e) : null,
        transferMillis,
        actorMillis,
        sourceOpen,
        targetOpen,
        interrupted,
        isOver && actorMillis >= 0 ? arrived() : -1);
  }

  /** With what is told beside it: the bytes that had left the source. */
  private static String message(Throwable e) {
    return e.getSuppressed().length == 0 ? e.getMessage() : e.getSuppressed()[0].getMessage();
  }

  private static long actorMillis(FutureTask<Long> actor, long begun) throws Exception {
    try {
      return millis(begun, actor.get(HANGS_MILLIS, TimeUnit.MILLISECONDS));
    } catch (java.util.concurrent.TimeoutException e) {
      return -1;
    }
  }

  private static long millis(long from, long to) {
    return TimeUnit.NANOSECONDS.toMillis(to - from);
  }

  private void open() throws Exception {
    Channel[] sources = pair(guardCase.flow().source, true);
    Channel[] targets = pair(guardCase.flow().target, false);
    source = sources[0];
    sourcePeer = sources[1];
    target = targets[0];
    targetPeer = targets[1];
    boolean moves = guardCase.pace() == GuardCase.Pace.MOVING;
    if (sourcePeer != null && (moves || guardCase.flow().isFull)) {
      WritableByteChannel peer = (WritableByteChannel) sourcePeer;
      ChannelPair.started(() -> feed(peer, moves));
    }
    if (guardCase.pace() == GuardCase.Pace.FULL) {
      filled = fill((SelectableChannel) target);
    }
    switch (guardCase.flow().waits) {
      case FOR_SOURCE -> ((SelectableChannel) target).configureBlocking(false);
      case FOR_TARGET -> ((SelectableChannel) source).configureBlocking(false);
      default -> {}
    }
    if (targetPeer != null && moves) {
      ReadableByteChannel peer = (ReadableByteChannel) targetPeer;
      reader = ChannelPair.started(() -> drain(peer, true));
    }
  }

  /** The near end, and the far one where there is one. */
  private Channel[] pair(GuardCase.Kind kind, boolean isSource) throws Exception {
    return switch (kind) {
      case TCP -> channels.tcp();
      case UNIX -> channels.unix();
      case PIPE -> {
        Pipe pipe = Pipe.open();
        channels.keep(pipe.sink());
        channels.keep(pipe.source());
        yield isSource
            ? new Channel[] {pipe.source(), pipe.sink()}
            : new Channel[] {pipe.sink(), pipe.source()};
      }
      case FIFO -> {
        Path path = channels.path("fifo", new byte[0]);
        Files.delete(path);
        Tools.run("mkfifo", path.toString());
        // Each end waits for the other to be opened.
        FutureTask<FileChannel> peer =
            ChannelPair.started(() -> FileChannel.open(path, StandardOpenOption.READ));
        FileChannel near = channels.keep(FileChannel.open(path, StandardOpenOption.WRITE));
        Channel far = channels.keep(peer.get());
        Files.delete(path);
        yield new Channel[] {near, far};
      }
      case FILE -> {
        Path path = channels.path("guarded", new byte[0]);
        FileChannel file = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
        if (isSource) {
          file.write(ByteBuffer.allocate(1), ENDLESS - 1);
        } else {
          targetPath = path;
        }
        yield new Channel[] {file, null};
      }
    };
  }

  public static Thread start(GuardCase.Carried carried, Runnable task) {
    if (carried == GuardCase.Carried.VIRTUAL) {
      return VirtualThreads.start(task);
    }
    Thread thread = new Thread(task, "guarded");
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void transfer() {
    isUnderWay = true;
    try {
      end = move();
    } catch (Throwable e) {
      end = e;
    }
    endedAt = System.nanoTime();
    interrupted = Thread.currentThread().isInterrupted();
  }

  private long move() throws IOException {
    Mechanism mechanism = guardCase.mechanism();
    ReadableByteChannel from = (ReadableByteChannel) source;
    WritableByteChannel to = (WritableByteChannel) target;
    return switch (guardCase.flow().method) {
      case TRANSFER_TO -> {
        FileChannel file = (FileChannel) from;
        yield isNio ? file.transferTo(0, ENDLESS, to) : mechanism.transferTo(file, 0, ENDLESS, to);
      }
      case TRANSFER_FROM -> {
        FileChannel file = (FileChannel) to;
        yield isNio
            ? file.transferFrom(from, 0, ENDLESS)
            : mechanism.transferFrom(file, from, 0, ENDLESS);
      }
      case TRANSFER -> mechanism.transfer(from, to, ENDLESS);
    };
  }

  private long act(Thread worker) throws IOException {
    wasOver = endedAt != 0;
    Channel peer = guardCase.flow().isFull || sourcePeer == null ? targetPeer : sourcePeer;
    switch (guardCase.act()) {
      case CLOSE_SOURCE -> source.close();
      case CLOSE_TARGET -> target.close();
      case INTERRUPT -> worker.interrupt();
      case SHUTDOWN_INPUT -> ((SocketChannel) source).shutdownInput();
      case SHUTDOWN_OUTPUT -> ((SocketChannel) target).shutdownOutput();
      case PEER_RESET -> {
        if (peer instanceof SocketChannel socket
            && socket.supportedOptions().contains(StandardSocketOptions.SO_LINGER)) {
          socket.setOption(StandardSocketOptions.SO_LINGER, 0);
        }
        peer.close();
      }
      case PEER_END -> {
        if (peer instanceof SocketChannel socket) {
          socket.shutdownOutput();
        } else {
          peer.close();
        }
      }
    }
    return System.nanoTime();
  }

  /** What came out at the far end; the near one is closed for that. */
  private long arrived() throws Exception {
    if (targetPath != null) {
      return Files.size(targetPath);
    }
    if (guardCase.act() == GuardCase.Act.PEER_RESET && targetPeer != null) {
      return -1;
    }
    target.close();
    long all =
        reader != null
            ? reader.get(HANGS_MILLIS, TimeUnit.MILLISECONDS)
            : drain((ReadableByteChannel) targetPeer, false);
    return all - filled;
  }

  /** As much as it takes: how much. */
  private static long fill(SelectableChannel channel) throws Exception {
    channel.configureBlocking(false);
    ByteBuffer bytes = ByteBuffer.allocate(PIECE);
    long filled = 0;
    for (int refused = 0; refused < 2; ) {
      int written = ((WritableByteChannel) channel).write(bytes.clear());
      filled += written;
      if (written > 0) {
        refused = 0;
      } else {
        // The peer's acknowledgement, which comes up to 40 ms later, makes room once more.
        refused++;
        Thread.sleep(SETTLE_MILLIS);
      }
    }
    channel.configureBlocking(true);
    return filled;
  }

  private static long feed(WritableByteChannel peer, boolean slowly) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(PIECE);
    long fed = 0;
    try {
      while (true) {
        fed += peer.write(bytes.clear());
        if (slowly) {
          Thread.sleep(1);
        }
      }
    } catch (IOException e) {
      return fed;
    }
  }

  private static long drain(ReadableByteChannel peer, boolean slowly) throws Exception {
    ByteBuffer bytes = ByteBuffer.allocate(PIECE);
    long drained = 0;
    try {
      for (int read; (read = peer.read(bytes.clear())) >= 0; ) {
        drained += read;
        if (slowly) {
          Thread.sleep(1);
        }
      }
    } catch (IOException e) {
      return drained;
    }
    return drained;
  }

  @Override
  public void close() throws IOException {
    channels.close();
    if (targetPath != null) {
      Files.delete(targetPath);
    }
  }
}
