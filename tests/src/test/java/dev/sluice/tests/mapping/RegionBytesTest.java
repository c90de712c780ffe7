package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChildJvm;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Bytes that are copied into a mapped region, out of it, and to a channel. */
@Tag("both-guards")
class RegionBytesTest extends RandomFileFixture {
  @Test
  void bytesAreCopiedInAndOut() throws IOException {
    Path path = file();
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE)) {
      byte[] read = new byte[SIZE];
      region.read(7, read, 3, SIZE - 10);
      assertTrue(Arrays.equals(content, 7, SIZE - 3, read, 3, SIZE - 7));
      ByteBuffer direct = ByteBuffer.allocateDirect(100).position(10);
      region.read(50, direct);
      assertEquals(100, direct.position());
      assertEquals(ByteBuffer.wrap(content, 50, 90), direct.position(10));
      region.write(20, new byte[] {1, 2, 3, 4}, 1, 2);
      content[20] = 2;
      content[21] = 3;
      region.write(30, direct.position(10));
      System.arraycopy(content, 50, content, 30, 90);
      assertEquals(100, direct.position());
      assertArrayEquals(content, Files.readAllBytes(path));
    }
  }

  @Test
  void aPrivateRegionChangesNothingButItself() throws IOException {
    Path path = file();
    try (MappedRegion region = MappedRegion.map(path, MapMode.PRIVATE)) {
      region.putLong(100, 0);
      region.write(200, new byte[8], 0, 8);
      region.force();
      assertEquals(0, region.getLong(100));
      byte[] read = new byte[8];
      region.read(200, read, 0, 8);
      assertArrayEquals(new byte[8], read);
      assertArrayEquals(content, Files.readAllBytes(path));
    }
  }

  @Test
  void aTruncatedFileIsAnException() throws IOException {
    Path path = file();
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE);
        FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE);
        ChannelKinds channels = new ChannelKinds(directory)) {
      file.truncate(100);
      for (IOException e :
          List.of(
              assertThrows(IOException.class, () -> region.read(5_000, new byte[10], 0, 10)),
              assertThrows(IOException.class, () -> region.read(0, new byte[SIZE], 0, SIZE)),
              assertThrows(
                  IOException.class, () -> region.read(5_000, ByteBuffer.allocateDirect(10))),
              assertThrows(IOException.class, () -> region.write(5_000, new byte[10], 0, 10)))) {
        assertTrue(e.getMessage().contains(path.toString()), e.getMessage());
        assertTrue(e.getMessage().contains("truncated"), e.getMessage());
        assertTrue(e.getMessage().contains("has 100 bytes now"), e.getMessage());
      }
      SocketChannel[] pair = channels.tcp();
      assertThrows(IOException.class, () -> region.transferTo(5_000, 10, pair[0]));
      assertEquals(100, region.transferTo(0, 100, pair[0]));
    }
  }

  @Test
  void aPartIsWrittenToAChannel() throws IOException {
    try (MappedRegion region = MappedRegion.map(file(), MapMode.READ_ONLY);
        ChannelKinds channels = new ChannelKinds(directory)) {
      ChannelKinds.Target target = channels.target(ChannelKinds.TargetKind.TCP);
      assertEquals(SIZE - 5, region.transferTo(5, SIZE - 5, target.channel()));
      assertEquals(0, region.transferTo(SIZE, 0, target.channel()));
      assertArrayEquals(Arrays.copyOfRange(content, 5, SIZE), target.arrived().bytes());
    }
  }

  @Test
  void bytesAreCopiedWhereTheCallIsForbidden() throws Exception {
    for (String errno : List.of("EPERM", "ENOSYS", "EACCES")) {
      String refusals = "process_vm_readv=" + errno + ",process_vm_writev=" + errno;
      ChildJvm.Result result =
          new ChildJvm()
              .optimizing()
              .under(System.getProperty("dev.sluice.tests.refuse"), refusals, "--")
              .with("-ea")
              .run(Copying.class, file().toString());
      assertEquals(0, result.exit(), result.output());
    }
  }

  /** Copies in and out, also of a private region, and past the end of a truncated file. */
  static final class Copying {
    public static void main(String[] arguments) throws IOException {
      Path path = Path.of(arguments[0]);
      byte[] content = Files.readAllBytes(path);
      for (MapMode mode : List.of(MapMode.PRIVATE, MapMode.READ_WRITE)) {
        try (MappedRegion region = MappedRegion.map(path, mode)) {
          byte[] read = new byte[SIZE];
          region.read(0, read, 0, SIZE);
          assertArrayEquals(content, read);
          content[500] ^= 1;
          region.write(500, content, 500, 4_000);
          region.read(0, read, 0, SIZE);
          assertArrayEquals(content, read);
          assertEquals(mode != MapMode.PRIVATE, Files.readAllBytes(path)[500] == content[500]);
          content[500] ^= (byte) (mode == MapMode.PRIVATE ? 1 : 0);
          if (mode == MapMode.READ_WRITE) {
            try (FileChannel file = FileChannel.open(path, StandardOpenOption.WRITE)) {
              file.truncate(100);
            }
            IOException e =
                assertThrows(IOException.class, () -> region.read(5_000, new byte[9], 0, 9));
            assertTrue(e.getMessage().contains("has 100 bytes now"), e.getMessage());
          }
        }
      }
    }
  }
}
