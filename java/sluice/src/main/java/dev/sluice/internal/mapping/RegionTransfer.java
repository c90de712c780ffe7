package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.DirectBuffers;
import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.Endpoints;
import dev.sluice.internal.transfer.Arguments;
import dev.sluice.internal.transfer.BufferedTransfer;
import dev.sluice.internal.transfer.Explained;
import dev.sluice.internal.transfer.ReportBuilder;
import dev.sluice.internal.transfer.Transfer;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/**
 * Transfers from a region to a channel, by {@code write(2)} out of the mapping, under the target's
 * guards.
 */
public final class RegionTransfer {
  private RegionTransfer() {}

  /** Writes a part of a region to a channel. */
  public static long run(RegionPart region, long offset, long count, WritableByteChannel target)
      throws IOException {
    Objects.requireNonNull(target, "target");
    Mapping mapping = region.checkedMapping(offset, count);
    Arguments.target(target);
    if (mapping == null) {
      return 0;
    }
    Endpoint endpoint = Endpoints.target(target);
    if (endpoint == null) {
      ReportBuilder report = Explained.report();
      long moved = buffered(region, mapping, offset, count, target);
      if (report != null) {
        report.addChannelTransfer(moved, count, true);
      }
      return moved;
    }
    Endpoint source = new RegionEndpoint(region, mapping, offset);
    return Transfer.run(Mechanisms.AUTO, source, endpoint, count, Explained.terms(null));
  }

  /**
   * Transfers to a foreign channel through copies. Foreign code never sees a mapped page, because
   * it might touch the page in native code, where a missing page ends the JVM.
   */
  private static long buffered(
      RegionPart region, Mapping mapping, long offset, long count, WritableByteChannel target)
      throws IOException {
    return BufferedTransfer.transferTo(
        (most, moved, buffers) -> {
          long at = offset + moved;
          ByteBuffer lent = buffers.lent(most);
          if (lent != null) {
            return read(region, mapping, at, lent);
          }
          ByteBuffer copied = DirectBuffers.FOR_COPIES.takeAny();
          try {
            copied.limit(Math.min(most, copied.capacity()));
            return buffers.copy(read(region, mapping, at, copied));
          } finally {
            DirectBuffers.FOR_COPIES.give(copied);
          }
        },
        target,
        count);
  }

  private static ByteBuffer read(RegionPart region, Mapping mapping, long at, ByteBuffer buffer)
      throws IOException {
    CheckedCopy.byKernel(region, mapping, at, buffer, true);
    return buffer.flip();
  }
}
