package dev.sluice.tests.mapping;

import dev.sluice.Advice;
import dev.sluice.MappedRegion;
import dev.sluice.tests.support.ChannelKinds;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Every access of a region whose bytes are all the same: the values that are read are known
 * therefore, whatever the kind, the place and the order, and the values that are written change
 * nothing.
 */
final class RegionAccesses {
  static final byte BYTE = 0x5a;

  /** The number of bytes that an access may use from its offset on. */
  static final int MOST = 4096;

  private static final short SHORT = 0x5a5a;
  private static final int INT = 0x5a5a5a5a;
  private static final long LONG = 0x5a5a5a5a5a5a5a5aL;
  private static final float FLOAT = Float.intBitsToFloat(INT);
  private static final double DOUBLE = Double.longBitsToDouble(LONG);

  /** One access, or some of one kind, from an aligned offset on. */
  interface Access {
    void make(MappedRegion region, long at) throws IOException;
  }

  private final boolean isKnown;

  /**
   * The accesses.
   *
   * @param isKnown whether all values are known; else, where the file is truncated, only that of
   *     those that the kernel copies no byte is another file's
   */
  RegionAccesses(boolean isKnown) {
    this.isKnown = isKnown;
  }

  private void check(boolean holds) {
    if (isKnown && !holds) {
      throw new AssertionError("another value");
    }
  }

  private void checkAll(byte[] bytes) {
    for (byte each : bytes) {
      if (each != BYTE && (isKnown || each != 0)) {
        throw new AssertionError("another byte: " + each);
      }
    }
  }

  /** Single values, in both orders by slices as well. */
  Map<String, Access> single() {
    Map<String, Access> all = new LinkedHashMap<>();
    all.put("get", (region, at) -> check(region.get(at + 1) == BYTE));
    all.put("getShort", (region, at) -> check(region.getShort(at + 1) == SHORT));
    all.put("getChar", (region, at) -> check(region.getChar(at + 1) == SHORT));
    all.put("getInt", (region, at) -> check(region.getInt(at + 1) == INT));
    all.put("getLong", (region, at) -> check(region.getLong(at + 1) == LONG));
    all.put("getFloat", (region, at) -> check(region.getFloat(at) == FLOAT));
    all.put("getDouble", (region, at) -> check(region.getDouble(at) == DOUBLE));
    all.put("put", (region, at) -> region.put(at + 1, BYTE));
    all.put("putShort", (region, at) -> region.putShort(at + 1, SHORT));
    all.put("putChar", (region, at) -> region.putChar(at + 1, (char) SHORT));
    all.put("putInt", (region, at) -> region.putInt(at + 1, INT));
    all.put("putLong", (region, at) -> region.putLong(at + 1, LONG));
    all.put("putFloat", (region, at) -> region.putFloat(at, FLOAT));
    all.put("putDouble", (region, at) -> region.putDouble(at, DOUBLE));
    all.put("getIntAcquire", (region, at) -> check(region.getIntAcquire(at) == INT));
    all.put("getIntVolatile", (region, at) -> check(region.getIntVolatile(at) == INT));
    all.put("getLongAcquire", (region, at) -> check(region.getLongAcquire(at) == LONG));
    all.put("getLongVolatile", (region, at) -> check(region.getLongVolatile(at) == LONG));
    all.put("putIntRelease", (region, at) -> region.putIntRelease(at, INT));
    all.put("putIntVolatile", (region, at) -> region.putIntVolatile(at, INT));
    all.put("putLongRelease", (region, at) -> region.putLongRelease(at, LONG));
    all.put("putLongVolatile", (region, at) -> region.putLongVolatile(at, LONG));
    all.put("compareAndSetInt", (region, at) -> check(region.compareAndSetInt(at, INT, INT)));
    all.put("compareAndSetLong", (region, at) -> check(region.compareAndSetLong(at, LONG, LONG)));
    all.put("getAndAddInt", (region, at) -> check(region.getAndAddInt(at, 0) == INT));
    all.put("getAndAddLong", (region, at) -> check(region.getAndAddLong(at, 0) == LONG));
    all.put("readLoop", this::readAll);
    all.put("writeLoop", RegionAccesses::writeAll);
    all.put("slice", this::slice);
    return all;
  }

  /** A loop out of which a compiler may hoist the checks. */
  private void readAll(MappedRegion region, long at) {
    long all = 0;
    for (int i = 0; i < MOST; i += Long.BYTES) {
      all |= region.getLong(at + i) ^ LONG;
    }
    check(all == 0);
  }

  private static void writeAll(MappedRegion region, long at) {
    for (int i = 0; i < MOST; i += Integer.BYTES) {
      region.putInt(at + i, INT);
    }
  }

  private void slice(MappedRegion region, long at) {
    MappedRegion slice = region.slice(at, 64).order(ByteOrder.LITTLE_ENDIAN);
    check(slice.getLong(7) == LONG);
    slice.putShort(62, SHORT);
    check(slice.getAndAddInt(8, 0) == INT);
  }

