package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.Sluice;
import dev.sluice.StrandedBytesException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.Channels;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import org.junit.jupiter.api.Test;

/** Bytes that were taken from a source, and that a channel without a descriptor does not take. */
class ArbitraryChannelTest {
  private static final int TAKEN = 100;

  /** Takes some bytes once, and then answers as it is told. */
  private static final class Narrow implements WritableByteChannel {
    private final IOException then;
    private boolean hasTaken;

    Narrow(IOException then) {
      this.then = then;
    }

    @Override
    public int write(ByteBuffer bytes) throws IOException {
      if (hasTaken) {
        throw then;
      }
      hasTaken = true;
      bytes.position(bytes.position() + TAKEN);
      return TAKEN;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }

  private static ReadableByteChannel bytes(int size) {
    return Channels.newChannel(new ByteArrayInputStream(new byte[size]));
  }

  @Test
  void bytesThatAFailureCostAreTold() {
    Narrow target = new Narrow(new IOException("no room"));
    IOException e =
        assertThrows(IOException.class, () -> Sluice.transfer(bytes(1000), target, 1000));
    assertEquals("no room", e.getMessage());
    assertStranded(100, 900, e);
  }

  @Test
  void bytesThatACloseCostAreToldBesideTheClose() {
    Narrow target = new Narrow(new AsynchronousCloseException());
    AsynchronousCloseException e =
        assertThrows(
            AsynchronousCloseException.class, () -> Sluice.transfer(bytes(1000), target, 1000));
    assertStranded(100, 900, e);
  }

  private static void assertStranded(long transferred, long stranded, IOException reason) {
    assertEquals(1, reason.getSuppressed().length);
    StrandedBytesException told =
        assertInstanceOf(StrandedBytesException.class, reason.getSuppressed()[0]);
    assertEquals(transferred, told.transferred());
    assertEquals(stranded, told.stranded());
  }

  @Test
  void aFailureOfTheSourceGivesWayToTheCount() throws IOException {
    ReadableByteChannel source =
        new ReadableByteChannel() {
          private boolean hasGiven;

          @Override
          public int read(ByteBuffer buffer) throws IOException {
            if (hasGiven) {
              throw new IOException("broken");
            }
            hasGiven = true;
            return bytes(TAKEN).read(buffer);
          }

          @Override
          public boolean isOpen() {
            return true;
          }

          @Override
          public void close() {}
        };
    assertEquals(TAKEN, Sluice.transfer(source, new Narrow(new IOException("not reached")), 1000));
  }
}
