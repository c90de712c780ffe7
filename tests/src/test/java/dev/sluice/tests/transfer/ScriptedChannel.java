package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ByteChannel;
import java.util.Random;

/**
 * A channel that is not the JDK's own, and whose answers a script decides. Its first calls are
 * honest.
 */
final class ScriptedChannel implements ByteChannel {
  static final int SIZE = 100_000;

  /** The bytes that a source gives. */
  static final byte[] CONTENT = new byte[SIZE];

  static {
    new Random(7).nextBytes(CONTENT);
  }

  final ByteArrayOutputStream arrived = new ByteArrayOutputStream();
  private final int honestCalls;
  private final ScriptedReply reply;
  private int calls;
  int given;

  ScriptedChannel(int honestCalls, ScriptedReply reply) {
    this.honestCalls = honestCalls;
    this.reply = reply;
  }

  private ScriptedReply next() {
    assertTrue(++calls < 10_000, "it goes on for ever");
    return calls <= honestCalls ? ScriptedReply.HONEST : reply;
  }

  @Override
  public int write(ByteBuffer buffer) throws IOException {
    ScriptedReply next = next();
    int moved = next.moved(buffer);
    byte[] bytes = new byte[moved];
    buffer.get(bytes);
    arrived.writeBytes(bytes);
    return next.answered(moved);
  }

  @Override
  public int read(ByteBuffer buffer) throws IOException {
    ScriptedReply next = next();
    int moved = Math.min(next.moved(buffer), SIZE - given);
    if (moved == 0 && given == SIZE) {
      return -1;
    }
    buffer.put(CONTENT, given, moved);
    given += moved;
    return next.answered(moved);
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
