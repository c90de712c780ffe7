package dev.sluice.internal.boundary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.internal.load.NativeLoader;
import java.io.IOException;
import java.util.Map;
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
    assertThrows(InternalError.class, () -> Answer.checked(Answer.PANICKED));
  }

  @Test
  void badNumbersAreAnsweredWithAnErrno() {
    assertFailed(Errno.EBADF, NativeTransfer.transfer(0, 0, -1, 0, -1, 0, 10, 0));
    assertFailed(Errno.EINVAL, NativeTransfer.transfer(77, 0, 0, 0, 0, 0, 10, 0));
    assertFailed(Errno.EINVAL, NativeTransfer.transfer(0, 0xff, 0, 0, 0, 0, 10, 0));
    assertEquals(-Errno.EBADF.number, NativeDescriptor.duplicate(-1));
    long copy = NativeCopy.newCopy(-1, -1, 0, 0, false);
    assertEquals(Errno.EBADF.number, Answer.errno(copy));
    assertEquals("open", Answer.call(copy));
  }

  private static void assertFailed(Errno errno, long answer) {
    assertEquals(Progress.FAILED, Progress.ending(answer));
    assertEquals(errno.number, Progress.errno(answer));
    assertEquals(0, Progress.bytes(answer));
  }

  @Test
  void anErrnoHasItsExceptionAndItsName() {
    assertEquals("EPIPE", Errno.name(32));
    assertEquals("ENOENT", Errno.name(2));
    assertEquals("ENFILE", Errno.name(23));
    assertEquals("Broken pipe (EPIPE in transfer)", Errno.exception(32, "transfer").getMessage());
  }

  @Test
  void whatLinuxHasNoNameForIsStillReadable() {
    assertEquals("errno 524", Errno.name(524));
    assertEquals(
        "Unknown error 524 (errno 524 in transfer)", Errno.exception(524, "transfer").getMessage());
  }

  /** As NIO's: "Connection timed out" of a file on a network is no failure of a socket. */
  @Test
  void everyErrnoIsAnIoExceptionAndNoMore() {
    for (int number = 0; number < 600; number++) {
      assertEquals(IOException.class, Errno.exception(number, "transfer").getClass());
    }
  }

  @Test
  void aRefusalHasItsOwnAdvice() {
    Map<String, Integer> calls = SharedTables.all().get(SharedTables.SYSTEM_CALL);
    for (int call : calls.values()) {
      for (Errno errno : Errno.values()) {
        RefusedException refusal = RefusedException.by(call, errno.number);
        assertEquals(errno.name(), refusal.errno());
      }
    }
    assertEquals(
        "open: ENOENT (direct I/O opens the file again through /proc: mount it; or use"
            + " Mechanism.AUTO)",
        RefusedException.by(calls.get("open"), Errno.ENOENT.number).getMessage());
  }
}
