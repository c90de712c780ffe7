package dev.sluice.internal.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The folders of the jar have room for other processors and another C library. */
class PlatformTest {
  @Test
  void muslIsToldByItsLoader() {
    assertTrue(
        Platform.isMusl(
            Stream.of(
                "7f00-7f10 r-xp 00000000 08:01 12 /usr/lib/jvm/java-17/lib/server/libjvm.so",
                "7f20-7f30 r-xp 00000000 08:01 13 /lib/ld-musl-x86_64.so.1")));
    assertFalse(
        Platform.isMusl(Stream.of("7f20-7f30 r-xp 00000000 08:01 13 /lib64/ld-linux-x86-64.so.2")));
  }

  @Test
  void thisOneIsTested() {
    assertEquals("linux-x86_64", Platform.name());
  }
}
