package dev.sluice.internal.jdk;

import dev.sluice.internal.boundary.NativeMemory;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteOrder;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Plain reads and writes at an address, and new arrays that are not cleared first, by {@code
 * jdk.internal.misc.Unsafe}. The names are the same on JDK 17 to 25.
 *
 * <p>An access faults where a file was truncated or a mapping retired. The fault is an {@link
 * InternalError}, as it is for the JDK's own buffers.
 */
public final class UnsafeMemory {
  private static final Probe PROBE = new Probe(TrustedLookup.MEMORY, "memory", "arrays");
  static final boolean IS_BIG_ENDIAN = ByteOrder.nativeOrder() == ByteOrder.BIG_ENDIAN;
  private static final Class<?> UNSAFE = PROBE.type("jdk.internal.misc.Unsafe");

  private static final MethodHandle GET_BYTE = plain("getByte", byte.class);
  private static final MethodHandle GET_SHORT = ordered("getShortUnaligned", short.class);
  private static final MethodHandle GET_INT = ordered("getIntUnaligned", int.class);
  private static final MethodHandle GET_LONG = ordered("getLongUnaligned", long.class);
  private static final MethodHandle PUT_BYTE = plain("putByte", void.class, byte.class);
  private static final MethodHandle PUT_SHORT =
      ordered("putShortUnaligned", void.class, short.class);
  private static final MethodHandle PUT_INT = ordered("putIntUnaligned", void.class, int.class);
  private static final MethodHandle PUT_LONG = ordered("putLongUnaligned", void.class, long.class);
  private static final MethodHandle CAS_INT =
      plain("compareAndSetInt", boolean.class, int.class, int.class);
  private static final MethodHandle CAS_LONG =
      plain("compareAndSetLong", boolean.class, long.class, long.class);

  private static final MethodHandle COPY =
      unsafe(
          "copyMemory", void.class, Object.class, long.class, Object.class, long.class, long.class);
  private static final MethodHandle COPY_SWAPPED =
      unsafe(
          "copySwapMemory",
          void.class,
          Object.class,
          long.class,
          Object.class,
          long.class,
          long.class,
          long.class);
  private static final MethodHandle FIRST_IN_ARRAY = firstInArray();

  private static final MethodHandle IS_CONSTANT =
      PROBE.found(
          lookup ->
              lookup
                  .findStatic(
                      PROBE.type("java.lang.invoke.MethodHandleImpl"),
                      "isCompileConstant",
                      MethodType.methodType(boolean.class, Object.class))
                  .asType(MethodType.methodType(boolean.class, Object.class)),
          MethodType.methodType(boolean.class, Object.class));

  /** Bytes that are swapped in one piece. */
  private static final int SWAPPED_PIECE = 1 << 13;

  /** What {@code isCompileConstant} is asked about: a constant for the second compiler only. */
  private static final Object CONSTANT = new Object();

  /** Whether the accessors of addresses were found. */
  public static final boolean ADDRESSES =
      PROBE.foundAll("the JDK's own accessors", "views of direct buffers");

  private static final MethodHandle NEW_BYTES =
      PROBE.found(
          lookup -> {
            MethodType type = MethodType.methodType(Object.class, Class.class, int.class);
            MethodHandle method =
                lookup
                    .findVirtual(UNSAFE, "allocateUninitializedArray", type)
                    .bindTo(unsafe(lookup));
            return MethodHandles.insertArguments(method, 0, byte.class);
          },
          MethodType.methodType(byte[].class, int.class));

  /** Whether {@link #newBytes} was found. */
  public static final boolean ARRAYS = PROBE.foundAll("filled at once", "cleared first");

  static {
    PROBE.end();
  }

  private UnsafeMemory() {}

  /** Which handles were found, for {@code Sluice.diagnostics()}. */
  public static Map<String, String> found() {
    return PROBE.found;
  }

