package dev.sluice.internal.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.boundary.Progress;
import dev.sluice.internal.channel.Endpoints;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first call of {@link FastPath} has moved is told, whatever comes after it. */
@Tag("both-guards")
class FirstAnswerTest {
  private static final int MOVED = 3;
  private static final int WANTED = 10;

  @TempDir Path directory;
  private FileChannel source;
  private FileChannel target;
  private Transfer transfer;

  @BeforeEach
  void open() throws IOException {
    source = FileChannel.open(Files.write(directory.resolve("source"), new byte[WANTED]));
    target =
        FileChannel.open(
            directory.resolve("target"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    transfer =
        new Transfer(
            Mechanisms.AUTO, Endpoints.file(source, 0), Endpoints.file(target, 0), WANTED, null);
  }

  @AfterEach
  void close() throws IOException {
    source.close();
    target.close();
  }

  /** Goes on after a call that has moved a part of what was asked for, and was cut by a signal. */
  private long goOn(AsynchronousCloseException closed) throws IOException {
    transfer.goOn(Progress.NOTHING | MOVED, closed);
    return transfer.result();
  }

  @Test
  void aTargetThatIsClosedAfterTheCallTakesNothingBack() throws Exception {
    target.close();
    assertEquals(MOVED, goOn(null));
  }

  @Test
  void aSourceThatIsClosedAfterTheCallTakesNothingBack() throws Exception {
    source.close();
    assertEquals(MOVED, goOn(null));
  }

  @Test
  void aCloseDuringTheCallTakesNothingBack() throws Exception {
    target.close();
    assertEquals(MOVED, goOn(new AsynchronousCloseException()));
  }

  @Test
  void theRestIsMovedAfterIt() throws Exception {
    assertEquals(WANTED, goOn(null));
    assertEquals(WANTED - MOVED, target.size() - MOVED);
  }
}
