package dev.sluice.tests.chaos;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;

/** Bytes that a reader collected, without a copy at the end. */
final class Bytes extends ByteArrayOutputStream {
  byte[] array() {
    return buf;
  }

  void add(ByteBuffer bytes) {
    write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }

  /** Those that have the high bit, or those that have not. */
  Bytes only(boolean foreign) {
    Bytes some = new Bytes();
    for (int i = 0; i < count; i++) {
      if (buf[i] < 0 == foreign) {
        some.write(buf[i]);
      }
    }
    return some;
  }
}