  public static byte getByte(long address) {
    try {
      return (byte) GET_BYTE.invokeExact(address);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static short getShort(long address, boolean bigEndian) {
    try {
      return (short) GET_SHORT.invokeExact(address, bigEndian);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static int getInt(long address, boolean bigEndian) {
    try {
      return (int) GET_INT.invokeExact(address, bigEndian);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static long getLong(long address, boolean bigEndian) {
    try {
      return (long) GET_LONG.invokeExact(address, bigEndian);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static void putByte(long address, byte value) {
    try {
      PUT_BYTE.invokeExact(address, value);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static void putShort(long address, short value, boolean bigEndian) {
    try {
      PUT_SHORT.invokeExact(address, value, bigEndian);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static void putInt(long address, int value, boolean bigEndian) {
    try {
      PUT_INT.invokeExact(address, value, bigEndian);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  public static void putLong(long address, long value, boolean bigEndian) {
    try {
      PUT_LONG.invokeExact(address, value, bigEndian);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /**
   * Compares and exchanges four aligned bytes in the machine's own byte order.
   *
   * <p>{@code isCompileConstant} answers true only in code of HotSpot's second compiler. There this
   * method uses HotSpot's own instruction. Elsewhere native code with a guard makes the exchange,
   * see {@code CompareAndExchange}. The question and the exchange stand in one method, so that the
   * compiler cannot compile the question without the exchange.
   *
   * @param anywhere whether to use HotSpot's own instruction in any code. The compiler needs one
   *     such call of each exchange.
   * @return {@link NativeMemory#EXCHANGED}, {@link NativeMemory#OTHER_VALUE}, or another answer of
   *     {@link NativeMemory#exchange(long, int, int)}
   */
  static int exchange(long address, int expected, int value, boolean anywhere) {
    try {
      if ((boolean) IS_CONSTANT.invokeExact(CONSTANT) || anywhere) {
        return (boolean) CAS_INT.invokeExact(address, expected, value)
            ? NativeMemory.EXCHANGED
            : NativeMemory.OTHER_VALUE;
      }
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
    return NativeMemory.exchange(address, expected, value);
  }

  /**
   * Compares and exchanges eight aligned bytes, as {@link #exchange(long, int, int, boolean)} does
   * four.
   */
  static int exchange(long address, long expected, long value, boolean anywhere) {
    try {
      if ((boolean) IS_CONSTANT.invokeExact(CONSTANT) || anywhere) {
        return (boolean) CAS_LONG.invokeExact(address, expected, value)
            ? NativeMemory.EXCHANGED
            : NativeMemory.OTHER_VALUE;
      }
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
    return NativeMemory.exchange(address, expected, value);
  }

  /**
   * Copies values between an array and an address.
   *
   * @param from the array to read, or null where {@code at} is an address
   * @param at where the first value lies: an offset in the array's memory, or an address
   * @param to the array to fill, or null where {@code place} is an address
   * @param place where the first value goes: an offset in the array's memory, or an address
   * @param shift the size of a value: {@code 1 << shift} bytes
   * @param count how many values
   * @param bigEndian the byte order of the values at the address
   */
  public static void copy(
      @Nullable Object from,
      long at,
      @Nullable Object to,
      long place,
      int shift,
      int count,
      boolean bigEndian) {
    long bytes = (long) count << shift;
    try {
      if (shift == 0 || bigEndian == IS_BIG_ENDIAN) {
        COPY.invokeExact(from, at, to, place, bytes);
      } else if (to == null) {
        storeSwapped(from, at, place, bytes, shift);
      } else {
        loadSwapped(at, to, place, bytes, shift);
      }
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /**
   * Copies values from an array to an address, and swaps their bytes in an array on the heap.
   * {@code copySwapMemory} of JDK 17 ends the JVM where a page is not there, because HotSpot does
   * not know the instruction that faults ({@code Assembler::locate_operand}). The copy goes in
   * pieces, so that each piece is still in the processor's cache for the second step.
   */
  private static void storeSwapped(
      @Nullable Object from, long at, long address, long bytes, int shift) throws Throwable {
    byte[] swapped = new byte[(int) Math.min(bytes, SWAPPED_PIECE)];
    long first = firstIn(byte[].class);
    for (long done = 0; done < bytes; ) {
      long some = Math.min(bytes - done, swapped.length);
      COPY_SWAPPED.invokeExact(from, at + done, (Object) swapped, first, some, 1L << shift);
      COPY.invokeExact((Object) swapped, first, (Object) null, address + done, some);
      done += some;
    }
  }

  /** Copies values from an address to an array, and swaps their bytes in that array. */
  private static void loadSwapped(long address, Object to, long place, long bytes, int shift)
      throws Throwable {
    for (long done = 0; done < bytes; ) {
      long some = Math.min(bytes - done, SWAPPED_PIECE);
      COPY.invokeExact((Object) null, address + done, to, place + done, some);
      COPY_SWAPPED.invokeExact(to, place + done, to, place + done, some, 1L << shift);
      done += some;
    }
  }

  /** The offset of the first value in the memory of an array. */
  static long firstIn(Class<?> array) {
    try {
      return (long) FIRST_IN_ARRAY.invokeExact(array);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** An array with arbitrary contents. The caller fills the array before other code can see it. */
  public static byte[] newBytes(int length) {
    try {
      return (byte[]) NEW_BYTES.invokeExact(length);
    } catch (Throwable e) {
      throw Rethrow.unchecked(e);
    }
  }

  /** A handle on an accessor of an address that takes the byte order as its last argument. */
  private static MethodHandle ordered(String name, Class<?> result, Class<?>... values) {
    MethodType type = MethodType.methodType(result, long.class).appendParameterTypes(values);
    return find(name, type.appendParameterTypes(boolean.class));
  }

  /** A handle on an accessor of an address that takes no byte order. */
  private static MethodHandle plain(String name, Class<?> result, Class<?>... values) {
    return find(name, MethodType.methodType(result, long.class).appendParameterTypes(values));
  }

  /**
   * A handle on a method that takes an object and an offset. The handle passes null for the object;
   * the offset is then an address.
   */
  private static MethodHandle find(String name, MethodType type) {
    return PROBE.found(
        lookup -> {
          MethodType own = type.insertParameterTypes(0, Object.class);
          MethodHandle method = lookup.findVirtual(UNSAFE, name, own).bindTo(unsafe(lookup));
          return MethodHandles.insertArguments(method, 0, (Object) null);
        },
        type);
  }

  /** A handle on a method of {@code Unsafe} with the method's own parameters. */
  private static MethodHandle unsafe(String name, Class<?> result, Class<?>... parameters) {
    MethodType type = MethodType.methodType(result, parameters);
    return PROBE.found(
        lookup -> lookup.findVirtual(UNSAFE, name, type).bindTo(unsafe(lookup)), type);
  }

  /**
   * {@code arrayBaseOffset} answers an {@code int} in some releases and a {@code long} in others.
   */
  private static MethodHandle firstInArray() {
    return PROBE.found(
        lookup -> {
          MethodHandle found;
          try {
            found =
                lookup.findVirtual(
                    UNSAFE, "arrayBaseOffset", MethodType.methodType(int.class, Class.class));
          } catch (NoSuchMethodException e) {
            found =
                lookup.findVirtual(
                    UNSAFE, "arrayBaseOffset", MethodType.methodType(long.class, Class.class));
          }
          return found.bindTo(unsafe(lookup));
        },
        MethodType.methodType(long.class, Class.class));
  }

  private static Object unsafe(MethodHandles.Lookup lookup) throws Throwable {
    return lookup.findStatic(UNSAFE, "getUnsafe", MethodType.methodType(UNSAFE)).invoke();
  }
}
