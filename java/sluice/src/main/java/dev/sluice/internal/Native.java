package dev.sluice.internal;

import java.lang.invoke.MethodHandles;
import java.nio.ByteBuffer;
import java.nio.channels.Channel;
import org.jspecify.annotations.Nullable;

/**
 * Every native method. A native on the hot path takes and gives primitives only; nothing is thrown
 * from native code there.
 */
final class Native {
  /** The shape of the boundary these classes were compiled against; the library answers its own. */
  static final int ABI = 7;

  /** A position that stands for the descriptor's own offset. */
  static final long OWN_OFFSET = -1;

  /** What {@code transfer0} answers when the native code panicked. */
  static final long PANICKED = Long.MIN_VALUE;

  /** In {@code shape}: return after the first short call. */
  static final int AT_ONCE = 0x100;

  /** In {@code shape}: streams are non-blocking underneath, and the caller waits for them. */
  static final int POLLED = 0x400;

  /** In {@code shape}: not the first call of its transfer. */
  static final int NEXT = 0x200;

  /** In {@code shape}: earlier calls of the transfer have moved bytes. */
  static final int HAS_MOVED = 0x800;

  /** In {@code shape}: others may read from the source between two system calls. */
  static final int SHARED_SOURCE = 0x1000;

  /** For {@link #flag0}: the JDK made the descriptor non-blocking for virtual threads. */
  static final int FORCED_NON_BLOCKING = 0;

  /** For {@link #flag0}: {@code shutdownOutput} was called. */
  static final int OUTPUT_CLOSED = 1;

  /** For {@link #flag0}: the kernel has told a reset. */
  static final int CONNECTION_RESET = 2;

  /** The owner of a trusted lookup: {@link JdkChannels}. */
  static final int CHANNELS = 0;

  /** The owner of a trusted lookup: {@link CarrierCompensation}. */
  static final int CARRIER = 1;

  /** The owner of a trusted lookup: {@link UnsafeMemory}. */
  static final int MEMORY = 2;

  /** The owner of a trusted lookup: {@link MemorySessions}. */
  static final int SESSIONS = 3;

  /** For {@link #open}: a file to read. */
  static final int TO_READ = 0;

  /** For {@link #open}: a file to read, which must not be a symbolic link. */
  static final int TO_READ_NO_LINK = 1;

  /** For {@link #open}: a file to write, which must not exist. */
  static final int TO_WRITE_NEW = 2;

  /** To read and write what exists. */
  static final int TO_READ_AND_WRITE = 3;

  /** {@code POLLIN} of {@code poll(2)}. */
  static final int POLLIN = 1;

  /** {@code POLLOUT} of {@code poll(2)}. */
  static final int POLLOUT = 4;

  private Native() {}

  /**
   * Moves bytes between two descriptors, for one turn of some milliseconds.
   *
   * @param mechanism the mechanism's number
   * @param shape kind of the source, kind of the target shifted left by 4, {@link #AT_ONCE}, {@link
   *     #NEXT}, {@link #POLLED}, {@link #HAS_MOVED}, {@link #SHARED_SOURCE}
   * @param source the source's descriptor
   * @param sourcePosition the file offset in bytes, or {@link #OWN_OFFSET}
   * @param target the target's descriptor
   * @param targetPosition the file offset in bytes, or {@link #OWN_OFFSET}
   * @param count the bytes that are left of the transfer
   * @param ledger the address of a {@link Ledger} to add to, or 0 where the source can be read twice
   * @return for {@link Progress}; never {@link #PANICKED}
   */
  static long transfer(
      int mechanism,
      int shape,
      int source,
      long sourcePosition,
      int target,
      long targetPosition,
      long count,
      long ledger) {
    return checked(
        transfer0(mechanism, shape, source, sourcePosition, target, targetPosition, count, ledger));
  }

  /** Frees what a tally holds of bytes on their way: how many they are. They are lost. */
  static long freeRelay(long relay) {
    return checked(freeRelay0(relay));
  }

  /** Duplicates a descriptor with {@code O_CLOEXEC}: its number, or {@code -errno}. */
  static int duplicate(int fd) {
    return (int) checked(duplicate0(fd));
  }

  /** Starts what second descriptors need: 0, or {@code -errno}. */
  static int prepareSecond() {
    return (int) checked(prepareSecond0());
  }

  /** Makes a second descriptor, see {@link SecondDescriptors}: its number, or {@code -errno}. */
  static int second(int fd) {
    return (int) checked(second0(fd));
  }

