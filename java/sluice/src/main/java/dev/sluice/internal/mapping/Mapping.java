package dev.sluice.internal.mapping;

import dev.sluice.internal.boundary.NativeMapping;
import dev.sluice.internal.jdk.MemorySessions;
import java.lang.invoke.VarHandle;
import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Objects;
import java.util.concurrent.locks.StampedLock;
import org.jspecify.annotations.Nullable;

/**
 * A part of a file, mapped. Its addresses go back when nobody can use them any more, never earlier:
 * when neither this object, which a region and its windows hold, nor any buffer over it is
 * reachable. A thread between its look at whether a region is open and its access must not meet
 * somebody else's mapping.
 *
 * <p>No native is called with a mapping's handle but by {@link #call}, which keeps this object
 * reachable until it returns.
 */
final class Mapping {
  /** Made when it is needed, and again where there was no thread for it. */
  private static @Nullable Cleaner cleaner;

  final long address;
  final long size;

  private final MappingAddresses addresses;

  /**
   * Set before the pages go. Whoever looks after an access, behind a fence, and finds it unset, had
   * the bytes of the file.
   */
  private boolean isRetired;

  /** Open until then, where the JDK has such; null elsewhere. */
  private @Nullable Object session = MemorySessions.FOUND ? MemorySessions.open() : null;

  private Mapping(MappingAddresses addresses, long size) {
    this.addresses = addresses;
    this.size = size;
    address = NativeMapping.mappedAddress(addresses.handle);
    boolean isKept = false;
    try {
      cleaner().register(this, addresses);
      isKept = true;
    } finally {
      if (!isKept) {
        addresses.run();
      }
    }
  }

  /**
   * A mapping that windows read and write.
   *
   * @param handle what {@link NativeMapping#map} answered
   * @param size its length in bytes
   */
  static Mapping ofAccessors(long handle, long size) {
    return new Mapping(new MappingAddresses(handle, size, true, null), size);
  }

  /** One that buffers alone lie over. */
  static Mapping ofBuffers(long handle, long size) {
    return new Mapping(new MappingAddresses(handle, size, false, null), size);
  }

  /** One for both: buffers are to be loud when it is retired, and windows are not to fault. */
  static Mapping ofBoth(long handle, long size) {
    return new Mapping(new MappingAddresses(handle, size, false, new StampedLock()), size);
  }

  private static synchronized Cleaner cleaner() {
    Cleaner made = cleaner;
    if (made == null) {
      made = Cleaner.create();
      cleaner = made;
    }
    return made;
  }

  /** One more user of the addresses; the answer, when it runs, is one fewer. */
  Runnable retain() {
    return addresses.retain();
  }

  /** The same, until an object is unreachable. */
  void keepFor(Object user) {
    cleaner().register(user, addresses.retain());
  }

  /** What windows hold for each access, where they have to. */
  @Nullable StampedLock accesses() {
    return addresses.accesses;
  }

  /** Whether the file is released, or about to be, as seen by who has a fence before. */
  boolean isRetiredBehindFence() {
    return isRetired;
  }

  /** Whether the file is released, or about to be: after all that was done before. */
  boolean isRetired() {
    VarHandle.fullFence();
    return isRetired;
  }

  /** From now on {@link #isRetired} is true. */
  synchronized void announceRetirement() {
    if (isRetired) {
      return;
    }
    isRetired = true;
    VarHandle.fullFence();
    if (session != null) {
      MemorySessions.close(session);
    }
  }

  /** What was announced does not come: the mapping is what it was. */
  synchronized void revokeRetirement() {
    if (session != null) {
      session = MemorySessions.open();
    }
    isRetired = false;
    VarHandle.fullFence();
  }

  /** What windows read and write by. */
  synchronized Object session() {
    return Objects.requireNonNull(session);
  }

  /**
   * Releases the file, its pages and its locks: 0, or an error, after which it is tried again
   * whenever another mapping is retired or given back.
   */
  long retire() {
    announceRetirement();
    try {
      return addresses.retire();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** A system call on a mapping. */
  private interface Call {
    long on(long handle);
  }

  private long call(Call call) {
    try {
      return call.on(addresses.handle);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /** The same part at other addresses: a handle, or an error. */
  long duplicate() {
    return call(NativeMapping::mapAgain);
  }

  /** The pages at other addresses, those of this one being for {@link #retire}: as above. */
  long moved() {
    return call(NativeMapping::moved);
  }

  /** Copies bytes to memory of ours: how many, or an error. */
  long read(long offset, long to, long length) {
    return call(handle -> NativeMapping.readMapped(handle, offset, to, length));
  }

  /** Copies bytes of memory of ours to here: how many, or an error. */
  long write(long offset, long from, long length) {
    return call(handle -> NativeMapping.writeMapped(handle, offset, from, length));
  }

  /** Writes bytes to a side's descriptor, with a tally's address or 0: as transfers. */
  long send(int shape, long offset, long length, int fd, long position, long ledger) {
    return call(
        handle -> NativeMapping.sendMapped(handle, shape, offset, length, fd, position, ledger));
  }

  /** Writes what was changed in a part to the device: 0, or an error. */
  long sync(long offset, long length) {
    return call(handle -> NativeMapping.sync(handle, offset, length));
  }

  /** Advises on a part, by the number of the advice: 0, or an error. */
  long advise(int advice, long offset, long length) {
    return call(handle -> NativeMapping.advise(handle, advice, offset, length));
  }

  /** The bytes of a part in memory, in whole pages, or an error. */
  long resident(long offset, long length) {
    return call(handle -> NativeMapping.resident(handle, offset, length));
  }

  /** 1 where all pages of a part are in memory, else 0, or an error. */
  long isResident(long offset, long length) {
    return call(handle -> NativeMapping.isResident(handle, offset, length));
  }

  /** Locks or unlocks the pages of a part: 0, or an error. */
  long lockPages(long offset, long length, boolean on) {
    return call(handle -> NativeMapping.lockPages(handle, offset, length, on));
  }

  /** Moves the pages of {@code other} here, as many as there are here: 0, or an error. */
  long takePages(Mapping other) {
    return call(to -> other.call(from -> NativeMapping.movePages(from, to)));
  }
}
