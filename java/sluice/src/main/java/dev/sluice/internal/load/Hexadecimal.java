package dev.sluice.internal.load;

/** Bytes as hexadecimal digits, without the classes that {@code HexFormat} brings to a start. */
final class Hexadecimal {
  private Hexadecimal() {}

  /** Two lower-case digits a byte. */
  static String of(byte[] bytes) {
    StringBuilder text = new StringBuilder(2 * bytes.length);
    for (byte each : bytes) {
      text.append(Character.forDigit(each >> 4 & 0xf, 16))
          .append(Character.forDigit(each & 0xf, 16));
    }
    return text.toString();
  }
}