  /**
   * Opens a file with {@code O_CLOEXEC}, as a second descriptor: its number, or {@code -errno}.
   *
   * @param path its name, as the kernel takes it
   * @param how {@link #TO_READ}, {@link #TO_READ_NO_LINK} or {@link #TO_WRITE_NEW}
   * @param mode the permissions of a new file, of which the umask takes its part
   */
  static int open(byte[] path, int how, int mode) {
    return (int) checked(open0(path, how, mode));
  }

  /**
   * Opens a directory with {@code O_CLOEXEC}, as a second descriptor where there are any: its
   * number, or {@code -errno}.
   *
   * @param path its name, as the kernel takes it, of any length
   */
  static int openDirectory(byte[] path) {
    return (int) checked(openDirectory0(path));
  }

  /**
   * Creates a file to write in a directory: its number, or {@code -errno}.
   *
   * @param mode its permissions, of which the umask or the directory's access list takes its part
   */
  static int createIn(int directory, byte[] name, int mode) {
    return (int) checked(createIn0(directory, name, mode));
  }

  /**
   * What a file gets that is created in a directory with this mode, or {@code -errno}.
   *
   * @param path the directory's name, for one that may not be read
   */
  static int permissionsIn(int directory, byte[] path, int mode) {
    return (int) checked(permissionsIn0(directory, path, mode));
  }

  /** Renames a file within a directory: 0, or {@code -errno}. */
  static int renameIn(int directory, byte[] from, byte[] to) {
    return (int) checked(renameIn0(directory, from, to));
  }

  /** Deletes a file in a directory, or an empty directory: 0, or {@code -errno}. */
  static int deleteIn(int directory, byte[] name, boolean isDirectory) {
    return (int) checked(deleteIn0(directory, name, isDirectory ? 1 : 0));
  }

  /** Closes a descriptor of ours: 0, or {@code -errno}. */
  static int close(int fd) {
    return (int) checked(close0(fd));
  }

  /** The current native thread, for {@link #signal}. */
  static long thread() {
    return checked(thread0());
  }

  /**
   * Makes a thread's system call answer {@code EINTR}, as the JDK's channels do: 0, or {@code
   * -errno}.
   */
  static int signal(long thread) {
    return (int) checked(signal0(thread));
  }

  /** The open flags of a descriptor, or {@code -errno}. */
  static int flags(int fd) {
    return (int) checked(flags0(fd));
  }

  /**
   * The bytes of a file from {@code position}, or from {@link #OWN_OFFSET}, to its end: negative
   * where it ends before.
   *
   * @return {@link Long#MAX_VALUE} where the file does not know its size, as in procfs, or cannot
   *     seek
   */
  static long left(int fd, long position) {
    return checked(left0(fd, position));
  }

  /** How many bytes of a stream can be read at once, or {@code -errno}. */
  static long readable(int fd) {
    return checked(readable0(fd));
  }

  /**
   * Waits for {@link #POLLIN} or {@link #POLLOUT} for at most {@code millis} (below 65,536), or
   * without end where that is negative.
   */
  static void poll(int fd, int events, int millis) {
    checked(poll0(fd, events, millis));
  }

  /**
   * Lets {@link #awaitReady} answer a descriptor once, when it is ready for {@code events}: 0, or
   * {@code -errno}.
   */
  static int watch(int fd, int events) {
    return (int) checked(watch0(fd, events));
  }

  /** Undoes {@link #watch}. */
  static void unwatch(int fd) {
    checked(unwatch0(fd));
  }

  /**
   * Waits for at most {@code millis} (below 65,536) for descriptors that are watched.
   *
   * @param address where their numbers go, each an {@code int}
   * @param most how many fit there
   * @return how many they are, or {@code -errno}
   */
  static int awaitReady(long address, int most, int millis) {
    return (int) checked(awaitReady0(address, most, millis));
  }

  /**
   * Makes a copy from one file to another that has not begun.
   *
   * @param source the source's descriptor
   * @param target the target's descriptor
   * @param holes what becomes of holes
   * @param sharing whether extents are shared
   * @return its address, for {@link #share}, {@link #advance} and {@link #freeCopy}, or an error
   *     for {@link CopyFailure}
   */
  static long newCopy(int source, int target, int holes, int sharing) {
    return checked(newCopy0(source, target, holes, sharing));
  }

  /** Frees a copy. */
  static void freeCopy(long copy) {
    checked(freeCopy0(copy));
  }

  /**
   * Shares further bytes for some milliseconds: 1 when no more can be, 0 when there may be more, or
   * an error for {@link CopyFailure}.
   */
  static long share(long copy) {
    return checked(share0(copy));
  }

