package consumer;

import dev.sluice.Sluice;
import dev.sluice.SluiceFileChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Moves a file to another one and through a pipe, and says whether the native library did. */
public final class Main {
  private Main() {}

  /**
   * Runs.
   *
   * @param arguments the file, and a file to be written
   * @throws IOException if a transfer fails
   */
  public static void main(String[] arguments) throws IOException {
    System.out.println("available: " + Sluice.isAvailable());
    Sluice.unavailabilityCause().ifPresent(cause -> System.out.println("cause: " + cause));
    Path source = Path.of(arguments[0]);
    Path target = Path.of(arguments[1]);
    try (SluiceFileChannel from = SluiceFileChannel.open(source);
        FileChannel to =
            FileChannel.open(target, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      System.out.println("moved: " + from.transferTo(0, from.size(), to));
    }
    System.out.println("same: " + (Files.mismatch(source, target) == -1));
    Pipe pipe = Pipe.open();
    try (Pipe.SourceChannel read = pipe.source();
        Pipe.SinkChannel write = pipe.sink();
        FileChannel from = FileChannel.open(source)) {
      System.out.println("piped: " + Sluice.transferTo(from, 0, 1000, write));
      System.out.println("read: " + read.read(ByteBuffer.allocate(2000)));
    }
    System.out.println(Sluice.diagnostics());
  }
}
