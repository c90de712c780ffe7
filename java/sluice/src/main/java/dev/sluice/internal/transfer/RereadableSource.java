package dev.sluice.internal.transfer;

import dev.sluice.internal.channel.ForeignBuffers;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Where bytes come from that can be read again. */
@FunctionalInterface
public interface RereadableSource {
  /**
   * Makes an offer: a buffer that nobody else has, as large as what it holds.
   *
   * @param most the bytes it may hold
   * @param moved the bytes that were moved before
   * @param buffers where its memory comes from
   * @return null at the end
   */
  @Nullable ByteBuffer read(int most, long moved, ForeignBuffers buffers) throws IOException;
}
