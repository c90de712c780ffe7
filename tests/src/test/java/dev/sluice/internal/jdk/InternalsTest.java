package dev.sluice.internal.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.internal.load.NativeLoader;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What the library finds of the JDK's internals. */
class InternalsTest {
  @BeforeAll
  static void load() {
    assertTrue(NativeLoader.isAvailable());
  }

  @Test
  void theTrustedLookupIsHandedOverOnce() {
    assertEquals(Set.of("files", "blocks"), FileGuards.found().keySet());
    assertEquals(Set.of("sockets", "pipes"), StreamGuards.found().keySet());
    if (!"off".equals(System.getProperty("dev.sluice.internals"))) {
      assertNull(TrustedLookup.trustedLookup0(TrustedLookup.FILES));
      assertNull(TrustedLookup.trustedLookup0(TrustedLookup.STREAMS));
      CarrierCompensation.found();
      assertNull(TrustedLookup.trustedLookup0(TrustedLookup.CARRIER));
      UnsafeMemory.found();
      assertNull(TrustedLookup.trustedLookup0(TrustedLookup.MEMORY));
      assertNull(TrustedLookup.trustedLookup0(-1));
      MappedBufferMaker.found();
      assertNull(TrustedLookup.trustedLookup0(TrustedLookup.BUFFERS));
      MemorySessions.found();
      assertNull(TrustedLookup.trustedLookup0(TrustedLookup.SESSIONS));
      assertNull(TrustedLookup.trustedLookup0(6));
    }
  }

  @Test
  void everyGuardIsFoundOnTheTestedJdks() {
    boolean on = !"off".equals(System.getProperty("dev.sluice.internals"));
    assertEquals(on, FileGuards.FILES);
    assertEquals(on, FileGuards.BLOCKS);
    assertEquals(on, StreamGuards.SOCKETS);
    assertEquals(on, StreamGuards.PIPES);
    assertEquals(on, UnsafeMemory.ADDRESSES);
    assertEquals(on, MappedBufferMaker.FOUND);
  }
}
