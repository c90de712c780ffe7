package dev.sluice.tests.chaos;

import dev.sluice.Sluice;
import dev.sluice.TransferOption;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether the page cache can be passed where the scenarios have their files. */
final class UncachedTrial {
  static final boolean IS_POSSIBLE = isPossible();

  private UncachedTrial() {}

  private static boolean isPossible() {
    try {
      Path path = Files.createTempFile("chaos", ".bin");
      Files.write(path, new byte[1]);
      Pipe pipe = Pipe.open();
      try (FileChannel file = FileChannel.open(path);
          Pipe.SourceChannel source = pipe.source();
          Pipe.SinkChannel sink = pipe.sink()) {
        return Sluice.transferTo(file, 0, 1, sink, TransferOption.uncached()) == 1
            && source.isOpen();
      } catch (UnsupportedOperationException e) {
        return false;
      } finally {
        Files.delete(path);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
