package dev.sluice.internal.transfer;

import dev.sluice.internal.channel.ForeignBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A source whose bytes can be read again, such as a file or a region. */
@FunctionalInterface
public interface RereadableSource {
  /**
   * Makes an offer: a buffer that no other code can reach, whose size is the number of bytes in it.
   *
   * @param most the most bytes that the offer may hold
   * @param moved the bytes that the target has taken before, which the offer begins behind
   * @param buffers the memory that the offer is made in
   * @return the offer, or null at the end of the source
   */
  @Nullable ByteBuffer offer(int most, long moved, ForeignBuffers buffers) throws IOException;
}
