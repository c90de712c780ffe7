package dev.sluice.tests.channel;

import dev.sluice.Mechanism;
import dev.sluice.tests.support.ChannelPair;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;

/**
 * Runs one case: starts a transfer that would never end, does one act to it, and observes its end.
 */
public final class GuardRun {
  /** A call that has not ended after so long counts as hanging. */
  static final long HANGS_MILLIS = 3_000;

  private static final int LOOKS = 30;
  private static final long STALL_MILLIS = Long.getLong("dev.sluice.tests.stall", 60);
  private static final long MOVE_MILLIS = 30;

  /** Between files some gigabytes move in a second. */
  private static final long FLOOD_MILLIS = 5;

  private static final int ATTEMPTS = 3;

  private final GuardCase guardCase;
  private final GuardChannels channels;
  private final boolean isNio;
  private volatile Object end;
  private volatile boolean isUnderWay;
  private volatile long endedAt;
  private volatile boolean wasOver;
  private volatile boolean interrupted;

  private GuardRun(GuardCase guardCase, Path directory, boolean isNio) throws Exception {
    this.guardCase = guardCase;
    this.isNio = isNio;
    channels = new GuardChannels(guardCase, directory);
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
      // A transfer that hangs keeps its channels: closing them may hang as well.
      if (!outcome.hung()) {
        run.channels.close();
      }
      boolean hadRoom = run.wasOver && guardCase.pace() == GuardCase.Pace.FULL;
      if (!hadRoom || attempt == ATTEMPTS) {
        return outcome;
      }
    }
  }

  private GuardOutcome run() throws Exception {
    Thread worker = guardCase.carried().start(this::transfer);
    boolean moves = guardCase.pace() == GuardCase.Pace.MOVING;
    boolean floods = guardCase.flow().isBetweenFiles();
    while (!isUnderWay || floods && worker.isAlive() && Files.size(channels.targetPath) == 0) {
      Thread.sleep(1);
    }
    Thread.sleep(floods ? FLOOD_MILLIS : moves ? MOVE_MILLIS : STALL_MILLIS);
    long begun = System.nanoTime();
    FutureTask<Long> actor = ChannelPair.started(() -> act(worker));
    boolean isOver = hasEnded(worker);
    long transferMillis = isOver ? millis(begun, endedAt) : -1;
    String hangs = isOver ? null : "hangs at " + Arrays.toString(worker.getStackTrace());
    long actorMillis = actorMillis(actor, begun);
    Object ended = end;
    boolean sourceOpen = channels.source.isOpen();
    boolean targetOpen = channels.target.isOpen();
    long count = ended instanceof Long moved ? moved : -1;
    return new GuardOutcome(
        ended instanceof Throwable e ? e.getClass().getSimpleName() : "count",
        count,
        ended instanceof Throwable e ? message(e) : hangs,
        transferMillis,
        actorMillis,
        sourceOpen,
        targetOpen,
        interrupted,
        isOver && actorMillis >= 0 ? channels.arrived() : -1);
  }

  /**
   * Waits for a thread, at most until it counts as hanging. Where the machine stands still for a
   * while, that is one look of many.
   */
  static boolean hasEnded(Thread worker) throws InterruptedException {
    for (int look = 0; look < LOOKS && worker.isAlive(); look++) {
      worker.join(HANGS_MILLIS / LOOKS);
    }
    return !worker.isAlive();
  }

  /**
   * The message of the suppressed exception, if there is one: it counts the bytes that had left the
   * source.
   */
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
    ReadableByteChannel from = (ReadableByteChannel) channels.source;
    WritableByteChannel to = (WritableByteChannel) channels.target;
    return switch (guardCase.flow().method) {
      case TRANSFER_TO -> {
        FileChannel file = (FileChannel) from;
        yield isNio
            ? file.transferTo(0, GuardChannels.ENDLESS, to)
            : mechanism.transferTo(file, 0, GuardChannels.ENDLESS, to);
      }
      case TRANSFER_FROM -> {
        FileChannel file = (FileChannel) to;
        yield isNio
            ? file.transferFrom(from, 0, GuardChannels.ENDLESS)
            : mechanism.transferFrom(file, from, 0, GuardChannels.ENDLESS);
      }
      case TRANSFER -> mechanism.transfer(from, to, GuardChannels.ENDLESS);
    };
  }

  private long act(Thread worker) throws IOException {
    wasOver = endedAt != 0;
    Channel peer =
        guardCase.flow().isFull || channels.sourcePeer == null
            ? channels.targetPeer
            : channels.sourcePeer;
    switch (guardCase.act()) {
      case CLOSE_SOURCE -> channels.source.close();
      case CLOSE_TARGET -> channels.target.close();
      case INTERRUPT -> worker.interrupt();
      case SHUTDOWN_INPUT -> ((SocketChannel) channels.source).shutdownInput();
      case SHUTDOWN_OUTPUT -> ((SocketChannel) channels.target).shutdownOutput();
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
}
