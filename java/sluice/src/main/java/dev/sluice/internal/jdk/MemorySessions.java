package dev.sluice.internal.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes at an address that stays mapped while a session is open, by {@code
 * jdk.internal.misc.ScopedMemoryAccess}. Memory segments are read and written in this way.
 *
 * <p>When {@code close} returns, no thread stands between its look at the session and its access,
 * whatever code it runs: {@code closeScope} stops each thread and looks where the thread is. An
 * access therefore needs no look afterwards.
 *
 * <p>Sessions are used from JDK 22 on. There a close waits for the threads that are within an
 * access. In older releases the close fails because of such threads.
 */
public final class MemorySessions {
  private static final int FIRST_JDK = 22;
  private static final Probe PROBE = new Probe(TrustedLookup.SESSIONS, "sessions");

  static {
    PROBE.need(Runtime.version().feature() >= FIRST_JDK, "a close fails before JDK " + FIRST_JDK);
    PROBE.need(UnsafeMemory.ADDRESSES, "no accessors of addresses");
  }

  private static final Class<?> SESSION = PROBE.type("jdk.internal.foreign.MemorySessionImpl");
  private static final Class<?> ACCESS = PROBE.type("jdk.internal.misc.ScopedMemoryAccess");

  private static final MethodHandle CREATE =
      PROBE.found(
          lookup -> lookup.findStatic(SESSION, "createShared", MethodType.methodType(SESSION)),
          MethodType.methodType(Object.class));
  private static final MethodHandle CLOSE =
      PROBE.method(Object.class, SESSION, "close", void.class);
  private static final MethodHandle GET_BYTE = valueMethod("getByte", byte.class);
  private static final MethodHandle GET_SHORT =
      valueMethod("getShortUnaligned", short.class, boolean.class);
  private static final MethodHandle GET_INT =
      valueMethod("getIntUnaligned", int.class, boolean.class);
  private static final MethodHandle GET_LONG =
      valueMethod("getLongUnaligned", long.class, boolean.class);
  private static final MethodHandle PUT_BYTE = valueMethod("putByte", void.class, byte.class);
  private static final MethodHandle PUT_SHORT =
      valueMethod("putShortUnaligned", void.class, short.class, boolean.class);
  private static final MethodHandle PUT_INT =
      valueMethod("putIntUnaligned", void.class, int.class, boolean.class);
  private static final MethodHandle PUT_LONG =
      valueMethod("putLongUnaligned", void.class, long.class, boolean.class);
  private static final MethodHandle COPY = copyMethod("copyMemory");
  private static final MethodHandle COPY_SWAPPED = copyMethod("copySwapMemory", long.class);

  /** Whether accessors read and write by sessions. */
  public static final boolean FOUND = PROBE.foundAll("the JDK's own", "a look after each access");

  static {
    PROBE.end();
  }

  private MemorySessions() {}

  /** Which handles were found, for {@code Sluice.diagnostics()}. */
  public static Map<String, String> found() {
    return PROBE.found;
  }

  /** Opens a session. */
  public static Object open() {
    try {
      return (Object) CREATE.invokeExact();
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** Closes a session, and waits until no thread is within an access. */
  public static void close(Object session) {
    try {
      CLOSE.invokeExact(session);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static byte getByte(Object session, long address) {
    try {
      return (byte) GET_BYTE.invokeExact(session, address);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static short getShort(Object session, long address, boolean bigEndian) {
    try {
      return (short) GET_SHORT.invokeExact(session, address, bigEndian);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static int getInt(Object session, long address, boolean bigEndian) {
    try {
      return (int) GET_INT.invokeExact(session, address, bigEndian);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static long getLong(Object session, long address, boolean bigEndian) {
    try {
      return (long) GET_LONG.invokeExact(session, address, bigEndian);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static void putByte(Object session, long address, byte value) {
    try {
      PUT_BYTE.invokeExact(session, address, value);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static void putShort(Object session, long address, short value, boolean bigEndian) {
    try {
      PUT_SHORT.invokeExact(session, address, value, bigEndian);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static void putInt(Object session, long address, int value, boolean bigEndian) {
    try {
      PUT_INT.invokeExact(session, address, value, bigEndian);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static void putLong(Object session, long address, long value, boolean bigEndian) {
    try {
      PUT_LONG.invokeExact(session, address, value, bigEndian);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /**
   * Copies values between an array and an address.
   *
   * @param session the session that must be open
   * @param from the array to read, or null where {@code at} is an address
   * @param at where the first value lies: an offset in the array's memory, or an address
   * @param to the array to fill, or null where {@code place} is an address
   * @param place where the first value goes: an offset in the array's memory, or an address
   * @param values the kind of the values
   * @param count how many values
   * @param bigEndian the byte order of the values at the address
   */
  public static void copy(
      Object session,
      @Nullable Object from,
      long at,
      @Nullable Object to,
      long place,
      ValueKind values,
      int count,
      boolean bigEndian) {
    long bytes = (long) count << values.shift;
    try {
      if (values.shift == 0 || bigEndian == UnsafeMemory.IS_BIG_ENDIAN) {
        COPY.invokeExact(session, from, at, to, place, bytes);
      } else {
        COPY_SWAPPED.invokeExact(session, from, at, to, place, bytes, 1L << values.shift);
      }
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** The JDK's one instance of {@code ScopedMemoryAccess}. */
  private static Object access(MethodHandles.Lookup lookup) throws Throwable {
    return lookup
        .findStatic(ACCESS, "getScopedMemoryAccess", MethodType.methodType(ACCESS))
        .invoke();
  }

  /**
   * A handle on a method that takes a session, an object and an offset. The handle passes null for
   * the object; the offset is then an address.
   */
  private static MethodHandle valueMethod(String name, Class<?> result, Class<?>... values) {
    MethodType type =
        MethodType.methodType(result, Object.class, long.class).appendParameterTypes(values);
    return PROBE.found(
        lookup -> {
          MethodType own =
              MethodType.methodType(result, SESSION, Object.class, long.class)
                  .appendParameterTypes(values);
          MethodHandle method = lookup.findVirtual(ACCESS, name, own).bindTo(access(lookup));
          return MethodHandles.insertArguments(method, 1, (Object) null);
        },
        type);
  }

  /**
   * A handle on a copy that checks one session. The JDK's method takes a session for each of its
   * two places; the handle passes null for the second one.
   */
  private static MethodHandle copyMethod(String name, Class<?>... more) {
    Class<?>[] places = {Object.class, long.class, Object.class, long.class, long.class};
    MethodType type =
        MethodType.methodType(void.class, Object.class)
            .appendParameterTypes(places)
            .appendParameterTypes(more);
    return PROBE.found(
        lookup -> {
          MethodType own =
              MethodType.methodType(void.class, SESSION, SESSION)
                  .appendParameterTypes(places)
                  .appendParameterTypes(more);
          MethodHandle method = lookup.findVirtual(ACCESS, name, own).bindTo(access(lookup));
          return MethodHandles.insertArguments(method, 1, (Object) null);
        },
        type);
  }
}
