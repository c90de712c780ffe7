package dev.sluice.tests.chaos;

import dev.sluice.MappedRegion;
import dev.sluice.tests.chaos.RuleViolation.Rule;
import dev.sluice.tests.chaos.Scenario.Event;
import dev.sluice.tests.chaos.Scenario.Kind;
import dev.sluice.tests.chaos.Scenario.Way;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Plays one scenario, and has its rules checked: those about bytes, failures and resets. */
final class ScenarioRun {
  /** How long anything may take that has to end. */
  private static final long LIMIT_MILLIS = 15_000;

  private final Scenario scenario;
  private final ScenarioChannels place;
  private final boolean isPlain;
  private final CountDownLatch transfersAreOver = new CountDownLatch(1);
  private final List<Thread> threads = new ArrayList<>();

  private ScenarioRun(Scenario scenario, ScenarioChannels place, boolean isPlain) {
    this.scenario = scenario;
    this.isPlain = isPlain;
    this.place = place;
  }

  /**
   * Plays it.
   *
   * @param isPlain whether {@link ReadWriteLoop} stands for the library
   * @throws RuleViolation if a rule did not hold
   * @throws IOException if the scenario could not be set up
   */
  static void run(Scenario scenario, Path directory, Fifos fifos, boolean isPlain)
      throws RuleViolation, IOException {
    try (ScenarioChannels place = new ScenarioChannels(directory, fifos)) {
      new ScenarioRun(scenario, place, isPlain).run();
    }
  }

  /** Where in a file of this kind the bytes begin. */
  static long start(Kind kind) {
    return kind == Kind.FILE ? 100 : 0;
  }

  private void run() throws RuleViolation, IOException {
    Scenario.ChannelSetup channels = scenario.channels();
    Kind sourceKind = channels.source();
    Kind targetKind = channels.target();

    SourceWriter sourceWriter = null;
    ReadableByteChannel source;
    Path sourceFile = null;
    if (sourceKind == Kind.FILE) {
      sourceFile = sourceFile();
      source = place.open(sourceFile).position(start(sourceKind));
    } else {
      ScenarioChannels.Pair pair = place.pair(sourceKind, channels.smallBuffers());
      source = pair.reader();
      sourceWriter = new SourceWriter(pair.writer(), scenario.supply(), transfersAreOver);
    }
    TargetReader targetReader = null;
    WritableByteChannel target;
    Path targetFile = null;
    if (targetKind == Kind.FILE) {
      targetFile = place.file("target");
      target = place.open(targetFile).position(start(targetKind));
    } else {
      ScenarioChannels.Pair pair = place.pair(targetKind, channels.smallBuffers());
      target = pair.writer();
      targetReader = new TargetReader(pair.reader(), scenario.drain());
    }
    setMode(source, channels.sourceBlocks());
    setMode(target, channels.targetBlocks());
    MappedRegion region = scenario.how().way() == Way.REGION ? region(source) : null;
    if (region == null && scenario.how().way() == Way.REGION) {
      return;
    }
    FileChannel locked = null;
    if (channels.locked()) {
      locked = (FileChannel) (targetKind == Kind.FILE ? target : source);
      locked.lock();
    }

    SourceWriter feeding = sourceWriter;
    TransferThread transfers =
        new TransferThread(
            scenario,
            source,
            target,
            region,
            () -> feeding == null || feeding.isDone,
            transfersAreOver,
            isPlain);
    ScenarioResult result = new ScenarioResult(scenario, transfers, source, target);
    FailureChecks failures = new FailureChecks(result);
    ResetChecks resets = new ResetChecks(result);
    ByteChecks bytes = new ByteChecks(result, resets);
    Thread fed = start("feeder", sourceWriter);
    Thread drained = start("drainer", targetReader);
    ForeignWriter writer = null;
    PlainReader reader = null;
    switch (scenario.meanwhile().foreign()) {
      case READER -> reader = new PlainReader(source, transfersAreOver);
      case WRITER -> writer = new ForeignWriter(target, transfersAreOver);
      case NOBODY -> {}
    }
    Thread wrote = start("foreign writer", writer);
    Thread read = start("foreign reader", reader);
    Thread moving = DaemonThreads.start("transfers", scenario.how().virtual(), transfers);
    Thread event = start("event", () -> happen(source, target, moving));
    await(event, "the " + scenario.meanwhile().event(), transfers);
    await(moving, "the transfer", transfers);
    await(wrote, "a plain write", transfers);

    failures.closedByInterrupt();
    if (locked != null) {
      bytes.locks(
          locked, java.util.Objects.requireNonNull(targetFile == null ? sourceFile : targetFile));
    }
    if (targetFile == null) {
      target.close();
      await(drained, "the reader of the target", transfers);
      bytes.received(targetReader.received(), writer);
    } else {
      bytes.stored(targetFile);
    }
    if (sourceWriter == null) {
      bytes.sourceFile();
    } else {
      boolean isReadable = source.isOpen() && scenario.meanwhile().event() != Event.SHUTDOWN_INPUT;
      if (isReadable && reader == null) {
        if (scenario.supply().ending() == Scenario.Ending.RESET
            && !scenario.meanwhile().owedToNio()) {
          FileChannel scratch = place.open(place.file("owed"));
          Thread owed = start("owed", () -> resets.owedToSluice(scratch, () -> feeding.isDone));
          await(owed, "the transfer of the rest", transfers);
          resets.owed();
        }
        reader = new PlainReader(source, transfersAreOver);
        read = start("reader of the rest", reader);
      }
      if (isReadable) {
        await(read, "a plain read", transfers);
      }
      source.close();
      await(fed, "the writer of the source", transfers);
      await(read, "a plain read", transfers);
      bytes.sum(sourceWriter.fed, isReadable ? reader : null);
    }
    failures.reasons(writer != null && writer.hasFailed);
    if (region != null) {
      region.close();
    }
  }

