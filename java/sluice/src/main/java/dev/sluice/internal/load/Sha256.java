package dev.sluice.internal.load;

/**
 * SHA-256 (FIPS 180-4) of an array, for the one digest that a start of the library computes. The
 * JDK's own takes a tenth of a second in a JVM that has just started: the providers are set up
 * first, and its code is compiled late. This code is compiled after some hundred blocks.
 */
final class Sha256 {
  private static final int BLOCK = 64;

  /** The bytes of a message's length, behind its padding. */
  private static final int LENGTH = 8;

  private static final int[] ROUNDS = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2
  };

  private final int[] state = {
    0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a, 0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19
  };
  private final int[] schedule = new int[BLOCK];

  private Sha256() {}

  /** The digest of a message. */
  static byte[] of(byte[] message) {
    Sha256 digest = new Sha256();
    int whole = message.length / BLOCK * BLOCK;
    for (int at = 0; at < whole; at += BLOCK) {
      digest.add(message, at);
    }
    byte[] rest = padded(message, whole);
    for (int at = 0; at < rest.length; at += BLOCK) {
      digest.add(rest, at);
    }
    return digest.bytes();
  }

  /** What follows the whole blocks: the last bytes, a bit, zeros, and the length in bits. */
  private static byte[] padded(byte[] message, int from) {
    int left = message.length - from;
    byte[] rest = new byte[left < BLOCK - LENGTH ? BLOCK : 2 * BLOCK];
    System.arraycopy(message, from, rest, 0, left);
    rest[left] = (byte) 0x80;
    long bits = 8L * message.length;
    for (int i = 1; i <= LENGTH; i++) {
      rest[rest.length - i] = (byte) bits;
      bits >>>= 8;
    }
    return rest;
  }

  private void add(byte[] message, int from) {
    int[] w = schedule;
    for (int i = 0, at = from; i < 16; i++, at += 4) {
      w[i] =
          message[at] << 24
              | (message[at + 1] & 0xff) << 16
              | (message[at + 2] & 0xff) << 8
              | message[at + 3] & 0xff;
    }
    // The rotations are written out: a call of each would be interpreted too.
    for (int i = 16; i < BLOCK; i++) {
      int x = w[i - 15];
      int y = w[i - 2];
      int s0 = (x >>> 7 | x << 25) ^ (x >>> 18 | x << 14) ^ x >>> 3;
      int s1 = (y >>> 17 | y << 15) ^ (y >>> 19 | y << 13) ^ y >>> 10;
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    int[] k = ROUNDS;
    int a = state[0];
    int b = state[1];
    int c = state[2];
    int d = state[3];
    int e = state[4];
    int f = state[5];
    int g = state[6];
    int h = state[7];
    // Eight rounds, after which each letter has its own value again: no round moves the other six.
    for (int i = 0; i < BLOCK; i += 8) {
      h +=
          ((e >>> 6 | e << 26) ^ (e >>> 11 | e << 21) ^ (e >>> 25 | e << 7))
              + (e & f ^ ~e & g)
              + k[i]
              + w[i];
      d += h;
      h +=
          ((a >>> 2 | a << 30) ^ (a >>> 13 | a << 19) ^ (a >>> 22 | a << 10))
              + (a & b ^ a & c ^ b & c);
      g +=
          ((d >>> 6 | d << 26) ^ (d >>> 11 | d << 21) ^ (d >>> 25 | d << 7))
              + (d & e ^ ~d & f)
              + k[i + 1]
              + w[i + 1];
      c += g;
      g +=
          ((h >>> 2 | h << 30) ^ (h >>> 13 | h << 19) ^ (h >>> 22 | h << 10))
              + (h & a ^ h & b ^ a & b);
      f +=
          ((c >>> 6 | c << 26) ^ (c >>> 11 | c << 21) ^ (c >>> 25 | c << 7))
              + (c & d ^ ~c & e)
              + k[i + 2]
              + w[i + 2];
      b += f;
      f +=
          ((g >>> 2 | g << 30) ^ (g >>> 13 | g << 19) ^ (g >>> 22 | g << 10))
              + (g & h ^ g & a ^ h & a);
      e +=
          ((b >>> 6 | b << 26) ^ (b >>> 11 | b << 21) ^ (b >>> 25 | b << 7))
              + (b & c ^ ~b & d)
              + k[i + 3]
              + w[i + 3];
      a += e;
      e +=
          ((f >>> 2 | f << 30) ^ (f >>> 13 | f << 19) ^ (f >>> 22 | f << 10))
              + (f & g ^ f & h ^ g & h);
      d +=
          ((a >>> 6 | a << 26) ^ (a >>> 11 | a << 21) ^ (a >>> 25 | a << 7))
              + (a & b ^ ~a & c)
              + k[i + 4]
              + w[i + 4];
      h += d;
      d +=
          ((e >>> 2 | e << 30) ^ (e >>> 13 | e << 19) ^ (e >>> 22 | e << 10))
              + (e & f ^ e & g ^ f & g);
      c +=
          ((h >>> 6 | h << 26) ^ (h >>> 11 | h << 21) ^ (h >>> 25 | h << 7))
              + (h & a ^ ~h & b)
              + k[i + 5]
              + w[i + 5];
      g += c;
      c +=
          ((d >>> 2 | d << 30) ^ (d >>> 13 | d << 19) ^ (d >>> 22 | d << 10))
              + (d & e ^ d & f ^ e & f);
      b +=
          ((g >>> 6 | g << 26) ^ (g >>> 11 | g << 21) ^ (g >>> 25 | g << 7))
              + (g & h ^ ~g & a)
              + k[i + 6]
              + w[i + 6];
      f += b;
      b +=
          ((c >>> 2 | c << 30) ^ (c >>> 13 | c << 19) ^ (c >>> 22 | c << 10))
              + (c & d ^ c & e ^ d & e);
      a +=
          ((f >>> 6 | f << 26) ^ (f >>> 11 | f << 21) ^ (f >>> 25 | f << 7))
              + (f & g ^ ~f & h)
              + k[i + 7]
              + w[i + 7];
      e += a;
      a +=
          ((b >>> 2 | b << 30) ^ (b >>> 13 | b << 19) ^ (b >>> 22 | b << 10))
              + (b & c ^ b & d ^ c & d);
    }
    state[0] += a;
    state[1] += b;
    state[2] += c;
    state[3] += d;
    state[4] += e;
    state[5] += f;
    state[6] += g;
    state[7] += h;
  }

  private byte[] bytes() {
    byte[] bytes = new byte[4 * state.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) (state[i / 4] >>> 24 - i % 4 * 8);
    }
    return bytes;
  }
}
