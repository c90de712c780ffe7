package dev.sluice.bench.jmh;

import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.boundary.NativeAbi;
import dev.sluice.internal.boundary.NativeTransfer;
import dev.sluice.internal.boundary.TransferShape;
import dev.sluice.internal.channel.Endpoint;

/**
 * The library's hot native without the guards around it, for the benchmarks only. The library's
 * module does not export it: the benchmarks have the library on their class path.
 */
public final class BareNative {
  private static final int SENDFILE = 3;
  private static final int FILE_TO_SOCKET = TransferShape.of(Endpoint.FILE, Endpoint.SOCKET);
  private static final int FILE_TO_PIPE = TransferShape.of(Endpoint.FILE, Endpoint.PIPE);

  private BareNative() {}

  /** Into native code and back, with nothing done there. */
  public static int cross() {
    return NativeAbi.abi();
  }

  /** The whole boundary of a transfer, which has no bytes to move and makes no system call. */
  public static long transferNothing() {
    return transfer(Mechanisms.AUTO, FILE_TO_SOCKET, 0, 0, 0, 1);
  }

  /** One {@code sendfile} to a socket. */
  public static long sendfileToSocket(int file, long position, long count, int socket) {
    return transfer(SENDFILE, FILE_TO_SOCKET, file, position, count, socket);
  }

  /** One {@code sendfile} to a pipe. */
  public static long sendfileToPipe(int file, long position, long count, int pipe) {
    return transfer(SENDFILE, FILE_TO_PIPE, file, position, count, pipe);
  }

  private static long transfer(
      int mechanism, int shape, int file, long position, long count, int target) {
    return NativeTransfer.transfer(
        mechanism, shape, file, position, target, NativeTransfer.OWN_OFFSET, count, 0);
  }
}
