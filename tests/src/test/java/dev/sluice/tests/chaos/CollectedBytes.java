package dev.sluice.tests.chaos;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Bytes that a reader collected, without a copy at the end. */
final class CollectedBytes extends ByteArrayOutputStream {
  byte[] array() {
    return buf;
  }

  void add(ByteBuffer bytes) {
    write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  /** Those that have the high bit, or those that have not. */
  CollectedBytes only(boolean foreign) {
    CollectedBytes some = new CollectedBytes();
    for (int i = 0; i < count; i++) {
      if (buf[i] < 0 == foreign) {
        some.write(buf[i]);
      }
    }
    return some;
  }
}
