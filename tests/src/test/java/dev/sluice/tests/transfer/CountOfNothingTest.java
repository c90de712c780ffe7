package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.FileChannel;
import java.nio.channels.NotYetConnectedException;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** With a count of 0 the state of a socket is looked at, as by JDK 25. */
@Tag("both-guards")
@Tag("emulated")
class CountOfNothingTest {
  @TempDir Path directory;

  @Test
  void aSocketThatIsNotConnectedIsAnException() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels);
      SocketChannel unconnected = channels.keep(SocketChannel.open());
      SocketChannel connected = channels.tcp()[0];
      assertThrows(
          NotYetConnectedException.class, () -> Sluice.transferTo(file, 0, 0, unconnected));
      assertThrows(
          NotYetConnectedException.class, () -> Sluice.transfer(connected, unconnected, 0));
      assertThrows(
          NotYetConnectedException.class, () -> Sluice.transfer(unconnected, connected, 0));
    }
  }

  @Test
  void anOutputThatIsShutDownIsAnException() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels);
      for (SocketChannel[] pair : new SocketChannel[][] {channels.tcp(), channels.unix()}) {
        pair[0].shutdownOutput();
        assertThrows(
            AsynchronousCloseException.class, () -> Sluice.transferTo(file, 0, 0, pair[0]));
      }
    }
  }

  @Test
  void aPositionBeyondTheEndComesBeforeTheStateOfTheSocket() throws IOException {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      FileChannel file = file(channels);
      SocketChannel unconnected = channels.keep(SocketChannel.open());
      SocketChannel shut = channels.tcp()[0];
      shut.shutdownOutput();
      for (long count : new long[] {0, 10}) {
        assertEquals(0, Sluice.transferTo(file, 101, count, unconnected));
        assertEquals(0, Sluice.transferTo(file, 101, count, shut));
      }
    }
  }

  private static FileChannel file(ChannelKinds channels) throws IOException {
    return channels.keep(FileChannel.open(channels.path("source", new byte[100])));
  }
}