  /**
   * Copies further data for some milliseconds: 1 when the copy is complete, 0 when it is not, or an
   * error for {@link CopyFailure}.
   */
  static long advance(long copy) {
    return checked(advance0(copy));
  }

  /** Copies a file's attributes, with these times in nanoseconds: 0, or an error. */
  static long copyAttributes(int source, int target, long accessed, long modified, int ownMode) {
    return checked(copyAttributes0(source, target, accessed, modified, ownMode));
  }

  /** The mode of a file, or an error. */
  static long mode(int fd) {
    return checked(mode0(fd));
  }

  /** Sets the mode of a file: 0, or an error. */
  static long setMode(int fd, int mode) {
    return checked(setMode0(fd, mode));
  }

  /**
   * Maps a part of a file.
   *
   * @param fd the file's descriptor
   * @param offset the file offset of the first byte
   * @param length in bytes, above 0
   * @param protection 0 read, 1 read and write, 2 private
   * @param flags 1 populate, 2 no reserve, 4 sync
   * @return a handle for the methods below, or an error for {@link MapFailure}
   */
  static long map(int fd, long offset, long length, int protection, int flags) {
    return checked(map0(fd, offset, length, protection, flags));
  }

  /** The address of a mapping's first byte. */
  static long mappedAddress(long mapping) {
    return checked(mappedAddress0(mapping));
  }

  /** Whether a mapping's pages are huge ones, which the kernel neither duplicates nor moves. */
  static boolean hasHugePages(long mapping) {
    return checked(hasHugePages0(mapping)) != 0;
  }

  /** The size of a file: bytes, or an error. */
  static long size(int fd) {
    return checked(size0(fd));
  }

  /** Gives a mapping's addresses back, and forgets it. */
  static void unmap(long mapping) {
    checked(unmap0(mapping));
  }

  /**
   * Releases a mapping's file, pages and locks, and keeps its addresses: 0, or an error.
   *
   * @param endsInZeros whether late accesses find zeros; else they fault
   */
  static long retire(long mapping, boolean endsInZeros) {
    return checked(retire0(mapping, endsInZeros ? 1 : 0));
  }

  /** Opens what late accesses are to fault by, while that can be had: 0, or an error. */
  static long prepareRetirement() {
    return checked(prepareRetirement0());
  }

  /** The same shared part at other addresses: a handle, or an error. */
  static long mapAgain(long mapping) {
    return checked(mapAgain0(mapping));
  }

  /**
   * A mapping's pages at other addresses; its own are left to {@link #retire}: a handle, or an
   * error.
   */
  static long moved(long mapping) {
    return checked(moved0(mapping));
  }

  /** Advises on a part, by the number of the advice: 0, or an error. */
  static long advise(long mapping, int advice, long offset, long length) {
    return checked(advise0(mapping, advice, offset, length));
  }

  /** Writes what was changed in a part to the device: 0, or an error. */
  static long sync(long mapping, long offset, long length) {
    return checked(sync0(mapping, offset, length));
  }

  /** The bytes of a part that are in memory, in whole pages, or an error. */
  static long resident(long mapping, long offset, long length) {
    return checked(resident0(mapping, offset, length));
  }

  /** 1 where all pages of a part are in memory, else 0, or an error. */
  static long isResident(long mapping, long offset, long length) {
    return checked(isResident0(mapping, offset, length));
  }

  /** Locks or unlocks the pages of a part: 0, or an error. */
  static long lockPages(long mapping, long offset, long length, boolean on) {
    return checked(lockPages0(mapping, offset, length, on ? 1 : 0));
  }

  /** Exchanges four aligned bytes: 0 no, 1 yes, 2 the page is not there, 3 no guard can be had. */
  static int exchange(long address, int expected, int value) {
    return exchangeInt0(address, expected, value);
  }

  /** The same of eight. */
  static int exchange(long address, long expected, long value) {
    return exchangeLong0(address, expected, value);
  }

  /** Does nothing. When a native returns, HotSpot throws what a thread is owed since JDK 21. */
  static void returnToJava() {
    returnToJava0();
  }

  /** Copies bytes of a mapping to memory of ours: how many, or an error. */
  static long readMapped(long mapping, long offset, long address, long length) {
    return checked(readMapped0(mapping, offset, address, length));
  }

  /** Copies bytes of memory of ours into a mapping: how many, or an error. */
  static long writeMapped(long mapping, long offset, long address, long length) {
    return checked(writeMapped0(mapping, offset, address, length));
  }

