package dev.sluice.internal.boundary;

/** Natives on a mapping, whose handle is an address in the native code. */
public final class NativeMapping {
  /** A protection: the mapping is read. */
  public static final int READ_ONLY = 0;

  /** A protection: the mapping is read and written. Writes go to the file. */
  public static final int READ_WRITE = 1;

  /** A protection: the mapping is read and written. Writes stay in this mapping. */
  public static final int PRIVATE = 2;

  /** A flag: the kernel reads the pages in when it maps them ({@code MAP_POPULATE}). */
  public static final int POPULATE = 1;

  /** A flag: the kernel reserves no swap space for private pages ({@code MAP_NORESERVE}). */
  public static final int NO_RESERVE = 2;

  /** A flag: a flush of the processor's caches makes writes durable ({@code MAP_SYNC}). */
  public static final int SYNC = 4;

  private NativeMapping() {}

  /**
   * Maps a part of a file.
   *
   * @param fd the file's descriptor
   * @param offset the file offset of the first byte
   * @param length in bytes, above 0
   * @param protection {@link #READ_ONLY}, {@link #READ_WRITE} or {@link #PRIVATE}
   * @param flags {@link #POPULATE}, {@link #NO_RESERVE}, {@link #SYNC}
   * @return a handle for the methods below, or an error for {@code MapFailure}
   */
  public static long map(int fd, long offset, long length, int protection, int flags) {
    return Answer.checked(map0(fd, offset, length, protection, flags));
  }

  /** The address of a mapping's first byte. */
  public static long mappedAddress(long mapping) {
    return Answer.checked(mappedAddress0(mapping));
  }

  /** Whether a mapping's pages are huge pages, which the kernel neither duplicates nor moves. */
  public static boolean hasHugePages(long mapping) {
    return Answer.checked(hasHugePages0(mapping)) != 0;
  }

  /** Unmaps a mapping and gives its addresses back. The handle is no longer valid. */
  public static void unmap(long mapping) {
    Answer.checked(unmap0(mapping));
  }

  /**
   * Releases a mapping's file, pages and locks, and keeps its addresses.
   *
   * @param endsInZeros whether late accesses read zeros; otherwise they fault
   * @return 0, or an error
   */
  public static long retire(long mapping, boolean endsInZeros) {
    return Answer.checked(retire0(mapping, endsInZeros ? 1 : 0));
  }

  /**
   * Opens the file by which late accesses will fault, while there are descriptors.
   *
   * @return 0, or an error
   */
  public static long prepareRetirement() {
    return Answer.checked(prepareRetirement0());
  }

  /**
   * Maps the part of a shared mapping once more, at other addresses.
   *
   * @return a handle, or an error
   */
  public static long mapAgain(long mapping) {
    return Answer.checked(mapAgain0(mapping));
  }

  /**
   * Moves a mapping's pages to other addresses. The old addresses stay mapped and are left to
   * {@link #retire}.
   *
   * @return a handle, or an error
   */
  public static long moveToNewAddresses(long mapping) {
    return Answer.checked(moveToNewAddresses0(mapping));
  }

  /**
   * Gives the kernel advice on a part of a mapping, by the number of the advice: 0, or an error.
   */
  public static long advise(long mapping, int advice, long offset, long length) {
    return Answer.checked(advise0(mapping, advice, offset, length));
  }

  /** Writes the changed pages of a part to the device: 0, or an error. */
  public static long sync(long mapping, long offset, long length) {
    return Answer.checked(sync0(mapping, offset, length));
  }

  /** How many bytes of a part are in memory, in whole pages, or an error. */
  public static long resident(long mapping, long offset, long length) {
    return Answer.checked(resident0(mapping, offset, length));
  }

  /** 1 if all pages of a part are in memory, else 0, or an error. */
  public static long isResident(long mapping, long offset, long length) {
    return Answer.checked(isResident0(mapping, offset, length));
  }

  /** Locks or unlocks the pages of a part: 0, or an error. */
  public static long lockPages(long mapping, long offset, long length, boolean on) {
    return Answer.checked(lockPages0(mapping, offset, length, on ? 1 : 0));
  }

  /**
   * Copies bytes of a mapping to Sluice's own memory.
   *
   * @param address the address of that memory
   * @return how many bytes were copied, or an error
   */
  public static long readMapped(long mapping, long offset, long address, long length) {
    return Answer.checked(readMapped0(mapping, offset, address, length));
  }

  /**
   * Copies bytes of Sluice's own memory into a mapping.
   *
   * @param address the address of that memory
   * @return how many bytes were copied, or an error
   */
  public static long writeMapped(long mapping, long offset, long address, long length) {
    return Answer.checked(writeMapped0(mapping, offset, address, length));
  }

  /**
   * Writes bytes of a mapping to a descriptor, for one turn of some milliseconds.
   *
   * @param shape as in {@link NativeTransfer#transfer}
   * @param position the file offset in bytes, or {@link NativeTransfer#OWN_OFFSET}
   * @param ledger the address of a {@link Ledger}; or 0, for at most 1 MiB or a target that is no
   *     file
   * @return for {@link Progress}
   */
  public static long sendMapped(
      long mapping, int shape, long offset, long length, int fd, long position, long ledger) {
    return Answer.checked(sendMapped0(mapping, shape, offset, length, fd, position, ledger));
  }

  /** Moves the pages of a mapping to another mapping of the same part of a file: 0, or an error. */
  public static long movePages(long from, long to) {
    return Answer.checked(movePages0(from, to));
  }

  private static native long map0(int fd, long offset, long length, int protection, int flags);

  private static native long mappedAddress0(long mapping);

  private static native long hasHugePages0(long mapping);

  private static native long unmap0(long mapping);

  private static native long retire0(long mapping, int endsInZeros);

  private static native long prepareRetirement0();

  private static native long mapAgain0(long mapping);

  private static native long moveToNewAddresses0(long mapping);

  private static native long advise0(long mapping, int advice, long offset, long length);

  private static native long sync0(long mapping, long offset, long length);

  private static native long resident0(long mapping, long offset, long length);

  private static native long isResident0(long mapping, long offset, long length);

  private static native long lockPages0(long mapping, long offset, long length, int on);

  private static native long readMapped0(long mapping, long offset, long address, long length);

  private static native long writeMapped0(long mapping, long offset, long address, long length);

  private static native long sendMapped0(
      long mapping, int shape, long offset, long length, int fd, long position, long ledger);

  private static native long movePages0(long from, long to);
}
