package dev.sluice.internal.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import java.nio.channels.WritableByteChannel;

/**
 * Checks the answers of a foreign channel's {@code read} and {@code write}. An answer is compared
 * with the position of the channel's buffer, so that no count includes bytes that the channel
 * cannot have moved.
 */
final class ForeignAnswer {
  private ForeignAnswer() {}

  /**
   * The answer and the buffer's position contradict each other, so that the number of bytes moved
   * is unknown.
   */
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
   * Offers a channel all of a buffer whose position is 0.
   *
   * @return how many bytes the channel took
   * @throws Contradiction if that number is unknown
   */
  static int write(WritableByteChannel target, ByteBuffer offered) throws IOException {
    int size = offered.limit();
    int answer = target.write(offered);
    int moved = offered.position();
    // A channel that encrypts may answer the number of encrypted bytes, which is larger.
    boolean tookAll = moved == size && answer >= size;
    boolean tookNothing = moved == 0 && answer <= 0;
    if (answer != moved && !tookAll && !tookNothing) {
      throw new Contradiction(target, "write", answer, moved, size);
    }
    return moved;
  }

  /**
   * Checks that the channel gave as many bytes as it answers. The bytes before the buffer's
   * position were given in any case.
   *
   * @param answer what {@code read} answered
   * @param given how far the buffer's position moved
   * @param size how many bytes the buffer had room for
   * @throws Contradiction if the answer is larger than the number of bytes given
   */
  static void ensureGiven(Channel source, int answer, int given, int size) throws IOException {
    if (answer > given) {
      throw new Contradiction(source, "read", answer, given, size);
    }
  }
}
