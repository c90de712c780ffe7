package dev.sluice.tests.transfer;

import java.io.IOException;
import java.nio.ByteBuffer;

/**
 * One call of a channel: how many bytes it moves, of so many, and what it does then.
 *
 * @param moves of the bytes that the buffer has left; negative for all of them
 * @param answers the answer, given what was moved
 * @param then thrown after that, or null
 */
record ScriptedReply(int moves, Answer answers, Throwable then) {
  /** As many bytes as the buffer has left. */
  static final int ALL = -1;

  static final ScriptedReply HONEST = new ScriptedReply(ALL, moved -> moved);

  interface Answer {
    int of(int moved);
  }

  ScriptedReply(int moves, Answer answers) {
    this(moves, answers, null);
  }

  int moved(ByteBuffer buffer) {
    return moves < 0 ? buffer.remaining() : Math.min(moves, buffer.remaining());
  }

  int answered(int moved) throws IOException {
    if (then instanceof IOException e) {
      throw e;
    }
    if (then instanceof RuntimeException e) {
      throw e;
    }
    if (then instanceof Error e) {
      throw e;
    }
    return answers.of(moved);
  }
}
