package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.tests.support.ChildJvm;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What transfers leave to the garbage collector. */
class AllocationTest {
  /** The child does without the optimizing compiler, which would remove objects that stay here. */
  @ParameterizedTest
  @ValueSource(strings = {"socket-socket", "socket-pipe", "pipe-socket", "pipe-pipe"})
  void aRelayAllocatesNothing(String kinds) throws Exception {
    ChildJvm.Result result = new ChildJvm().run(AllocatedBytes.class, kinds);
    assertEquals("allocated 0 bytes in 2000 calls", result.output().strip());
  }
}
