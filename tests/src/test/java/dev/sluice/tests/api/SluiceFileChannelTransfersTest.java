package dev.sluice.tests.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.MappedRegion;
import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.SluiceFileChannel;
import dev.sluice.tests.support.ForeignFileChannel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The transfers of a SluiceFileChannel are those of Sluice. */
@Tag("both-guards")
@Tag("emulated")
class SluiceFileChannelTransfersTest {
  private static final String CONTENT = "0123456789abcdef";

  @TempDir Path directory;

  @Test
  void itsTransfersAreSluices() throws IOException {
    Path path = Files.writeString(directory.resolve("source"), CONTENT);
    Pipe pipe = Pipe.open();
    try (SluiceFileChannel file = SluiceFileChannel.open(path);
        SluiceFileChannel copy =
            SluiceFileChannel.open(
                directory.resolve("copy"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        Pipe.SourceChannel source = pipe.source();
        Pipe.SinkChannel sink = pipe.sink()) {
      // An exact mechanism of the kernel needs the descriptors of both.
      assertEquals(16, Mechanism.SENDFILE.transferTo(file, 0, 16, copy));
      assertEquals(16, Mechanism.COPY_FILE_RANGE.transferFrom(copy, file, 16, 16));
      assertEquals(4, Mechanism.SPLICE.transferTo(file, 0, 4, sink));
      assertEquals(4, Mechanism.SPLICE.transfer(source, copy, 4));
      String report = Sluice.explainTransferTo(file, 0, 16, copy).toString();
      assertFalse(report.contains("READ_WRITE"), report);
      // And so do its own methods: the JDK's stop at 8 KiB buffers, which splice does not need.
      assertEquals(16, file.transferTo(0, 16, sink));
      assertEquals(16, copy.transferFrom(source, 0, 16));
    }
  }

  @Test
  void regionsAreMappedFromItAndSentToIt() throws IOException {
    Path path = Files.writeString(directory.resolve("source"), CONTENT);
    Path copy = directory.resolve("copy");
    try (SluiceFileChannel source = SluiceFileChannel.open(path);
        SluiceFileChannel target =
            SluiceFileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        MappedRegion region =
            MappedRegion.map(source, FileChannel.MapMode.READ_ONLY, 1, CONTENT.length() - 1)) {
      assertEquals(15, region.transferTo(0, 15, target));
      assertEquals('1', Sluice.map(source, FileChannel.MapMode.READ_ONLY, 1, 5).get(0));
    }
    assertEquals(CONTENT.substring(1), Files.readString(copy));
  }

  @Test
  void aFileOfAnotherProviderKeepsItsOwnMethods() throws IOException {
    Path path = Files.writeString(directory.resolve("file"), CONTENT);
    Path copy = directory.resolve("copy");
    try (SluiceFileChannel source =
            SluiceFileChannel.wrap(new ForeignFileChannel(FileChannel.open(path)));
        FileChannel target =
            FileChannel.open(copy, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      assertEquals(16, source.transferTo(0, 16, target));
    }
    assertEquals(CONTENT, Files.readString(copy));
    assertThrows(NullPointerException.class, () -> SluiceFileChannel.wrap(null));
  }
}
