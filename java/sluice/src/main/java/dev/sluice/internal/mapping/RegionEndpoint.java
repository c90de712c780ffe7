package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.Errno;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.UnwaitedSource;
import java.io.IOException;
import java.nio.channels.Channel;

/**
 * A region as the source of a transfer. The region is held as a file is held: a close of the region
 * wakes a thread that waits in the kernel.
 */
final class RegionEndpoint extends UnwaitedSource {
  private final RegionPart region;
  private final Mapping mapping;
  private int index;

  RegionEndpoint(RegionPart region, Mapping mapping, long offset) {
    super(offset, new View(mapping));
    this.region = region;
    this.mapping = mapping;
  }

  /** The region in the role of an endpoint's channel. An interrupt does not close it. */
  private record View(Mapping mapping) implements Channel {
    @Override
    public boolean isOpen() {
      return !mapping.isRetired();
    }

    @Override
    public void close() {}
  }

  @Override
  public void begin(boolean hook) {
    region.ensureOpen();
  }

  @Override
  public int enter() {
    index = region.transfers().add();
    if (isUsable()) {
      return 0;
    }
    leave();
    return -1;
  }

  @Override
  public void leave() {
    region.transfers().remove(index);
  }

  @Override
  public long remainingBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public long transfer(
      int mechanism, int shape, int fd, Endpoint target, int targetFd, long count, long ledger) {
    long place = region.mappingOffset(position);
    return mapping.send(shape, place, count, targetFd, target.position, ledger);
  }

  @Override
  public IOException failure(int errno) throws IOException {
    return errno == Errno.EFAULT.number
        ? region.unavailable(-errno, region.mappingOffset(position))
        : super.failure(errno);
  }

  @Override
  public void end(boolean completed) {
    if (!completed && mapping.isRetired()) {
      throw new IllegalStateException("the region was closed or resized");
    }
  }
}
