package dev.sluice.tests.mapping;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelKinds;
import java.io.IOException;
import java.lang.reflect.Array;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.ReadOnlyBufferException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Many values at a time are those of a byte buffer's views, or nothing is changed. */
@Tag("both-guards")
@Tag("emulated")
class BulkValuesTest {
  private static final int SIZE = 3 << 20;

  @TempDir Path directory;

  /** The kinds of values, and the view of a buffer that each is compared with. */
  enum Kind {
    BYTE(byte.class, 1) {
      @Override
      void move(MappedRegion region, long offset, Object array, int at, int count, boolean gets) {
        if (gets) {
          region.get(offset, (byte[]) array, at, count);
        } else {
          region.put(offset, (byte[]) array, at, count);
        }
      }

      @Override
      Object of(ByteBuffer buffer, int index) {
        return buffer.get(index);
      }
    },
    SHORT(short.class, 2) {
      @Override
      void move(MappedRegion region, long offset, Object array, int at, int count, boolean gets) {
        if (gets) {
          region.get(offset, (short[]) array, at, count);
        } else {
          region.put(offset, (short[]) array, at, count);
        }
      }

      @Override
      Object of(ByteBuffer buffer, int index) {
        return buffer.getShort(index);
      }
    },
    CHAR(char.class, 2) {
      @Override
      void move(MappedRegion region, long offset, Object array, int at, int count, boolean gets) {
        if (gets) {
          region.get(offset, (char[]) array, at, count);
        } else {
          region.put(offset, (char[]) array, at, count);
        }
      }

      @Override
      Object of(ByteBuffer buffer, int index) {
        return buffer.getChar(index);
      }
    },
    INT(int.class, 4) {
      @Override
      void move(MappedRegion region, long offset, Object array, int at, int count, boolean gets) {
        if (gets) {
          region.get(offset, (int[]) array, at, count);
        } else {
          region.put(offset, (int[]) array, at, count);
        }
      }

      @Override
      Object of(ByteBuffer buffer, int index) {
        return buffer.getInt(index);
      }
    },
    LONG(long.class, 8) {
      @Override
      void move(MappedRegion region, long offset, Object array, int at, int count, boolean gets) {
        if (gets) {
          region.get(offset, (long[]) array, at, count);
        } else {
          region.put(offset, (long[]) array, at, count);
        }
      }

      @Override
      Object of(ByteBuffer buffer, int index) {
        return buffer.getLong(index);
      }
    },
    FLOAT(float.class, 4) {
      @Override
      void move(MappedRegion region, long offset, Object array, int at, int count, boolean gets) {
        if (gets) {
          region.get(offset, (float[]) array, at, count);
        } else {
          region.put(offset, (float[]) array, at, count);
        }
      }

      @Override
      Object of(ByteBuffer buffer, int index) {
        return buffer.getFloat(index);
      }
    },
    DOUBLE(double.class, 8) {
      @Override
      void move(MappedRegion region, long offset, Object array, int at, int count, boolean gets) {
        if (gets) {
          region.get(offset, (double[]) array, at, count);
        } else {
          region.put(offset, (double[]) array, at, count);
        }
      }

      @Override
      Object of(ByteBuffer buffer, int index) {
        return buffer.getDouble(index);
      }
    };

    private final Class<?> type;
    final int bytes;

    Kind(Class<?> type, int bytes) {
      this.type = type;
      this.bytes = bytes;
    }

    abstract void move(
        MappedRegion region, long offset, Object array, int at, int count, boolean gets);

    abstract Object of(ByteBuffer buffer, int index);

    Object array(int length) {
      return Array.newInstance(type, length);
    }
  }

  private byte[] content() {
    byte[] content = new byte[SIZE];
    new Random(2).nextBytes(content);
    return content;
  }

