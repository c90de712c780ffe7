package dev.sluice.internal.load;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The digest is the JDK's. */
class Sha256Test {
  @Test
  void theDigestOfEveryLengthIsTheJdks() throws Exception {
    byte[] message = new byte[300];
    new Random(1).nextBytes(message);
    for (int length = 0; length <= message.length; length++) {
      ensureSame(Arrays.copyOf(message, length));
    }
  }

  @Test
  void theDigestOfALongMessageIsTheJdks() throws Exception {
    byte[] message = new byte[(1 << 20) + 7];
    new Random(2).nextBytes(message);
    ensureSame(message);
  }

  @Test
  void theDigestOfTheStandardIsTheOneThatItNames() {
    assertEquals(
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad",
        Hexadecimal.of(Sha256.of(new byte[] {'a', 'b', 'c'})));
  }

  private static void ensureSame(byte[] message) throws Exception {
    byte[] expected = MessageDigest.getInstance("SHA-256").digest(message);
    assertArrayEquals(expected, Sha256.of(message));
    assertEquals(HexFormat.of().formatHex(expected), Hexadecimal.of(expected));
  }
}
