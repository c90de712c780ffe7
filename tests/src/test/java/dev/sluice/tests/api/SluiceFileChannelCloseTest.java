package dev.sluice.tests.api;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.SluiceFileChannel;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A SluiceFileChannel and the channel within are closed together. */
@Tag("both-guards")
@Tag("emulated")
class SluiceFileChannelCloseTest {
  private static final String CONTENT = "0123456789abcdef";

  @TempDir Path directory;

  @Test
  void closingEitherClosesTheOther() throws IOException {
    Path path = Files.writeString(directory.resolve("file"), CONTENT);
    FileChannel inner = FileChannel.open(path);
    SluiceFileChannel.wrap(inner).close();
    assertFalse(inner.isOpen());

    FileChannel other = FileChannel.open(path);
    SluiceFileChannel outer = SluiceFileChannel.wrap(other);
    other.close();
    assertThrows(ClosedChannelException.class, outer::size);
    assertFalse(outer.isOpen());
    assertFalse(SluiceFileChannel.wrap(other).isOpen());
  }

  @Test
  void anInterruptedTransferClosesBothWrappers() throws IOException {
    Path path = Files.writeString(directory.resolve("file"), CONTENT);
    try (SluiceFileChannel source = SluiceFileChannel.open(path);
        SluiceFileChannel target =
            SluiceFileChannel.open(
                directory.resolve("copy"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      Thread.currentThread().interrupt();
      assertThrows(ClosedByInterruptException.class, () -> source.transferTo(0, 16, target));
      assertTrue(Thread.interrupted());
      assertFalse(source.isOpen());
      assertFalse(target.isOpen());
    }
  }

  @Test
  void closingEndsATransferThatWaits() throws Exception {
    Path path = Files.write(directory.resolve("large"), new byte[8 << 20]);
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SluiceFileChannel source = channels.keep(SluiceFileChannel.open(path));
      FutureTask<Long> stalled =
          ChannelPair.started(() -> source.transferTo(0, 8 << 20, channels.tcp()[0]));
      Thread.sleep(200);
      assertFalse(stalled.isDone());
      source.close();
      assertTrue(stalled.get(10, TimeUnit.SECONDS) > 0);
    }
  }
}
