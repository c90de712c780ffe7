package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.MapOption;
import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ChildJvm;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@link MapOption#SYNC} on a file system without DAX is refused, and touches nobody's memory. */
@Tag("both-guards")
class FailingSyncMapTest {
  @TempDir Path directory;

  @Test
  void whatOthersMapMeanwhileStaysMapped() throws Exception {
    Path log = directory.resolve("hs_err.log");
    ChildJvm child = new ChildJvm().with("-ea", "-XX:ErrorFile=" + log);
    ChildJvm.Result result = child.run(Mapping.class, directory.toString());
    assertEquals(0, result.exit(), result.output());
    assertTrue(Files.notExists(log), result.output());
  }

  /** Refused in one thread, while others map parts of the same length and read them. */
  static final class Mapping {
    private static final int SIZE = 1 << 16;

    public static void main(String[] arguments) throws Exception {
      Path path = Files.write(Path.of(arguments[0], "file"), new byte[SIZE]);
      Path other = Path.of(arguments[0], "other");
      byte[] content = new byte[SIZE];
      java.util.Arrays.fill(content, (byte) 7);
      Files.write(other, content);
      AtomicBoolean isOver = new AtomicBoolean();
      List<FutureTask<Void>> readers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        readers.add(
            ChannelPair.started(
                () -> {
                  while (!isOver.get()) {
                    mapAndRead(other);
                  }
                  return null;
                }));
      }
      for (int i = 0; i < 1_000; i++) {
        refuse(path);
      }
      isOver.set(true);
      for (FutureTask<Void> reader : readers) {
        reader.get();
      }
    }

    private static void refuse(Path path) {
      try {
        MappedRegion.map(path, MapMode.READ_WRITE, MapOption.SYNC).close();
        throw new AssertionError("it was mapped");
      } catch (IOException e) {
        if (!e.getMessage().contains("no DAX")) {
          throw new AssertionError(e);
        }
      }
    }

    private static void mapAndRead(Path path) throws IOException {
      try (FileChannel channel = FileChannel.open(path);
          MappedRegion region = MappedRegion.map(channel, MapMode.READ_ONLY, 0, SIZE)) {
        java.nio.ByteBuffer ofJdk = channel.map(MapMode.READ_ONLY, 0, SIZE);
        byte[] bytes = new byte[SIZE];
        region.get(0, bytes, 0, SIZE);
        for (int at = 0; at < SIZE; at += 512) {
          if (bytes[at] != 7 || region.get(at) != 7 || ofJdk.get(at) != 7) {
            throw new AssertionError("another byte at " + at);
          }
        }
      }
    }
  }
}