  private Path sourceFile() throws IOException {
    Path path = place.file("source");
    byte[] content = new byte[(int) start(Kind.FILE) + scenario.supply().bytes()];
    System.arraycopy(
        ContentPattern.sent(), 0, content, (int) start(Kind.FILE), scenario.supply().bytes());
    return Files.write(path, content);
  }

  /** A region over the source, or null where it may not be mapped. */
  private static @Nullable MappedRegion region(ReadableByteChannel source) throws IOException {
    FileChannel file = (FileChannel) source;
    long size = file.size();
    try {
      return MappedRegion.map(file, FileChannel.MapMode.READ_ONLY, 0, size);
    } catch (IOException e) {
      return null;
    }
  }

  private static void setMode(Channel channel, boolean blocking) throws IOException {
    if (channel instanceof SelectableChannel selectable) {
      selectable.configureBlocking(blocking);
    }
  }

  private @Nullable Thread start(String name, @Nullable Runnable task) {
    if (task == null) {
      return null;
    }
    Thread thread = DaemonThreads.start(name, false, task);
    threads.add(thread);
    return thread;
  }

  private void happen(ReadableByteChannel source, WritableByteChannel target, Thread moving) {
    Event event = scenario.meanwhile().event();
    if (event == Event.NOTHING) {
      return;
    }
    DaemonThreads.sleep(scenario.meanwhile().afterMillis());
    try {
      switch (event) {
        case NOTHING -> {}
        case CLOSE_SOURCE -> source.close();
        case CLOSE_TARGET -> target.close();
        case INTERRUPT -> moving.interrupt();
        case SHUTDOWN_OUTPUT -> ((SocketChannel) target).shutdownOutput();
        case SHUTDOWN_INPUT -> ((SocketChannel) source).shutdownInput();
      }
    } catch (IOException e) {
      // It is closed already, or its peer has gone.
    }
  }

  private void await(@Nullable Thread thread, String what, TransferThread transfers)
      throws RuleViolation {
    if (thread == null) {
      return;
    }
    try {
      thread.join(LIMIT_MILLIS);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    if (thread.isAlive()) {
      StringBuilder where = new StringBuilder();
      for (StackTraceElement frame : thread.getStackTrace()) {
        where.append("\n    at ").append(frame);
      }
      throw new RuleViolation(
          Rule.END,
          what
              + " has not ended after "
              + TimeUnit.MILLISECONDS.toSeconds(LIMIT_MILLIS)
              + " s; before, "
              + transfers.told()
              + where);
    }
  }
}
