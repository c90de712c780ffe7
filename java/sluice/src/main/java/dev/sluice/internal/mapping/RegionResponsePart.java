package dev.sluice.internal.mapping;

import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.transfer.ResponsePart;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A part of a region in a composite. */
public final class RegionResponsePart extends ResponsePart {
  private final RegionPart region;
  private final long start;

  /** A part of {@code count} bytes, which lies within the region. */
  public RegionResponsePart(RegionPart region, long start, long count) {
    super(count);
    Objects.checkFromIndexSize(start, count, region.size());
    this.region = region;
    this.start = start;
  }

  @Override
  protected void ensureUsable() {
    mapping(0, size());
  }

  @Override
  protected void copy(long offset, ByteBuffer target, long address) throws IOException {
    int count = (int) Math.min(target.remaining(), size() - offset);
    ByteBuffer part = target.slice().limit(count);
    Mapping mapping = mapping(offset, count);
    if (mapping == null) {
      return;
    }
    CheckedCopy.byKernel(region, mapping, start + offset, part, true);
    target.position(target.position() + count);
  }

  private @Nullable Mapping mapping(long offset, long count) {
    try {
      return region.checkedMapping(start + offset, count);
    } catch (IndexOutOfBoundsException e) {
      throw new IllegalStateException(
          "the region was made smaller than its part of the composite", e);
    }
  }

  @Override
  protected boolean isInMemory() {
    return false;
  }

  @Override
  protected Endpoint source(long offset) {
    Mapping mapping = mapping(offset, size() - offset);
    return new RegionEndpoint(region, Objects.requireNonNull(mapping), start + offset);
  }
}
