package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.TransferObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import jdk.jfr.Recording;
import jdk.jfr.consumer.RecordedEvent;
import jdk.jfr.consumer.RecordingFile;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The flight recorder's event of a transfer. */
@Tag("both-guards")
class TransferEventTest {
  private static final String NAME = "dev.sluice.Transfer";

  @TempDir Path directory;

  @Test
  void aTransferIsOneEventThatTellsWhatTheReportTells() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      WritableByteChannel target = channels.target(ChannelKinds.TargetKind.TCP).channel();
      FileChannel source = file(channels);
      List<RecordedEvent> events =
          recorded(true, () -> Sluice.transferTo(source, 0, ChannelKinds.SIZE + 1, target));
      assertEquals(1, events.size(), events::toString);
      RecordedEvent event = events.get(0);
      assertEquals("FileChannelImpl", event.getString("source"));
      assertEquals("SocketChannelImpl", event.getString("target"));
      assertEquals(ChannelKinds.SIZE + 1, event.getLong("count"));
      assertEquals(ChannelKinds.SIZE, event.getLong("bytes"));
      assertEquals("END_OF_FILE", event.getString("ending"));
      assertTrue(event.getLong("syscalls") > 0);
      String steps = event.getString("steps");
      assertTrue(steps.contains("SENDFILE " + ChannelKinds.SIZE + " bytes "), steps);
      assertTrue(event.getDuration().toNanos() > 0);
      assertEquals(Thread.currentThread().getName(), event.getThread().getJavaName());
    }
  }

  @Test
  void anEventNamesTheFileAndThePeer() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Path named = channels.path("source", TransferObserver.CONTENT).toRealPath();
      String path = named.toString();
      FileChannel source = channels.keep(FileChannel.open(named));
      SocketChannel socket = channels.tcp()[0];
      InetSocketAddress peer = (InetSocketAddress) socket.getRemoteAddress();
      Pipe pipe = Pipe.open();
      channels.keep(pipe.source());
      channels.keep(pipe.sink());
      List<RecordedEvent> events =
          recorded(
              true,
              () -> {
                Sluice.transferTo(source, 0, 1000, socket);
                Files.delete(named);
                Sluice.transferTo(source, 0, 1000, pipe.sink());
                // It closes both channels.
                Thread.currentThread().interrupt();
                assertThrows(
                    ClosedByInterruptException.class,
                    () -> Sluice.transferTo(source, 0, 1000, socket));
                Thread.interrupted();
              });
      assertEquals(3, events.size());
      String address = peer.getAddress().getHostAddress() + ":" + peer.getPort();
      assertEquals(List.of(path, address), names(events.get(0)));
      assertEquals(Arrays.asList(path + " (deleted)", null), names(events.get(1)));
      assertEquals(List.of(path + " (deleted)", address), names(events.get(2)));
    }
  }

  @Test
  void aUnixSocketIsNamedByItsPathIfItHasOne() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] pair = channels.unix();
      String path = pair[0].getRemoteAddress().toString();
      SocketChannel named = path.isEmpty() ? pair[1] : pair[0];
      SocketChannel other = path.isEmpty() ? pair[0] : pair[1];
      FileChannel source = file(channels);
      List<RecordedEvent> events =
          recorded(
              true,
              () -> {
                Sluice.transferTo(source, 0, 10, named);
                Sluice.transferTo(source, 0, 10, other);
              });
      assertEquals(named.getRemoteAddress().toString(), events.get(0).getString("to"));
      assertNull(events.get(1).getString("to"));
    }
  }

  @Test
  void aCopyIsOneEvent() throws IOException {
    Path source = Files.write(directory.resolve("source"), TransferObserver.CONTENT);
    Path target = directory.resolve("target");
    List<RecordedEvent> events =
        recorded(
            true,
            () -> {
              Sluice.copy(source, target);
              assertThrows(FileAlreadyExistsException.class, () -> Sluice.copy(source, target));
            });
    assertEquals(2, events.size());
    for (RecordedEvent event : events) {
      assertEquals(List.of(source.toString(), target.toString()), names(event));
      assertEquals("UnixPath", event.getString("source"));
      assertEquals(ChannelKinds.SIZE, event.getLong("count"));
    }
    assertEquals("COMPLETE", events.get(0).getString("ending"));
    assertEquals(ChannelKinds.SIZE, events.get(0).getLong("bytes"));
    assertTrue(events.get(0).getString("steps").contains(ChannelKinds.SIZE + " bytes"));
    assertEquals("FAILED", events.get(1).getString("ending"));
    assertEquals(0, events.get(1).getLong("bytes"));
  }

  private static List<String> names(RecordedEvent event) {
    return Arrays.asList(event.getString("from"), event.getString("to"));
  }

  @Test
  void everyMethodIsRecordedOnce() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Pipe pipe = Pipe.open();
      channels.keep(pipe.source());
      channels.keep(pipe.sink());
      FileChannel source = file(channels);
      FileChannel target = emptyFile(channels, StandardOpenOption.WRITE);
      List<RecordedEvent> events =
          recorded(
              true,
              () -> {
                Sluice.transferTo(source, 0, 1000, pipe.sink());
                Sluice.transferFrom(target, pipe.source(), 0, 1000);
                Mechanism.READ_WRITE.transferTo(source, 0, 1001, target);
                Sluice.explainTransferFrom(target, source, 0, 1002);
                Sluice.transfer(source, pipe.sink(), 1003);
              });
      assertEquals(
          List.of(1000L, 1000L, 1001L, 1002L, 1003L),
          events.stream().map(event -> event.getLong("bytes")).toList());
      assertTrue(events.stream().allMatch(event -> event.getString("ending").equals("COMPLETE")));
    }
  }

  @Test
  void aRefusedStepIsPartOfTheEvent() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel source = file(channels);
      FileChannel target = emptyFile(channels, StandardOpenOption.APPEND);
      List<RecordedEvent> events = recorded(true, () -> Sluice.transferTo(source, 0, 1000, target));
      String steps = events.get(0).getString("steps");
      assertTrue(steps.contains("COPY_FILE_RANGE 0 bytes 1 calls refused EBADF"), steps);
      assertTrue(steps.contains("READ_WRITE 1000 bytes 2 calls"), steps);
      assertEquals(3, events.get(0).getLong("syscalls"));
    }
  }

  @Test
  void aTransferThatThrowsHasFailed() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel source = file(channels);
      FileChannel target = emptyFile(channels, StandardOpenOption.APPEND);
      List<RecordedEvent> events =
          recorded(
              true,
              () ->
                  assertThrows(
                      UnsupportedMechanismException.class,
                      () -> Mechanism.SENDFILE.transferTo(source, 0, 1000, target)));
      assertEquals(1, events.size());
      assertEquals("FAILED", events.get(0).getString("ending"));
      assertEquals(0, events.get(0).getLong("bytes"));
      // Two of them ask whether the two files are one.
      assertEquals("SENDFILE 0 bytes 3 calls refused EINVAL", events.get(0).getString("steps"));
    }
  }

  @Test
  void aFileThatEndsBeforeANonBlockingTargetIsFullHasEnded() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel source = file(channels);
      WritableByteChannel target =
          channels.target(ChannelKinds.TargetKind.TCP_NON_BLOCKING).channel();
      List<RecordedEvent> events =
          recorded(true, () -> Sluice.transfer(source, target, ChannelKinds.SIZE + 1));
      assertEquals("END_OF_FILE", events.get(0).getString("ending"));
    }
  }

  @Test
  void aChannelWithoutADescriptorIsRecordedOnceAsWell() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel source = file(channels);
      FileChannel target = emptyFile(channels, StandardOpenOption.WRITE);
      ReadableByteChannel bytes =
          Channels.newChannel(new ByteArrayInputStream(TransferObserver.CONTENT));
      WritableByteChannel sink = Channels.newChannel(OutputStream.nullOutputStream());
      List<RecordedEvent> events =
          recorded(
              true,
              () -> {
                Sluice.transferTo(source, 0, 1000, sink);
                Sluice.transferFrom(target, bytes, 0, 1001);
                Sluice.transfer(source, sink, 1002);
                Sluice.transferTo(source, 0, 0, sink);
              });
      assertEquals(
          List.of(
              "COMPLETE READ_WRITE 1000 bytes",
              "COMPLETE READ_WRITE 1001 bytes",
              "COMPLETE READ_WRITE 1002 bytes",
              "COMPLETE "),
          events.stream()
              .map(event -> event.getString("ending") + " " + event.getString("steps"))
              .toList());
    }
  }

  @Test
  void nothingIsRecordedUnlessSomebodyAsksForIt() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      WritableByteChannel target = channels.target(ChannelKinds.TargetKind.TCP).channel();
      FileChannel source = file(channels);
      assertEquals(
          List.of(),
          recorded(false, () -> Sluice.transferTo(source, 0, ChannelKinds.SIZE, target)));
    }
  }

  private interface Transfers {
    void run() throws IOException;
  }

  private List<RecordedEvent> recorded(boolean asks, Transfers transfers) throws IOException {
    try (Recording recording = new Recording()) {
      if (asks) {
        recording.enable(NAME);
      }
      recording.start();
      transfers.run();
      recording.stop();
      Path path = directory.resolve("recording.jfr");
      recording.dump(path);
      return RecordingFile.readAllEvents(path).stream()
          .filter(event -> event.getEventType().getName().equals(NAME))
          .sorted(Comparator.comparing(RecordedEvent::getStartTime))
          .toList();
    }
  }

  private static FileChannel file(ChannelKinds channels) throws IOException {
    return channels.keep(FileChannel.open(channels.path("source", TransferObserver.CONTENT)));
  }

  private static FileChannel emptyFile(ChannelKinds channels, StandardOpenOption option)
      throws IOException {
    return channels.keep(FileChannel.open(channels.path("target", new byte[0]), option));
  }
}
