/**
 * Zero-copy transfers between files, sockets and pipes on Linux.
 *
 * <p>The native library is loaded by this module: {@code --enable-native-access=dev.sluice}.
 */
module dev.sluice {
  // The flight recorder's event is there where the recorder is.
  requires static jdk.jfr;
  requires static org.jspecify;

  exports dev.sluice;
}
