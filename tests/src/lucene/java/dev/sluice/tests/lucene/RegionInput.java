package dev.sluice.tests.lucene;

import dev.sluice.Advice;
import dev.sluice.MappedRegion;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteOrder;
import java.util.Objects;
import java.util.Optional;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.RandomAccessInput;

/**
 * An input over a region. Its slices are slices of the region, and the region's own checks find the
 * end of a file and a close by another thread.
 */
final class RegionInput extends IndexInput implements RandomAccessInput {
  /** A slice that is shorter shares its pages with others, whose advice it would change. */
  private static final int PAGE = 4096;

  private final long length;

  /** Null once this input is closed. */
  private MappedRegion region;

  /** Slices and clones close nothing but themselves. */
  private boolean isOwner;

  private long position;

  /** What the kernel was told of these pages last. */
  private Advice advised = Advice.NORMAL;

  /** What a file's inputs share. */
  private final Prefetches prefetches;

  private RegionInput(String description, MappedRegion region, long length, Prefetches prefetches) {
    super(description);
    this.region = region;
    this.length = length;
    this.prefetches = prefetches;
  }

  /** An input that closes its region. */
  static RegionInput of(String description, MappedRegion region) {
    RegionInput input = new RegionInput(description, region, region.size(), new Prefetches());
    input.isOwner = true;
    return input;
  }

  private MappedRegion open() {
    MappedRegion open = region;
    if (open == null) {
      throw new AlreadyClosedException("Already closed: " + this);
    }
    return open;
  }

  private AlreadyClosedException closed(IllegalStateException e) {
    return e instanceof AlreadyClosedException already
        ? already
        : new AlreadyClosedException("Already closed: " + this, e);
  }

  private IOException pastEnd(long from, IndexOutOfBoundsException e) {
    if (from < 0) {
      throw new IllegalArgumentException("negative position " + from + ": " + this, e);
    }
    EOFException end = new EOFException("read past EOF at " + from + ": " + this);
    end.initCause(e);
    return end;
  }

  // -- one after the other --

  @Override
  public byte readByte() throws IOException {
    byte value = readByte(position);
    position += Byte.BYTES;
    return value;
  }

  @Override
  public short readShort() throws IOException {
    short value = readShort(position);
    position += Short.BYTES;
    return value;
  }

  @Override
  public int readInt() throws IOException {
    int value = readInt(position);
    position += Integer.BYTES;
    return value;
  }

  @Override
  public long readLong() throws IOException {
    long value = readLong(position);
    position += Long.BYTES;
    return value;
  }

  @Override
  public void readBytes(byte[] target, int start, int count) throws IOException {
    readBytes(position, target, start, count);
    position += count;
  }

  @Override
  public void readInts(int[] target, int start, int count) throws IOException {
    try {
      open().get(position, target, start, count);
    } catch (IndexOutOfBoundsException e) {
      throw pastEnd(position, e);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
    position += (long) count * Integer.BYTES;
  }

  @Override
  public void readLongs(long[] target, int start, int count) throws IOException {
    try {
      open().get(position, target, start, count);
    } catch (IndexOutOfBoundsException e) {
      throw pastEnd(position, e);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
    position += (long) count * Long.BYTES;
  }

  @Override
  public void readFloats(float[] target, int start, int count) throws IOException {
    try {
      open().get(position, target, start, count);
    } catch (IndexOutOfBoundsException e) {
      throw pastEnd(position, e);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
    position += (long) count * Float.BYTES;
  }

  // -- anywhere --

  @Override
  public byte readByte(long from) throws IOException {
    try {
      return open().get(from);
    } catch (IndexOutOfBoundsException e) {
      throw pastEnd(from, e);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  @Override
  public short readShort(long from) throws IOException {
    try {
      return open().getShort(from);
    } catch (IndexOutOfBoundsException e) {
      throw pastEnd(from, e);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  @Override
  public int readInt(long from) throws IOException {
    try {
      return open().getInt(from);
    } catch (IndexOutOfBoundsException e) {
      throw pastEnd(from, e);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  @Override
  public long readLong(long from) throws IOException {
    try {
      return open().getLong(from);
    } catch (IndexOutOfBoundsException e) {
      throw pastEnd(from, e);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  @Override
  public void readBytes(long from, byte[] target, int start, int count) throws IOException {
    try {
      open().get(from, target, start, count);
    } catch (IndexOutOfBoundsException e) {
      throw pastEnd(from, e);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public long getFilePointer() {
    open();
    return position;
  }

  @Override
  public void seek(long to) throws IOException {
    open();
    if (to < 0 || to > length) {
      throw pastEnd(to, new IndexOutOfBoundsException("seek to " + to + " of " + length));
    }
    position = to;
  }

  @Override
  public RegionInput clone() {
    open();
    RegionInput clone = (RegionInput) super.clone();
    clone.isOwner = false;
    return clone;
  }

  @Override
  public RegionInput slice(String description, long offset, long count) {
    if (offset < 0 || count < 0 || count > length - offset) {
      throw new IllegalArgumentException(
          String.format("slice %s of %d bytes at %d of %s", description, count, offset, this));
    }
    try {
      MappedRegion part = open().slice(offset, count).order(ByteOrder.LITTLE_ENDIAN);
      return new RegionInput(getFullSliceDescription(description), part, count, prefetches);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  @Override
  public RegionInput slice(String description, long offset, long count, IOContext context)
      throws IOException {
    RegionInput slice = slice(description, offset, count);
    slice.advised = advised;
    if (count >= PAGE) {
      slice.updateIOContext(context);
    }
    return slice;
  }

  @Override
  public void updateIOContext(IOContext context) throws IOException {
    Advice advice = RegionDirectory.advice(context);
    if (advice != advised) {
      try {
        open().advise(advice);
        advised = advice;
      } catch (IllegalStateException e) {
        throw closed(e);
      }
    }
  }

  @Override
  public void prefetch(long offset, long count) throws IOException {
    Objects.checkFromIndexSize(offset, count, length);
    try {
      prefetches.prefetch(open(), offset, count);
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  @Override
  public Optional<Boolean> isLoaded() {
    try {
      return Optional.of(open().isLoaded());
    } catch (IllegalStateException e) {
      throw closed(e);
    }
  }

  @Override
  public void close() {
    MappedRegion open = region;
    region = null;
    if (isOwner && open != null) {
      open.close();
    }
  }
}
