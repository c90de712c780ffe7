package dev.sluice.internal.load;

import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.boundary.NativeTransfer;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Whether this kernel gives the receiver the pages of a file that is sent to a socket, or a copy.
 * The first question for a mechanism makes the trial: {@code page_sharing.rs}.
 */
public final class PageSharing {
  /** The trial could not be made, or the mechanism sends nothing to a socket. */
  public static final int UNKNOWN = 0;

  /** The receiver is given the pages. */
  public static final int SHARED = 1;

  /** The receiver is given a copy. */
  public static final int COPIED = 2;

  private static final Map<Integer, Integer> KNOWN = new ConcurrentHashMap<>();

  private PageSharing() {}

  /** Answers for a mechanism by its number. No exception comes out of a trial. */
  public static int of(int mechanism) {
    return NativeLoader.isAvailable()
        ? KNOWN.computeIfAbsent(mechanism, PageSharing::tried)
        : UNKNOWN;
  }

  private static int tried(int mechanism) {
    try {
      return NativeTransfer.pageSharing(mechanism);
    } catch (InternalError | LinkageError e) {
      return UNKNOWN;
    }
  }

  /** The answers for some mechanisms, such as {@code sendfile shared, splice shared}. */
  static String text(int... mechanisms) {
    StringBuilder text = new StringBuilder();
    for (int mechanism : mechanisms) {
      String answer =
          switch (of(mechanism)) {
            case SHARED -> "shared";
            case COPIED -> "copied";
            default -> "unknown";
          };
      text.append(text.isEmpty() ? "" : ", ")
          .append(Mechanisms.name(mechanism).toLowerCase(Locale.ROOT))
          .append(' ')
          .append(answer);
    }
    return text.toString();
  }
}
