package dev.sluice.internal.jdk;

import dev.sluice.internal.boundary.NativeWait;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The signal by which the JDK's channels end a thread's system call. The JDK sets its handler when
 * it first needs it; a signal without a handler would end the process.
 */
public final class WakeSignal {
  /** Whether a thread can be woken, once that has been seen. */
  private static volatile boolean isHandled;

  private WakeSignal() {}

  /** Whether a thread can be woken: the JDK's channels have a handler for their signal. */
  public static boolean canBeSent() {
    if (!isHandled) {
      isHandled = isSignalled() || setsHandler();
    }
    return isHandled;
  }

  private static boolean isSignalled() {
    return NativeWait.signal(NativeWait.thread()) == 0;
  }

  /** Whichever channel waits first sets the handler, and so does this. */
  private static boolean setsHandler() {
    try {
      // Needs no descriptor, of which there may be none left.
      Class.forName("sun.nio.ch.NativeThread", true, null);
    } catch (ClassNotFoundException | LinkageError e) {
      // Another JDK: a channel that reads knows how.
      try (FileChannel file = FileChannel.open(Path.of("/dev/null"))) {
        file.read(ByteBuffer.allocate(1));
      } catch (IOException none) {
        return false;
      }
    }
    return isSignalled();
  }
}
