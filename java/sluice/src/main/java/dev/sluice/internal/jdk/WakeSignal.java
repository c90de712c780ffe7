package dev.sluice.internal.jdk;

import dev.sluice.internal.boundary.NativeWait;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;

/**
 * The signal by which the JDK's channels end the system call of a thread. The JDK sets its handler
 * for the signal when a channel first needs the handler. Without a handler the signal would end the
 * process.
 */
public final class WakeSignal {
  /** Whether the handler was seen. Never cleared once it is true. */
  private static volatile boolean isHandlerSeen;

  private WakeSignal() {}

  /** Whether the signal can wake a thread, because the JDK has set its handler. */
  public static boolean canBeSent() {
    if (!isHandlerSeen) {
      isHandlerSeen = hasHandler() || Privileged.orElse(WakeSignal::letJdkSetHandler, false);
    }
    return isHandlerSeen;
  }

  private static boolean hasHandler() {
    return NativeWait.signal(NativeWait.thread()) == 0;
  }

  /** Lets the JDK set its handler, as the JDK does when its first channel waits. */
  private static boolean letJdkSetHandler() {
    try {
      // This needs no descriptor. There may be none left.
      Class.forName("sun.nio.ch.NativeThread", true, null);
    } catch (ClassNotFoundException | LinkageError e) {
      // This JDK has no such class. A channel that reads sets the handler.
      try (FileChannel file = FileChannel.open(Path.of("/dev/null"))) {
        file.read(ByteBuffer.allocate(1));
      } catch (IOException none) {
        return false;
      }
    }
    return hasHandler();
  }
}
