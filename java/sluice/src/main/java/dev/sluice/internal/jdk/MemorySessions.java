package dev.sluice.internal.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes of an address that is there for as long as a session is open, by {@code
 * jdk.internal.misc.ScopedMemoryAccess}: what memory segments are read and written by. To close a
 * session ends with no thread between its look at the session and its access, in whatever code:
 * {@code closeScope} stops each thread and looks. Nothing has to be looked at after an access
 * therefore.
 *
 * <p>From JDK 22 on, where a close waits for those that are within, and does not fail by them.
 */
public final class MemorySessions {
  private static final int SINCE = 22;
  private static final Probe PROBE = new Probe(TrustedLookup.SESSIONS);
  private static final Class<?> SESSION = PROBE.type("jdk.internal.foreign.MemorySessionImpl");
  private static final Class<?> ACCESS = PROBE.type("jdk.internal.misc.ScopedMemoryAccess");

  private static final MethodHandle CREATE =
      PROBE.found(
          lookup -> lookup.findStatic(SESSION, "createShared", MethodType.methodType(SESSION)),
          MethodType.methodType(Object.class));
  private static final MethodHandle CLOSE =
      PROBE.method(Object.class, SESSION, "close", void.class);
  private static final MethodHandle GET_BYTE = single("getByte", byte.class);
  private static final MethodHandle GET_SHORT =
      single("getShortUnaligned", short.class, boolean.class);
  private static final MethodHandle GET_INT = single("getIntUnaligned", int.class, boolean.class);
  private static final MethodHandle GET_LONG =
      single("getLongUnaligned", long.class, boolean.class);
  private static final MethodHandle PUT_BYTE = single("putByte", void.class, byte.class);
  private static final MethodHandle PUT_SHORT =
      single("putShortUnaligned", void.class, short.class, boolean.class);
  private static final MethodHandle PUT_INT =
      single("putIntUnaligned", void.class, int.class, boolean.class);
  private static final MethodHandle PUT_LONG =
      single("putLongUnaligned", void.class, long.class, boolean.class);
  private static final MethodHandle COPY = many("copyMemory");
  private static final MethodHandle COPY_SWAPPED = many("copySwapMemory", long.class);

  /** Whether windows read and write so. */
  public static final boolean FOUND =
      PROBE.foundAll("sessions", "the JDK's own", "a look after each access")
          && UnsafeMemory.ADDRESSES
          && Runtime.version().feature() >= SINCE;

  static {
    PROBE.end();
  }

  private MemorySessions() {}

  /** Which handles were found, for {@code Sluice.diagnostics()}. */
  public static Map<String, String> found() {
    return PROBE.found;
  }

  /** A session that is open. */
  public static Object open() {
    try {
      return (Object) CREATE.invokeExact();
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** Closes a session, and waits until nobody is within an access. */
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

  /** Copies values from an array, or an address, to the other; no object means an address. */
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

  private static Object access(MethodHandles.Lookup lookup) throws Throwable {
    return lookup
        .findStatic(ACCESS, "getScopedMemoryAccess", MethodType.methodType(ACCESS))
        .invoke();
  }

  /** A method that takes a session, an object and an offset, where no object means an address. */
  private static MethodHandle single(String name, Class<?> result, Class<?>... values) {
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

  /** A copy within one session, which is that of both sides. */
  private static MethodHandle many(String name, Class<?>... more) {
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
