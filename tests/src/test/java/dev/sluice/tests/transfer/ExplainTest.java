package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.TransferReport;
import dev.sluice.TransferReport.Ending;
import dev.sluice.TransferReport.Pages;
import dev.sluice.TransferReport.Step;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.TransferObserver;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.FutureTask;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** The reports of explainTransferTo and explainTransferFrom are true. */
@Tag("both-guards")
@Tag("emulated")
class ExplainTest {
  private static final int SIZE = ChannelKinds.SIZE;

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> toEveryKindTheStepsAddUp() {
    return Stream.of(ChannelKinds.TargetKind.values())
        .map(
            kind ->
                dynamicTest(
                    kind.name(),
                    () -> {
                      try (ChannelKinds channels = new ChannelKinds(directory)) {
                        WritableByteChannel target = channels.target(kind).channel();
                        for (long count : new long[] {100, 20_000, Long.MAX_VALUE}) {
                          assertAddsUp(Sluice.explainTransferTo(file(channels), 7, count, target));
                        }
                      }
                    }));
  }

  @TestFactory
  Stream<DynamicTest> fromEveryKindTheStepsAddUp() {
    return Stream.of(ChannelKinds.SourceKind.values())
        .map(
            kind ->
                dynamicTest(
                    kind.name(),
                    () -> {
                      try (ChannelKinds channels = new ChannelKinds(directory)) {
                        ReadableByteChannel source =
                            channels.source(kind, TransferObserver.CONTENT);
                        FileChannel target = emptyFile(channels, StandardOpenOption.WRITE);
                        for (long count : new long[] {100, 1000, Long.MAX_VALUE}) {
                          assertAddsUp(Sluice.explainTransferFrom(target, source, 7, count));
                        }
                      }
                    }));
  }

  private static void assertAddsUp(TransferReport report) {
    String text = report.toString();
    assertEquals(report.bytes(), report.steps().stream().mapToLong(Step::bytes).sum(), text);
    if (report.syscalls() >= 0) {
      long calls = report.steps().stream().mapToLong(Step::syscalls).sum();
      assertEquals(report.syscalls(), calls, text);
      assertTrue(calls > 0, text);
    } else {
      assertEquals(-1, report.syscalls(), text);
    }
  }

