package dev.sluice.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.SocketException;
import java.nio.channels.NotYetConnectedException;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The boundary between Java and the native code. */
class BoundaryTest {
  @BeforeAll
  static void load() {
    assertTrue(NativeLoader.isAvailable());
  }

  @Test
  void aPanicBecomesAnInternalError() {
    assertThrows(InternalError.class, () -> Native.checked(Native.PANICKED));
  }

  @Test
  void theTrustedLookupIsHandedOverOnce() {
    assertEquals(
        Set.of("files", "blocks", "locks", "sockets", "pipes"), JdkChannels.found().keySet());
    if (!"off".equals(System.getProperty("dev.sluice.internals"))) {
      assertNull(Native.trustedLookup0(Native.CHANNELS));
      Carrier.found();
      assertNull(Native.trustedLookup0(Native.CARRIER));
      JdkMemory.found();
      assertNull(Native.trustedLookup0(Native.MEMORY));
      assertNull(Native.trustedLookup0(-1));
      assertNull(Native.trustedLookup0(3));
    }
  }

  @Test
  void everyGuardIsFoundOnTheTestedJdks() {
    boolean on = !"off".equals(System.getProperty("dev.sluice.internals"));
    assertEquals(on, JdkChannels.FILES);
    assertEquals(on, JdkChannels.BLOCKS);
    assertEquals(on, JdkChannels.LOCKS);
    assertEquals(on, JdkChannels.SOCKETS);
    assertEquals(on, JdkChannels.PIPES);
    assertEquals(on, JdkMemory.ADDRESSES);
    assertEquals(on, JdkMemory.BUFFERS);
  }

  @Test
  void badNumbersAreAnsweredWithAnErrno() {
    assertEquals(-Errno.EBADF.number, Native.transfer(0, 0, -1, 0, -1, 0, 10, 0));
    assertEquals(-Errno.EINVAL.number, Native.transfer(77, 0, 0, 0, 0, 0, 10, 0));
    assertEquals(-Errno.EINVAL.number, Native.transfer(0, 0xff, 0, 0, 0, 0, 10, 0));
    assertEquals(-Errno.EBADF.number, Native.duplicate(-1));
    FileSystemException e = CopyFailure.of(Native.newCopy(-1, -1, 0, 0), Path.of("a"), null);
    assertEquals("Bad file descriptor (EBADF in open)", e.getReason());
  }

  @Test
  void anErrnoHasItsExceptionAndItsName() {
    assertEquals("EPIPE", Errno.name(32));
    assertEquals("errno 999", Errno.name(999));
    IOException broken = Errno.exception(32, "transfer");
    assertEquals("Broken pipe (EPIPE in transfer)", broken.getMessage());
    assertInstanceOf(SocketException.class, Errno.exception(104, "transfer"));
    assertThrows(NotYetConnectedException.class, () -> Errno.exception(107, "transfer"));
    assertEquals("errno 999 in transfer", Errno.exception(999, "transfer").getMessage());
  }
}
