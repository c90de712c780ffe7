package dev.sluice.internal;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;

/**
 * The thread that carries a virtual one. Work that keeps it busy in a system call, where the
 * virtual thread cannot leave it, makes up for it as the JDK's own file channels do: by {@code
 * jdk.internal.misc.Blocker}, which lets the scheduler start another carrier meanwhile.
 */
final class Carrier {
  /** From how many bytes on moving them between files is long: some hundred microseconds. */
  static final long LONG = 1L << 20;

  private static final long NOT_ASKED = 0;

  private static final Probe PROBE = new Probe(Native.CARRIER);
  private static final Class<?> BLOCKER = PROBE.type("jdk.internal.misc.Blocker");
  private static final MethodHandle BEGIN = find("begin", MethodType.methodType(long.class));
  private static final MethodHandle END =
      find("end", MethodType.methodType(void.class, long.class));
  private static final boolean IS_FOUND =
      PROBE.foundAll("carriers", "compensated as by the JDK", "not compensated");

  static {
    PROBE.end();
  }

  private Carrier() {}

  /** Which handles were found, for {@code Sluice.diagnostics()}. */
  static Map<String, String> found() {
    return PROBE.found;
  }

  /** Begins work; the answer is for {@link #end}. */
  static long begin() {
    if (!IS_FOUND || !Threads.isVirtual()) {
      return NOT_ASKED;
    }
    try {
      return (long) BEGIN.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Ends work. */
  static void end(long begun) {
    if (begun != NOT_ASKED) {
      try {
        END.invokeExact(begun);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /** What is a {@code long} in JDK 21 is a {@code boolean} in 25. */
  private static MethodHandle find(String name, MethodType type) {
    return PROBE.found(
        lookup -> {
          MethodType own = Runtime.version().feature() < 24 ? type : narrowed(type);
          MethodHandle handle = lookup.findStatic(BLOCKER, name, own);
          return MethodHandles.explicitCastArguments(handle, type);
        },
        type);
  }

  private static MethodType narrowed(MethodType type) {
    return type.returnType() == long.class
        ? type.changeReturnType(boolean.class)
        : type.changeParameterType(0, boolean.class);
  }
}
