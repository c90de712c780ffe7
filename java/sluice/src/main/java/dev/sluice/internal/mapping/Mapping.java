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
 * A mapped part of a file. The kernel gets the addresses back when no thread can use them any more,
 * never earlier: when neither this object, which a region and its accessors hold, nor any buffer
 * over it is reachable. A thread may be between the check that a region is open and its access;
 * that access must not meet another mapping.
 *
 * <p>Natives get a mapping's handle through {@link #call} only, which keeps this object reachable
 * until the native returns.
 */
final class Mapping {
  /**
   * The cleaner, made when it is needed. If there was no thread for it, the next mapping tries
   * again.
   */
  private static @Nullable Cleaner cleaner;

  final long address;
  final long size;

  private final MappingAddresses addresses;

  /**
   * Set before the pages are released. An accessor that reads it after its access, behind a fence,
   * and finds it unset, has met the bytes of the file.
   */
  private boolean isRetired;

  /** The session, open until the mapping is retired; null where the JDK has no sessions. */
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
   * A mapping that only accessors read and write.
   *
   * @param handle what {@link NativeMapping#map} answered
   * @param size the mapping's length in bytes
   */
  static Mapping forAccessors(long handle, long size) {
    return new Mapping(new MappingAddresses(handle, size, true, null), size);
  }

  /** A mapping that only buffers lie over. */
  static Mapping forBuffers(long handle, long size) {
    return new Mapping(new MappingAddresses(handle, size, false, null), size);
  }

  /**
   * A mapping for buffers and accessors. Once it is retired, an access through a buffer faults, and
   * an access through an accessor must not.
   */
  static Mapping forBoth(long handle, long size) {
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

  /** Adds a user of the addresses. The answer removes that user when it is run. */
  Runnable retain() {
    return addresses.retain();
  }

  /** Adds a user of the addresses until an object is unreachable. */
  void keepFor(Object user) {
    cleaner().register(user, addresses.retain());
  }

  /** The lock that accessors hold for each access, or null if they need none. */
  @Nullable StampedLock accessLock() {
    return addresses.accesses;
  }

  /** Whether the file is released or about to be. The caller has made a fence before. */
  boolean isRetiredBehindFence() {
    return isRetired;
  }

  /**
   * Whether the file is released or about to be. The answer is read after all earlier accesses of
   * the thread.
   */
  boolean isRetired() {
    VarHandle.fullFence();
    return isRetired;
  }

  /** Makes {@link #isRetired} true and closes the session, before the pages are released. */
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

  /** Takes an announcement back: the mapping is used as before. */
  synchronized void revokeRetirement() {
    if (session != null) {
      session = MemorySessions.open();
    }
    isRetired = false;
    VarHandle.fullFence();
  }

  /** The session through which accessors read and write. */
  synchronized Object session() {
    return Objects.requireNonNull(session);
  }

  /**
   * Releases the file, its pages and its locks. After an error, the release is tried again whenever
   * another mapping is retired or given back.
   *
   * @return 0, or an error
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

  /** Maps the same part at other addresses. Answers a handle, or an error. */
  long duplicate() {
    return call(NativeMapping::mapAgain);
  }

  /**
   * Moves the pages to other addresses; the addresses of this mapping are left for {@link #retire}.
   * Answers a handle, or an error.
   */
  long moveToNewAddresses() {
    return call(NativeMapping::moveToNewAddresses);
  }

  /** Copies bytes of the mapping to other memory. Answers the number of bytes, or an error. */
  long read(long offset, long to, long length) {
    return call(handle -> NativeMapping.readMapped(handle, offset, to, length));
  }

  /** Copies bytes of other memory into the mapping. Answers the number of bytes, or an error. */
  long write(long offset, long from, long length) {
    return call(handle -> NativeMapping.writeMapped(handle, offset, from, length));
  }

  /**
   * Writes bytes to an endpoint's descriptor. Answers as {@code NativeTransfer.transfer} does.
   *
   * @param ledger the address of the transfer's ledger, or 0
   */
  long send(int shape, long offset, long length, int fd, long position, long ledger) {
    return call(
        handle -> NativeMapping.sendMapped(handle, shape, offset, length, fd, position, ledger));
  }

  /** Writes the changed pages of a part to the device. Answers 0, or an error. */
  long sync(long offset, long length) {
    return call(handle -> NativeMapping.sync(handle, offset, length));
  }

  /** Gives the kernel advice on a part, by the advice's number. Answers 0, or an error. */
  long advise(int advice, long offset, long length) {
    return call(handle -> NativeMapping.advise(handle, advice, offset, length));
  }

  /** Answers how many bytes of a part are in memory, in whole pages, or an error. */
  long resident(long offset, long length) {
    return call(handle -> NativeMapping.resident(handle, offset, length));
  }

  /** Answers 1 if all pages of a part are in memory, 0 if not, or an error. */
  long isResident(long offset, long length) {
    return call(handle -> NativeMapping.isResident(handle, offset, length));
  }

  /** Locks or unlocks the pages of a part. Answers 0, or an error. */
  long lockPages(long offset, long length, boolean on) {
    return call(handle -> NativeMapping.lockPages(handle, offset, length, on));
  }

  /** Moves pages of {@code other} to these addresses, no more than fit. Answers 0, or an error. */
  long takePages(Mapping other) {
    return call(to -> other.call(from -> NativeMapping.movePages(from, to)));
  }
}
