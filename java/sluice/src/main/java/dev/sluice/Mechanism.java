package dev.sluice;

import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.boundary.RefusedException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The ways in which the Linux kernel moves bytes between channels.
 *
 * <p>{@link #AUTO} picks a mechanism and falls back where the kernel refuses. Every other constant
 * runs exactly the system calls that it names, or throws {@link UnsupportedMechanismException}. The
 * JDK's own methods offer no such choice, and do not tell which system calls they made.
 *
 * <pre>{@code
 * try {
 *   Mechanism.SENDFILE.transferTo(file, 0, file.size(), socket);
 * } catch (UnsupportedMechanismException e) {
 *   log.println(e.mechanism() + " is refused with " + e.errno());
 * }
 * }</pre>
 *
 * <p>{@link #READ_WRITE} moves ranges of one file that overlap, and {@link #AUTO} falls back to it.
 * The others refuse such ranges, because writing a file out of its own pages gives whatever the
 * processor's copy instruction makes of the bytes.
 *
 * <p>An exact mechanism needs the native library. Only {@link #READ_WRITE} serves a channel that is
 * not one of the JDK's own files, stream sockets and pipes.
 *
 * @since 0.1.0
 */
public enum Mechanism {
  /**
   * The first mechanism that the kernel does not refuse, in an order that depends on the kinds of
   * the two channels and on the count, and was chosen by measurement. {@link #REFLINK} and {@link
   * #DIRECT_IO} are never picked. Transfers of 1 MiB and more between two files remember for a
   * minute that two file systems refuse a mechanism. Other transfers meet the refusal again, which
   * costs less than to look it up. The refusal of a single file, such as an immutable one, is never
   * remembered.
   */
  AUTO(Mechanisms.AUTO),

  /**
   * {@code read(2)} into a buffer and {@code write(2)} out of it: two copies by the CPU. Serves
   * every pair of channels, those without a descriptor through their own methods. {@code
   * transferTo} and {@code transferFrom} serve neither datagrams nor a file of another provider
   * that they are called on.
   */
  READ_WRITE(Mechanisms.READ_WRITE),

  /**
   * {@code mmap(2)} of a part of the file and {@code write(2)} out of it: one copy by the CPU.
   * Serves a source file whose size is known, which excludes devices and files of procfs.
   */
  MMAP_WRITE(2),

  /**
   * {@code sendfile(2)}: the pages of a file are handed to a socket, a pipe or another file inside
   * the kernel. Serves a file as source. It serves no {@code transferFrom}, because the call writes
   * at the target's own position only, and no target that was opened for appending.
   */
  SENDFILE(3),

  /**
   * {@code splice(2)}: pages move through a pipe without passing through user space. If one channel
   * is a pipe, it is that pipe. Serves every pair but two files; between two sockets both have to
   * be in blocking mode. Where a file takes only a part of the bytes from a socket, {@code
   * write(2)} writes the rest, so that no byte is lost; then the transfer ends. If neither channel
   * is a pipe, the bytes go through a pipe of Sluice's own. The mechanism is refused with {@code
   * EDQUOT} while transfers of this process use all of the user's pipe pages that the process may
   * take ({@link Sluice} says how many).
   */
  SPLICE(4),

  /**
   * {@code copy_file_range(2)}: file to file inside the kernel. XFS and btrfs share the extents of
   * aligned ranges; other file systems copy once. A target that was opened for appending is not
   * served.
   */
  COPY_FILE_RANGE(5),

  /**
   * {@code ioctl(FICLONERANGE)}: the target file shares the extents of the source, and an extent is
   * copied when one of the files changes it. Serves two files of one file system that can share
   * extents, such as XFS and btrfs, if offset and count are multiples of its block size or the
   * range ends with the file.
   */
  REFLINK(6),

  /**
   * {@code O_DIRECT}: aligned buffers go between a file and its device past the page cache. Serves
   * every pair with a file that was not opened for appending. Of two files, the direct one is the
   * file that {@code transferTo} or {@code transferFrom} is called on, and the target of {@code
   * transfer}. A part of a block at the beginning or end of the range goes through the page cache.
   *
   * <p>The mechanism opens the file a second time. Linux releases a process's locks of a file when
   * any of the process's descriptors of that file is closed. The second descriptor lies in a
   * descriptor table of its own, so that each {@link java.nio.channels.FileLock} stays. Where the
   * kernel or a seccomp profile allows no such table, the mechanism is refused.
   */
  DIRECT_IO(7);

  private final int number;

  Mechanism(int number) {
    this.number = number;
  }

  /**
   * Transfers bytes from a file to a channel by exactly this mechanism.
   *
   * <p>The contract is that of {@link Sluice#transferTo}. A file that has more bytes than its size
   * tells, as those of procfs do, is transferred or refused: the answer 0 means its true end.
   *
   * @param source the file, open for reading
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @param target the channel that gets the bytes
   * @return the bytes transferred
   * @throws UnsupportedMechanismException if this mechanism cannot serve these channels; nothing
   *     was transferred
   * @throws IOException as {@link Sluice#transferTo}
   */
  public long transferTo(FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    try {
      return Unwrapping.transferTo(number, source, position, count, target, null);
    } catch (RefusedException refusal) {
      throw unsupported(refusal);
    }
  }

  /**
   * Transfers bytes from a channel into a file by exactly this mechanism.
   *
   * <p>The contract is that of {@link Sluice#transferFrom}.
   *
   * @param target the file, open for writing
   * @param source the channel that gives the bytes
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @return the bytes transferred
   * @throws UnsupportedMechanismException if this mechanism cannot serve these channels; nothing
   *     was transferred
   * @throws IOException as {@link Sluice#transferFrom}
   */
  public long transferFrom(
      FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    try {
      return Unwrapping.transferFrom(number, target, source, position, count, null);
    } catch (RefusedException refusal) {
      throw unsupported(refusal);
    }
  }

  /**
   * Transfers bytes from a channel to a channel by exactly this mechanism.
   *
   * <p>The contract is that of {@link Sluice#transfer}.
   *
   * @param source the channel that gives the bytes
   * @param target the channel that gets the bytes
   * @param count the most bytes to transfer, not negative
   * @return the bytes transferred
   * @throws UnsupportedMechanismException if this mechanism cannot serve these channels; nothing
   *     was transferred
   * @throws IOException as {@link Sluice#transfer}
   */
  public long transfer(ReadableByteChannel source, WritableByteChannel target, long count)
      throws IOException {
    try {
      return Unwrapping.transfer(number, source, target, count, null);
    } catch (RefusedException refusal) {
      throw unsupported(refusal);
    }
  }

  UnsupportedMechanismException unsupported(RefusedException refusal) {
    String why = String.valueOf(refusal.getMessage());
    UnsupportedMechanismException unsupported =
        new UnsupportedMechanismException(this, refusal.errno(), why);
    unsupported.addSuppressed(refusal);
    return unsupported;
  }
}
