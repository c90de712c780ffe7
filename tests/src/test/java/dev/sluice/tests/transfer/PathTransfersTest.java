package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.Sluice;
import dev.sluice.TransferOption;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelKinds.SourceKind;
import dev.sluice.tests.support.ChannelKinds.TargetKind;
import dev.sluice.tests.support.TransferObserver;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole file is sent and received by its path. */
@Tag("both-guards")
class PathTransfersTest {
  private static final byte[] CONTENT = TransferObserver.CONTENT;

  @TempDir Path directory;

  @Test
  void everyTargetGetsTheWholeFile() throws Exception {
    for (TargetKind kind :
        List.of(TargetKind.FILE, TargetKind.TCP, TargetKind.UNIX, TargetKind.ARBITRARY)) {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        ChannelKinds.Target target = channels.target(kind);
        assertEquals(
            CONTENT.length, Sluice.send(channels.path("source", CONTENT), target.channel()));
        assertArrayEquals(CONTENT, target.arrived().bytes(), kind.name());
      }
    }
  }

  @Test
  void aFileWithoutASizeIsSentToItsEnd() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      ChannelKinds.Target target = channels.target(TargetKind.TCP);
      Path version = Path.of("/proc/version");
      long sent =
          Sluice.send(version, target.channel(), TransferOption.within(Duration.ofMinutes(1)));
      assertEquals(Files.readAllBytes(version).length, sent);
    }
  }

  @Test
  void everySourceIsReceivedToItsEnd() throws Exception {
    for (SourceKind kind :
        List.of(SourceKind.FILE, SourceKind.TCP, SourceKind.UNIX, SourceKind.ARBITRARY)) {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        Path target = directory.resolve("received-" + kind);
        long received = Sluice.receive(channels.source(kind, CONTENT), target);
        assertEquals(CONTENT.length, received, kind.name());
        assertArrayEquals(CONTENT, Files.readAllBytes(target), kind.name());
        // What was there is gone.
        Sluice.receive(channels.source(kind, new byte[] {1}), target);
        assertArrayEquals(new byte[] {1}, Files.readAllBytes(target), kind.name());
        Sluice.receive(channels.source(kind, new byte[] {2}), target, StandardOpenOption.APPEND);
        assertArrayEquals(new byte[] {1, 2}, Files.readAllBytes(target), kind.name());
      }
    }
  }

  @Test
  void badInputIsRefusedBeforeAFileIsOpened() throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      Path file = channels.path("there", CONTENT);
      Path none = directory.resolve("none");
      ChannelKinds.Target target = channels.target(TargetKind.TCP);
      ChannelKinds.Target polled = channels.target(TargetKind.TCP_NON_BLOCKING);
      assertThrows(NullPointerException.class, () -> Sluice.send(null, target.channel()));
      assertThrows(NullPointerException.class, () -> Sluice.send(file, null));
      assertThrows(NoSuchFileException.class, () -> Sluice.send(none, target.channel()));
      assertThrows(IllegalBlockingModeException.class, () -> Sluice.send(file, polled.channel()));
      var source = channels.source(SourceKind.TCP, CONTENT);
      var idle = channels.source(SourceKind.TCP_NON_BLOCKING_EMPTY, CONTENT);
      assertThrows(NullPointerException.class, () -> Sluice.receive(null, none));
      assertThrows(NullPointerException.class, () -> Sluice.receive(source, null));
      assertThrows(IllegalBlockingModeException.class, () -> Sluice.receive(idle, none));
      assertThrows(
          IllegalArgumentException.class,
          () -> Sluice.receive(source, none, StandardOpenOption.READ));
      assertThrows(
          NoSuchFileException.class, () -> Sluice.receive(source, none, StandardOpenOption.WRITE));
      assertThrows(
          FileAlreadyExistsException.class,
          () -> Sluice.receive(source, file, StandardOpenOption.CREATE_NEW));
      assertFalse(Files.exists(none));
      assertArrayEquals(CONTENT, Files.readAllBytes(file));
      assertEquals(CONTENT.length, Sluice.receive(source, none, StandardOpenOption.CREATE));
    }
  }
}
