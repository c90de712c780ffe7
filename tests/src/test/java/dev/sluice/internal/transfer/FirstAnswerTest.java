package dev.sluice.internal.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.boundary.Progress;
import dev.sluice.internal.channel.Endpoints;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the first call of {@link FastPath} has moved is told, whatever comes after it. */
@Tag("both-guards")
class FirstAnswerTest {
  private static final int MOVED = 3;
  private static final int WANTED = 10;

  @TempDir Path directory;

  @Test
  void aTargetThatIsClosedAfterTheCallTakesNothingBack() throws Exception {
    assertEquals(MOVED, goOn(false, true, null));
  }

  @Test
  void aSourceThatIsClosedAfterTheCallTakesNothingBack() throws Exception {
    assertEquals(MOVED, goOn(true, false, null));
  }

  @Test
  void aCloseDuringTheCallTakesNothingBack() throws Exception {
    assertEquals(MOVED, goOn(true, true, new AsynchronousCloseException()));
  }

  @Test
  void theRestIsMovedAfterIt() throws Exception {
    assertEquals(WANTED, goOn(false, false, null));
  }

  /** Goes on after a call that has moved a part of what was asked for, and was cut by a signal. */
  private long goOn(boolean closesSource, boolean closesTarget, AsynchronousCloseException closed)
      throws Exception {
    Path path = Files.write(directory.resolve("source"), new byte[WANTED]);
    try (FileChannel source = FileChannel.open(path);
        FileChannel target =
            FileChannel.open(
                directory.resolve("target"),
                StandardOpenOption.CREATE,
                StandardOpenOption.WRITE)) {
      Transfer transfer =
          new Transfer(
              Mechanisms.AUTO,
              Endpoints.file(source, 0),
              Endpoints.file(target, 0),
              WANTED,
              null);
      if (closesSource) {
        source.close();
      }
      if (closesTarget) {
        target.close();
      }
      transfer.goOn(Progress.NOTHING | MOVED, closed);
      return transfer.result();
    }
  }
}