  @ParameterizedTest
  @EnumSource
  void theyAreReadAndWrittenInEitherOrderAtAnyOffset(Kind kind) throws IOException {
    byte[] content = content();
    Path path = Files.write(directory.resolve("file"), content);
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE)) {
      for (ByteOrder order : new ByteOrder[] {ByteOrder.BIG_ENDIAN, ByteOrder.LITTLE_ENDIAN}) {
        region.order(order);
        ByteBuffer same = ByteBuffer.wrap(content).order(order);
        for (int count : new int[] {0, 1, 7, 5_000, SIZE / kind.bytes - 1}) {
          Object array = kind.array(count + 3);
          kind.move(region, 1, array, 2, count, true);
          Object none = Array.get(kind.array(1), 0);
          assertEquals(none, Array.get(array, 1));
          assertEquals(none, Array.get(array, count + 2));
          for (int i = 0; i < count; i += Math.max(1, count / 999)) {
            assertEquals(kind.of(same, 1 + i * kind.bytes), Array.get(array, 2 + i));
          }
          // Bit by bit, also of what is no number.
          kind.move(region, 1, array, 2, count, false);
        }
      }
    }
    assertArrayEquals(content, Files.readAllBytes(path));
  }

  @SuppressWarnings("try")
  @ParameterizedTest
  @EnumSource
  void whatIsNotWithinIsRefusedBeforeAnythingIsChanged(Kind kind) throws IOException {
    byte[] content = content();
    Path path = Files.write(directory.resolve("file"), content);
    Object array = kind.array(100);
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_WRITE)) {
      long last = SIZE - 100L * kind.bytes;
      for (boolean gets : new boolean[] {true, false}) {
        refuse(() -> kind.move(region, last + 1, array, 0, 100, gets));
        refuse(() -> kind.move(region, -1, array, 0, 1, gets));
        refuse(() -> kind.move(region, Long.MAX_VALUE, array, 0, 100, gets));
        refuse(() -> kind.move(region, Long.MIN_VALUE, array, 0, 100, gets));
        refuse(() -> kind.move(region, SIZE + 1L, array, 0, 0, gets));
        refuse(() -> kind.move(region, 0, array, 1, 100, gets));
        refuse(() -> kind.move(region, 0, array, -1, 1, gets));
        refuse(() -> kind.move(region, 0, array, 0, -1, gets));
        refuse(() -> kind.move(region, 0, array, 0, Integer.MAX_VALUE, gets));
        kind.move(region, SIZE, array, 100, 0, gets);
      }
      for (int i = 0; i < 100; i++) {
        assertEquals(Array.get(kind.array(1), 0), Array.get(array, i));
      }
    }
    assertArrayEquals(content, Files.readAllBytes(path));
    try (MappedRegion region = MappedRegion.map(path, MapMode.READ_ONLY)) {
      assertThrows(ReadOnlyBufferException.class, () -> kind.move(region, 0, array, 0, 100, false));
      region.close();
      assertThrows(IllegalStateException.class, () -> kind.move(region, 0, array, 0, 1, true));
      assertThrows(IllegalStateException.class, () -> kind.move(region, 0, array, 0, 1, false));
    }
  }

  private static void refuse(org.junit.jupiter.api.function.Executable call) {
    assertThrows(IndexOutOfBoundsException.class, call);
  }

  @ParameterizedTest
  @EnumSource
  void theyLieAcrossTheFirstGibibyteToo(Kind kind) throws IOException {
    Path path = Files.createFile(directory.resolve("sparse"));
    try (FileChannel channel = FileChannel.open(path, ChannelKinds.readWrite());
        MappedRegion region = MappedRegion.map(channel, MapMode.READ_WRITE, 0, (1L << 30) + 9_999);
        MappedRegion slice = region.slice(1L << 29, (1L << 29) + 9_999)) {
      byte[] written = new byte[8_000];
      new Random(3).nextBytes(written);
      for (int odd = 0; odd < 2; odd++) {
        long offset = (1L << 30) - 4_000 - odd;
        channel.write(ByteBuffer.wrap(written), offset);
        int count = written.length / kind.bytes;
        Object array = kind.array(count);
        kind.move(region, offset, array, 0, count, true);
        for (int i = 0; i < count; i++) {
          assertEquals(kind.of(ByteBuffer.wrap(written), i * kind.bytes), Array.get(array, i));
        }
        channel.write(ByteBuffer.allocate(written.length), offset);
        kind.move(slice, offset - (1L << 29), array, 0, count, false);
        ByteBuffer read = ByteBuffer.allocate(written.length);
        assertTrue(channel.read(read, offset) == written.length);
        assertArrayEquals(written, read.array());
      }
    }
  }
}
