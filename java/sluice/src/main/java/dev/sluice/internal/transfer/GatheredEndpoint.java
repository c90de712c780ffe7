package dev.sluice.internal.transfer;

import dev.sluice.internal.boundary.DirectBuffers;
import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.boundary.Progress;
import dev.sluice.internal.channel.Endpoint;
import dev.sluice.internal.channel.UnwaitedSource;
import java.io.IOException;
import java.lang.ref.Reference;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Bytes of a {@link Response} that are copied into one buffer and sent by one call. The buffer is
 * held only during the call: what a full socket does not take is gathered anew.
 */
final class GatheredEndpoint extends UnwaitedSource {
  private static final Channel ALWAYS_OPEN =
      new Channel() {
        @Override
        public boolean isOpen() {
          return true;
        }

        @Override
        public void close() {}
      };

  private final ResponseParts parts;

  /** How many system calls were made: one to send, and one for each file that was read. */
  long calls;

  /** Whether nothing was sent, because it is not yet known whether all bytes are there. */
  boolean isToBeSeen;

  /** Why the last bytes could not be gathered, or null. */
  private @Nullable IOException failure;

  GatheredEndpoint(ResponseParts parts) {
    super(0, ALWAYS_OPEN);
    this.parts = parts;
  }

  @Override
  public long transfer(
      int mechanism, int shape, int fd, Endpoint target, int targetFd, long count, long ledger) {
    ByteBuffer buffer = DirectBuffers.FOR_COPIES.takeAny();
    try {
      if (!parts.maySend(position, Math.min(count, buffer.capacity()))) {
        isToBeSeen = true;
        return Progress.sourceFailed();
      }
      long address = DirectBuffers.FOR_COPIES.address(buffer);
      boolean hasMore = parts.gather(position, count, buffer, address);
      calls += parts.filesOfLastGathering();
      calls++;
      return NativeTransfer.send(address, buffer.position(), hasMore, shape, targetFd);
    } catch (IOException e) {
      failure = e;
      return Progress.sourceFailed();
    } finally {
      Reference.reachabilityFence(buffer);
      DirectBuffers.FOR_COPIES.give(buffer);
    }
  }

  @Override
  public IOException failure(int errno) throws IOException {
    return failure != null ? failure : super.failure(errno);
  }

  @Override
  public void begin(boolean hook) {}

  @Override
  public int enter() {
    return 0;
  }

  @Override
  public void leave() {}

  @Override
  public long remainingBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public void end(boolean completed) {}
}
