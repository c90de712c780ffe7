package dev.sluice.internal.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * Compensates for a carrier, the platform thread under a virtual thread, that is busy in a system
 * call. The virtual thread cannot leave the carrier during that call. The JDK's own file channels
 * therefore use {@code jdk.internal.misc.Blocker}, which lets the scheduler start another carrier
 * meanwhile. So does this class.
 */
public final class CarrierCompensation {
  /**
   * From this number of bytes on a copy between two files takes long: some hundred microseconds.
   */
  public static final long LONG_COPY_BYTES = 1L << 20;

  /**
   * Says that {@link #begin} has not asked the JDK. The JDK's own answers are numbers from 0 on, or
   * 0 and 1 for a boolean, so that none of them has this value.
   */
  public static final long NOT_ASKED = Long.MIN_VALUE;

  private static final Probe PROBE = new Probe(TrustedLookup.CARRIER, "carriers");
  private static final Class<?> BLOCKER = PROBE.type("jdk.internal.misc.Blocker");
  private static final MethodHandle BEGIN = find("begin", MethodType.methodType(long.class));
  private static final MethodHandle END =
      find("end", MethodType.methodType(void.class, long.class));
  private static final boolean IS_FOUND =
      PROBE.foundAll("compensated as by the JDK", "not compensated");

  static {
    PROBE.end();
  }

  private CarrierCompensation() {}

  /** Which handles were found, for {@code Sluice.diagnostics()}. */
  public static Map<String, String> found() {
    return PROBE.found;
  }

  /**
   * Begins work that keeps the carrier busy.
   *
   * @return what {@link #end} needs to know
   */
  public static long begin() {
    if (!IS_FOUND || !Threads.isVirtual()) {
      return NOT_ASKED;
    }
    try {
      return (long) BEGIN.invokeExact();
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes a call that keeps the carrier busy. */
  public static long during(LongSupplier call) {
    long begun = begin();
    try {
      return call.getAsLong();
    } finally {
      end(begun);
    }
  }

  /** Ends the work that {@link #begin} began. */
  public static void end(long begun) {
    if (begun != NOT_ASKED) {
      try {
        END.invokeExact(begun);
      } catch (Throwable e) {
        throw new IllegalStateException(e);
      }
    }
  }

  /**
   * JDK 21 and 22 pass a {@code long} between the two methods, later releases a {@code boolean}.
   */
  private static MethodHandle find(String name, MethodType type) {
    return PROBE.found(
        lookup -> MethodHandles.explicitCastArguments(find(lookup, name, type), type), type);
  }

  private static MethodHandle find(MethodHandles.Lookup lookup, String name, MethodType type)
      throws ReflectiveOperationException {
    try {
      return lookup.findStatic(BLOCKER, name, narrowed(type));
    } catch (NoSuchMethodException e) {
      return lookup.findStatic(BLOCKER, name, type);
    }
  }

  private static MethodType narrowed(MethodType type) {
    return type.returnType() == long.class
        ? type.changeReturnType(boolean.class)
        : type.changeParameterType(0, boolean.class);
  }
}
