package dev.sluice.tests.transfer;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.tests.support.ChildJvm;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
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

  @Test
  void aShortCallAndAFullSocketOfAnEventLoopAllocateNothing(@TempDir Path directory)
      throws Exception {
    Path file = directory.resolve("file");
    try (FileChannel made = FileChannel.open(file, CREATE, WRITE)) {
      made.write(ByteBuffer.allocate(1), 64 << 20);
    }
    ChildJvm.Result result = new ChildJvm().run(EventLoopBytes.class, file.toString());
    assertEquals("allocated 0 bytes in 200 calls", result.output().strip());
  }
}