  @Test
  void aTransferThatReachesItsCountIsComplete() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      WritableByteChannel target = channels.target(ChannelKinds.TargetKind.TCP).channel();
      TransferReport report = Sluice.explainTransferTo(file(channels), 0, 10_000, target);
      Step step = new Step(Mechanism.SENDFILE, 10_000, 1, null);
      assertEquals(new TransferReport(10_000, Ending.COMPLETE, List.of(step), 1), report);
      assertEquals("10000 bytes, COMPLETE: SENDFILE 10000 bytes in 1 call", report.toString());
    }
  }

  /** The same trial as the library's, with a file on a disk and a peer of TCP. */
  @Test
  void aStepSaysWhetherThePeerIsGivenThePages() throws IOException {
    for (Mechanism mechanism :
        List.of(Mechanism.SENDFILE, Mechanism.SPLICE, Mechanism.READ_WRITE)) {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        FileChannel file =
            channels.keep(
                FileChannel.open(
                    channels.path("source", new byte[4096]), ChannelKinds.readWrite()));
        SocketChannel[] pair = channels.tcp();
        assertEquals(4096, mechanism.transferTo(file, 0, 4096, pair[0]));
        file.write(ByteBuffer.wrap(new byte[] {1}), 0);
        ByteBuffer arrived = ByteBuffer.allocate(1);
        pair[1].read(arrived);
        Step step = new Step(mechanism, 4096, 1, null);
        assertEquals(arrived.get(0) == 1 ? Pages.SHARED : Pages.COPIED, step.pages());
        if (mechanism != Mechanism.READ_WRITE) {
          String told = (mechanism + " " + step.pages()).toLowerCase(Locale.ROOT).replace('_', ' ');
          assertTrue(Sluice.diagnostics().contains(told), Sluice.diagnostics());
        }
      }
    }
    assertEquals(Pages.UNKNOWN, new Step(Mechanism.REFLINK, 1, 1, null).pages());
  }

  @Test
  void aCountOfNothingIsCompleteWithoutAStep() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      WritableByteChannel target = channels.target(ChannelKinds.TargetKind.TCP).channel();
      TransferReport report = Sluice.explainTransferTo(file(channels), 0, 0, target);
      assertEquals(new TransferReport(0, Ending.COMPLETE, List.of(), 0), report);
      assertEquals("0 bytes, COMPLETE", report.toString());
    }
  }

  @Test
  void aRefusedStepTellsItsErrno() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel target = emptyFile(channels, StandardOpenOption.APPEND);
      TransferReport report = Sluice.explainTransferTo(file(channels), 0, 10_000, target);
      List<Step> steps = report.steps();
      assertEquals(
          List.of(
              new Step(Mechanism.COPY_FILE_RANGE, 0, 1, "EBADF"),
              new Step(Mechanism.READ_WRITE, 10_000, 2, null)),
          steps,
          report.toString());
      assertEquals(Ending.COMPLETE, report.ending());
      assertEquals(3, report.syscalls());
      String text = report.toString();
      String refused = "COPY_FILE_RANGE 0 bytes in 1 call, refused with EBADF";
      assertTrue(text.startsWith("10000 bytes, COMPLETE: "), text);
      assertTrue(text.contains(refused), text);
      assertTrue(text.endsWith("; READ_WRITE 10000 bytes in 2 calls"), text);
    }
  }

  @Test
  void aFullTargetInNonBlockingModeWouldBlock() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel source =
          channels.keep(
              FileChannel.open(
                  channels.path("large", new byte[32 << 20]), ChannelKinds.readWrite()));
      WritableByteChannel target =
          channels.target(ChannelKinds.TargetKind.TCP_NON_BLOCKING).channel();
      TransferReport report = Sluice.explainTransferTo(source, 0, 32 << 20, target);
      assertEquals(Ending.WOULD_BLOCK, report.ending(), report.toString());
      assertTrue(report.bytes() > 0 && report.bytes() < 32 << 20, report.toString());
      while (report.bytes() > 0) {
        report = Sluice.explainTransferTo(source, 0, 32 << 20, target);
      }
      assertEquals(Ending.WOULD_BLOCK, report.ending());
      assertAddsUp(report);
    }
  }

  @Test
  void anEmptySourceInNonBlockingModeWouldBlock() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      ReadableByteChannel source =
          channels.source(ChannelKinds.SourceKind.TCP_NON_BLOCKING_EMPTY, new byte[0]);
      TransferReport report = Sluice.explainTransferFrom(emptyFile(channels), source, 0, 100);
      assertEquals(0, report.bytes());
      assertEquals(Ending.WOULD_BLOCK, report.ending());
    }
  }

  @TestFactory
  Stream<DynamicTest> aSourceThatIsAFileEnds() {
    return Stream.of(
            ChannelKinds.TargetKind.FILE,
            ChannelKinds.TargetKind.APPEND,
            ChannelKinds.TargetKind.TCP,
            ChannelKinds.TargetKind.TCP_NON_BLOCKING,
            ChannelKinds.TargetKind.PIPE,
            ChannelKinds.TargetKind.PIPE_NON_BLOCKING)
        .map(
            kind ->
                dynamicTest(
                    kind.name(),
                    () -> {
                      try (ChannelKinds channels = new ChannelKinds(directory)) {
                        WritableByteChannel target = channels.target(kind).channel();
                        for (long position : new long[] {0, SIZE - 1, SIZE, SIZE + 1}) {
                          TransferReport report =
                              Sluice.explainTransferTo(file(channels), position, SIZE + 1, target);
                          assertEquals(Math.max(0, SIZE - position), report.bytes());
                          assertEquals(Ending.END_OF_FILE, report.ending(), report.toString());
                        }
                      }
                    }));
  }

  @Test
  void aFileThatIsPulledFromEnds() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      TransferReport report =
          Sluice.explainTransferFrom(emptyFile(channels), file(channels), 0, SIZE + 1);
      assertEquals(SIZE, report.bytes());
      assertEquals(Ending.END_OF_FILE, report.ending(), report.toString());
    }
  }

  @TestFactory
  Stream<DynamicTest> aPeerThatHasFinishedHasClosed() {
    return Stream.of(
            ChannelKinds.SourceKind.TCP,
            ChannelKinds.SourceKind.TCP_NON_BLOCKING,
            ChannelKinds.SourceKind.UNIX,
            ChannelKinds.SourceKind.PIPE,
            ChannelKinds.SourceKind.PIPE_NON_BLOCKING)
        .map(
            kind ->
                dynamicTest(
                    kind.name(),
                    () -> {
                      try (ChannelKinds channels = new ChannelKinds(directory)) {
                        FileChannel target = emptyFile(channels);
                        ReadableByteChannel source =
                            channels.source(kind, TransferObserver.CONTENT);
                        long bytes = 0;
                        TransferReport report;
                        do {
                          report = Sluice.explainTransferFrom(target, source, bytes, SIZE + 1);
                          bytes += report.bytes();
                          // In non-blocking mode the call that takes the last bytes need not know.
                        } while (report.ending() == Ending.WOULD_BLOCK);
                        assertEquals(SIZE, bytes);
                        assertEquals(Ending.PEER_CLOSED, report.ending(), report.toString());
                      }
                    }));
  }

  @Test
  void aPeerThatResetsHasClosed() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel source =
          channels.keep(
              FileChannel.open(
                  channels.path("large", new byte[32 << 20]), ChannelKinds.readWrite()));
      SocketChannel[] pair = channels.tcp();
      FutureTask<TransferReport> sender =
          ChannelPair.started(() -> Sluice.explainTransferTo(source, 0, 32 << 20, pair[0]));
      pair[1].read(ByteBuffer.allocate(1));
      pair[1].setOption(StandardSocketOptions.SO_LINGER, 0);
      pair[1].close();
      TransferReport report = sender.get();
      assertEquals(Ending.PEER_CLOSED, report.ending(), report.toString());
      assertTrue(report.bytes() > 0);
      assertAddsUp(report);
    }
  }

  @Test
  void nobodyCountsTheCallsOfAChannelsOwn() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      WritableByteChannel target = channels.target(ChannelKinds.TargetKind.ARBITRARY).channel();
      TransferReport report = Sluice.explainTransferTo(file(channels), 0, SIZE, target);
      assertEquals(SIZE, report.bytes());
      assertEquals(-1, report.syscalls());
      assertNull(report.steps().get(0).refused());
      assertEquals(
          "20000 bytes, COMPLETE: READ_WRITE 20000 bytes in calls of the channel's own",
          report.toString());
    }
  }

  private static FileChannel file(ChannelKinds channels) throws IOException {
    return channels.keep(FileChannel.open(channels.path("source", TransferObserver.CONTENT)));
  }

  private static FileChannel emptyFile(ChannelKinds channels, StandardOpenOption... options)
      throws IOException {
    return channels.keep(
        FileChannel.open(
            channels.path("target", new byte[0]),
            options.length == 0 ? ChannelKinds.readWrite() : options));
  }
}
