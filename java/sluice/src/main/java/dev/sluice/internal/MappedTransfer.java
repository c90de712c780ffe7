package dev.sluice.internal;

import java.io.IOException;
import java.nio.channels.WritableByteChannel;
import java.util.Objects;

/** From a region to a channel: {@code write(2)} out of the mapping, under the target's guards. */
final class MappedTransfer {
  private MappedTransfer() {}

  static long run(Region region, long offset, long count, WritableByteChannel target)
      throws IOException {
    Objects.requireNonNull(target, "target");
    Mapping mapping = region.part(offset, count);
    Arguments.target(target);
    if (mapping == null) {
      return 0;
    }
    Side side = Sides.target(target);
    if (side == null) {
      return buffered(region, mapping, offset, count, target);
    }
    Side source = new MappedSide(region, mapping, offset);
    if (side.kind != Side.FILE || count <= SliceSize.FIRST_OF_DATA) {
      return Transfer.run(Transfers.AUTO, source, side, count, 0, null, null);
    }
    // The file may be the mapped one: a move within it that takes long is kept there between calls.
    Tally tally = Tally.take();
    try {
      return Transfer.run(Transfers.AUTO, source, side, count, 0, tally, null);
    } finally {
      tally.release();
    }
  }

  /** No mapped page is shown to code that is not ours, which might touch it in native code. */
  private static long buffered(
      Region region, Mapping mapping, long offset, long count, WritableByteChannel target)
      throws IOException {
    return BufferedTransfer.move(
        (buffer, moved) -> {
          int length = buffer.remaining();
          DirectCopy.run(mapping, offset + moved, buffer, true, region::unavailable);
          return length;
        },
        (buffer, moved) -> target.write(buffer),
        count);
  }
}