  /** Arrays of all kinds. */
  Map<String, Access> many() {
    Map<String, Access> all = new LinkedHashMap<>();
    for (int length : new int[] {5, 400}) {
      all.put("bytes " + length, (region, at) -> bytes(region, at, length));
      all.put("shorts " + length, (region, at) -> shorts(region, at, length));
      all.put("chars " + length, (region, at) -> chars(region, at, length));
      all.put("ints " + length, (region, at) -> ints(region, at, length));
      all.put("longs " + length, (region, at) -> longs(region, at, length));
      all.put("floats " + length, (region, at) -> floats(region, at, length));
      all.put("doubles " + length, (region, at) -> doubles(region, at, length));
    }
    return all;
  }

  private void bytes(MappedRegion region, long at, int length) {
    byte[] values = new byte[length];
    region.get(at, values, 0, length);
    check(count(values.length, i -> values[i] == BYTE));
    Arrays.fill(values, BYTE);
    region.put(at, values, 0, length);
  }

  private void shorts(MappedRegion region, long at, int length) {
    short[] values = new short[length];
    region.get(at, values, 0, length);
    check(count(values.length, i -> values[i] == SHORT));
    Arrays.fill(values, SHORT);
    region.put(at, values, 0, length);
  }

  private void chars(MappedRegion region, long at, int length) {
    char[] values = new char[length];
    region.get(at, values, 0, length);
    check(count(values.length, i -> values[i] == SHORT));
    Arrays.fill(values, (char) SHORT);
    region.put(at, values, 0, length);
  }

  private void ints(MappedRegion region, long at, int length) {
    int[] values = new int[length];
    region.get(at, values, 0, length);
    check(count(values.length, i -> values[i] == INT));
    Arrays.fill(values, INT);
    region.put(at, values, 0, length);
  }

  private void longs(MappedRegion region, long at, int length) {
    long[] values = new long[length];
    region.get(at, values, 0, length);
    check(count(values.length, i -> values[i] == LONG));
    Arrays.fill(values, LONG);
    region.put(at, values, 0, length);
  }

  private void floats(MappedRegion region, long at, int length) {
    float[] values = new float[length];
    region.get(at, values, 0, length);
    check(count(values.length, i -> values[i] == FLOAT));
    Arrays.fill(values, FLOAT);
    region.put(at, values, 0, length);
  }

  private void doubles(MappedRegion region, long at, int length) {
    double[] values = new double[length];
    region.get(at, values, 0, length);
    check(count(values.length, i -> values[i] == DOUBLE));
    Arrays.fill(values, DOUBLE);
    region.put(at, values, 0, length);
  }

  private static boolean count(int length, java.util.function.IntPredicate isRight) {
    for (int i = 0; i < length; i++) {
      if (!isRight.test(i)) {
        return false;
      }
    }
    return true;
  }

  /** Accesses that ask the kernel, and tell a truncated file by an {@link IOException}. */
  Map<String, Access> calls(Path taken) throws IOException {
    FileChannel target = FileChannel.open(taken, ChannelKinds.readWrite());
    Map<String, Access> all = new LinkedHashMap<>();
    all.put("read", this::read);
    all.put("read direct", this::readDirect);
    all.put("write", RegionAccesses::write);
    all.put("write direct", RegionAccesses::writeDirect);
    all.put("transferTo", (region, at) -> transfer(region, at, target));
    all.put("force", (region, at) -> rarely(at, () -> region.force(at, MOST)));
    all.put("advise", (region, at) -> region.advise(Advice.WILL_NEED, at, MOST));
    all.put("load", (region, at) -> rarely(at, region::load));
    all.put("isLoaded", (region, at) -> region.isLoaded());
    all.put("residentBytes", (region, at) -> region.residentBytes());
    all.put("size", (region, at) -> check(region.size() > at));
    return all;
  }

  /** Accesses that wait for a device. */
  private static void rarely(long at, Runnable call) {
    if (at == 0) {
      call.run();
    }
  }

  private void read(MappedRegion region, long at) throws IOException {
    byte[] bytes = new byte[3_000];
    region.read(at + 1, bytes, 0, bytes.length);
    checkAll(bytes);
  }

  private void readDirect(MappedRegion region, long at) throws IOException {
    ByteBuffer direct = ByteBuffer.allocateDirect(3_000);
    region.read(at + 1, direct);
    byte[] bytes = new byte[3_000];
    direct.flip().get(bytes);
    checkAll(bytes);
  }

  private static void write(MappedRegion region, long at) throws IOException {
    byte[] bytes = new byte[3_000];
    Arrays.fill(bytes, BYTE);
    region.write(at + 1, bytes, 0, bytes.length);
  }

  private static void writeDirect(MappedRegion region, long at) throws IOException {
    ByteBuffer direct = ByteBuffer.allocateDirect(3_000);
    while (direct.hasRemaining()) {
      direct.put(BYTE);
    }
    region.write(at + 1, direct.flip());
  }

  private void transfer(MappedRegion region, long at, FileChannel target) throws IOException {
    target.position(0);
    int moved = (int) region.transferTo(at, MOST, target);
    ByteBuffer bytes = ByteBuffer.allocate(moved);
    target.read(bytes, 0);
    checkAll(bytes.array());
  }
}
