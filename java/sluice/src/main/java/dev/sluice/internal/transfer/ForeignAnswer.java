package dev.sluice.internal.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.WritableByteChannel;

/**
 * What a channel that is not ours says of the bytes it took or gave. Its answer is compared with
 * the position of its buffer, and no sum is made of what it cannot have moved.
 */
final class ForeignAnswer {
  private ForeignAnswer() {}

  /** Answer and position contradict each other: nobody can tell how many bytes were moved. */
  static final class Contradiction extends IOException {
    private static final long serialVersionUID = 1;

    private Contradiction(Channel channel, String call, int answer, int moved, int offered) {
      super(
          String.format(
              "%s.%s answered %d and moved the position of its buffer, which had %d bytes left,"
                  + " by %d: nobody can tell how many it moved",
              channel.getClass().getName(), call, answer, offered, moved));
    }
  }

  /**
   * Offers all of a buffer that begins at 0: how many bytes the channel took.
   *
   * @throws Contradiction if that cannot be told
   */
  static int write(WritableByteChannel target, ByteBuffer offered) throws IOException {
    int size = offered.limit();
    int answer = target.write(offered);
    int moved = offered.position();
    // A channel that encrypts may answer how many bytes that became.
    boolean tookAll = moved == size && answer >= size;
    boolean tookNothing = moved == 0 && answer <= 0;
    if (answer != moved && !tookAll && !tookNothing) {
      throw new Contradiction(target, "write", answer, moved, size);
    }
    return moved;
  }

  /**
   * Throws unless a buffer of {@code size} bytes has got what the channel answers. The bytes before
   * its position were given in any case.
   *
   * @throws Contradiction if it has not
   */
  static void ensureGiven(Channel source, int answer, int given, int size) throws IOException {
    if (answer > given) {
      throw new Contradiction(source, "read", answer, given, size);
    }
  }
}