  /**
   * Writes bytes of a mapping to a descriptor: what {@link #transfer} answers.
   *
   * @param shape that of {@link #transfer}
   * @param position the file offset, or {@link #OWN_OFFSET}
   * @param ledger the address of a {@link Ledger}, or 0 for up to 1 MiB or a target that is no file
   */
  static long sendMapped(
      long mapping, int shape, long offset, long length, int fd, long position, long ledger) {
    return checked(sendMapped0(mapping, shape, offset, length, fd, position, ledger));
  }

  /** Moves the pages of a mapping of the same part of a file to another: 0, or an error. */
  static long movePages(long from, long to) {
    return checked(movePages0(from, to));
  }

  /** Sets a file's length: 0, or an error. */
  static long setLength(int fd, long length) {
    return checked(setLength0(fd, length));
  }

  /** Sets blocks aside for a part of a file: 0, or an error. */
  static long allocate(int fd, long offset, long length) {
    return checked(allocate0(fd, offset, length));
  }

  /** Passes an answer on unless it says that the native code panicked. */
  static long checked(long answer) {
    if (answer == PANICKED) {
      throw new InternalError("Sluice's native code panicked; its message is on standard error");
    }
    return answer;
  }

  /** The shape of the boundary that the loaded library has. */
  static native int abi0();

  /** The JDK's trusted lookup, to the first caller for each owner only. */
  static native MethodHandles.@Nullable Lookup trustedLookup0(int owner);

  /** The number of a channel's descriptor, or -1. */
  static native int descriptor0(Channel channel);

  /**
   * A flag of one of the JDK's own sockets or pipes, as its own field says: 1 or 0, or -1 where
   * this JDK has none.
   */
  static native int flag0(Channel channel, int flag);

  /** Sets such a flag, where this JDK has it: 1 or 0. */
  static native int setFlag0(Channel channel, int flag);

  /** The address of a direct buffer. */
  static native long address0(ByteBuffer buffer);

  /** A direct buffer over a part of a mapping, for whoever keeps that mapped meanwhile. */
  static native ByteBuffer buffer0(long address, int length);

  private static native long transfer0(
      int mechanism,
      int shape,
      int source,
      long sourcePosition,
      int target,
      long targetPosition,
      long count,
      long ledger);

  private static native long freeRelay0(long relay);

  private static native long duplicate0(int fd);

  private static native long prepareSecond0();

  private static native long second0(int fd);

  private static native long open0(byte[] path, int how, int mode);

  private static native long openDirectory0(byte[] path);

  private static native long createIn0(int directory, byte[] name, int mode);

  private static native long permissionsIn0(int directory, byte[] path, int mode);

  private static native long renameIn0(int directory, byte[] from, byte[] to);

  private static native long deleteIn0(int directory, byte[] name, int isDirectory);

  private static native long close0(int fd);

  private static native long thread0();

  private static native long signal0(long thread);

  private static native long flags0(int fd);

  private static native long left0(int fd, long position);

  private static native long readable0(int fd);

  private static native long poll0(int fd, int events, int millis);

  private static native long watch0(int fd, int events);

  private static native long unwatch0(int fd);

  private static native long awaitReady0(long address, int most, int millis);

  private static native long newCopy0(int source, int target, int holes, int sharing);

  private static native long freeCopy0(long copy);

  private static native long share0(long copy);

  private static native long advance0(long copy);

  private static native long copyAttributes0(
      int source, int target, long accessed, long modified, int ownMode);

  private static native long map0(int fd, long offset, long length, int protection, int flags);

  private static native long mappedAddress0(long mapping);

  private static native long hasHugePages0(long mapping);

  private static native long size0(int fd);

  private static native long unmap0(long mapping);

  private static native long retire0(long mapping, int endsInZeros);

  private static native long prepareRetirement0();

  private static native long mapAgain0(long mapping);

  private static native long moved0(long mapping);

  private static native long advise0(long mapping, int advice, long offset, long length);

  private static native long sync0(long mapping, long offset, long length);

  private static native long resident0(long mapping, long offset, long length);

  private static native long isResident0(long mapping, long offset, long length);

  private static native long lockPages0(long mapping, long offset, long length, int on);

  private static native int exchangeInt0(long address, int expected, int value);

  private static native int exchangeLong0(long address, long expected, long value);

  private static native void returnToJava0();

  private static native long readMapped0(long mapping, long offset, long address, long length);

  private static native long writeMapped0(long mapping, long offset, long address, long length);

  private static native long sendMapped0(
      long mapping, int shape, long offset, long length, int fd, long position, long ledger);

  private static native long movePages0(long from, long to);

  private static native long setLength0(int fd, long length);

  private static native long allocate0(int fd, long offset, long length);

  private static native long mode0(int fd);

  private static native long setMode0(int fd, int mode);
}
