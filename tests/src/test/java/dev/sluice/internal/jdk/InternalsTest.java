package dev.sluice.internal.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.internal.load.NativeLoader;
import java.nio.channels.DatagramChannel;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
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
    if (!Withheld.ALL) {
      assertNull(TrustedLookup.trustedLookup0(TrustedLookup.FILES));
      assertNull(TrustedLookup.trustedLookup0(TrustedLookup.STREAMS));
      assertNull(TrustedLookup.trustedLookup0(TrustedLookup.PIPES));
      CarrierCompensation.found();
      assertNull(TrustedLookup.trustedLookup0(TrustedLookup.CARRIER));
      UnsafeMemory.found();
      assertNull(TrustedLookup.trustedLookup0(TrustedLookup.MEMORY));
      assertNull(TrustedLookup.trustedLookup0(-1));
      MappedBufferMaker.found();
      assertNull(TrustedLookup.trustedLookup0(TrustedLookup.BUFFERS));
      MemorySessions.found();
      assertNull(TrustedLookup.trustedLookup0(TrustedLookup.SESSIONS));
      assertNull(TrustedLookup.trustedLookup0(7));
    }
  }

  @Test
  void everyGroupIsFoundOnTheTestedJdks() {
    int jdk = Runtime.version().feature();
    Map<String, Boolean> groups =
        Map.of(
            "files", FileGuards.FILES,
            "blocks", FileGuards.BLOCKS,
            "sockets", StreamGuards.SOCKETS,
            "pipes", PipeGuards.PIPES,
            "memory", UnsafeMemory.ADDRESSES,
            "arrays", UnsafeMemory.ARRAYS,
            "mapped buffers", MappedBufferMaker.FOUND);
    groups.forEach((group, found) -> assertEquals(isUsed(group), found, group));
    boolean compensates = isUsed("carriers") && jdk >= 21;
    assertEquals(
        compensates ? "compensated as by the JDK" : null,
        served(CarrierCompensation.found(), "carriers"));
    boolean hasSessions = isUsed("sessions") && isUsed("memory") && jdk >= 22;
    assertEquals(hasSessions, MemorySessions.FOUND);
    assertEquals(hasSessions ? "the JDK's own" : null, served(MemorySessions.found(), "sessions"));
  }

  @Test
  void aChannelOfAnotherClassIsRefused() throws Exception {
    try (DatagramChannel datagrams = DatagramChannel.open()) {
      if (PipeGuards.PIPES) {
        assertThrows(ClassCastException.class, () -> StreamGuards.descriptor(datagrams));
        assertThrows(ClassCastException.class, () -> StreamGuards.readLock(datagrams));
        assertThrows(ClassCastException.class, () -> StreamGuards.beginWrite(datagrams, true));
      }
    }
    if (FileGuards.FILES) {
      assertThrows(ClassCastException.class, () -> FileGuards.add(new Object()));
    }
  }

  private static boolean isUsed(String group) {
    return !Withheld.ALL && !Withheld.has(group);
  }

  /** What diagnostics() says of a group that was found; null where it tells a reason. */
  private static @Nullable String served(Map<String, String> found, String group) {
    String how = found.get(group);
    return how.contains(": ") ? null : how;
  }
}
