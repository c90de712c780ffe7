package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.TimeLimit;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A move within a file that ends in the middle leaves the beginning, and tells no byte. */
@Tag("both-guards")
class InterruptedOverlapTest extends OverlapFixture {
  private enum Act {
    CLOSE_SOURCE(AsynchronousCloseException.class),
    CLOSE_TARGET(AsynchronousCloseException.class),
    INTERRUPT(ClosedByInterruptException.class);

    private final Class<? extends Exception> result;

    Act(Class<? extends Exception> result) {
      this.result = result;
    }

    void on(SameFilePair.Channels channels, Thread thread) throws IOException {
      switch (this) {
        case CLOSE_SOURCE -> channels.source().close();
        case CLOSE_TARGET -> channels.target().close();
        case INTERRUPT -> thread.interrupt();
      }
    }
  }

  /** The bytes before the target's end have been overwritten perhaps, and none is told. */
  @ParameterizedTest
  @EnumSource(Act.class)
  void aCloseInTheMiddleTellsNoByteAndLeavesTheBeginning(Act act) throws Exception {
    long count = 8L << 30;
    byte[] head = content(MIB);
    Path path = directory.resolve("long");
    try (ChannelKinds ends = new ChannelKinds(directory)) {
      Files.write(path, head);
      SameFilePair.Channels channels = SameFilePair.OPENED_TWICE.open(ends, path);
      channels.source().write(ByteBuffer.allocate(1), count - 1);
      channels.target().position(MIB / 2);
      FutureTask<Long> transfer =
          new FutureTask<>(() -> Sluice.transferTo(channels.source(), 0, count, channels.target()));
      Thread thread = new Thread(transfer);
      thread.start();
      Thread.sleep(50);
      assertFalse(transfer.isDone());
      TimeLimit begun = TimeLimit.begin();
      act.on(channels, thread);
      ExecutionException e =
          assertThrows(
              ExecutionException.class, () -> transfer.get(HANGS_MILLIS, TimeUnit.MILLISECONDS));
      begun.assertEnded();
      assertEquals(act.result, e.getCause().getClass());
      byte[] now = new byte[MIB];
      try (var in = Files.newInputStream(path)) {
        in.readNBytes(now, 0, MIB);
      }
      assertArrayEquals(head, now);
    } finally {
      Files.deleteIfExists(path);
    }
  }

  @Test
  void aDiskThatIsFullLeavesTheFileAsItWas() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("small"));
    byte[] before = content(700_000);
    try (Tools.Mount mount = Tools.Mount.of(folder, "tmpfs", "size=" + MIB);
        ChannelKinds ends = new ChannelKinds(directory)) {
      Path path = Files.write(mount.folder().resolve("file"), before);
      SameFilePair.Channels channels = SameFilePair.OPENED_TWICE.open(ends, path);
      channels.target().position(600_000);
      IOException full =
          assertThrows(
              IOException.class,
              () -> Sluice.transferTo(channels.source(), 0, 700_000, channels.target()));
      assertTrue(full.getMessage().contains("ENOSPC"), full.getMessage());
      assertArrayEquals(before, Files.readAllBytes(path));
      assertEquals(600_000, channels.target().position());
    }
  }
}
