package dev.sluice;

import java.time.Duration;
import java.util.function.LongConsumer;

/**
 * What a transfer is to keep to, beside its bytes: as {@link java.nio.file.OpenOption} and {@link
 * java.nio.file.CopyOption} say for files. The JDK's transfers have no such options: to end one
 * there, a channel has to be closed.
 *
 * <pre>{@code
 * long sent =
 *     Sluice.transferTo(file, 0, size, socket, TransferOption.idle(Duration.ofSeconds(30)));
 * if (sent < size) {
 *   // The socket has taken no byte for 30 s. Both channels are open, and sent is exact.
 * }
 * }</pre>
 *
 * <p>A transfer that a limit ends answers the bytes moved so far, possibly 0, and leaves both
 * channels open: the next transfer goes on where it stopped. It ends at most 100 ms after the limit
 * was met, on platform and on virtual threads. {@link Sluice#explain} tells such an end as {@link
 * TransferReport.Ending#TIMED_OUT} or {@link TransferReport.Ending#CANCELLED}. If bytes had left a
 * socket or a pipe and the target had not taken them by then, the transfer throws an exception, in
 * which a {@link StrandedBytesException} says how many.
 *
 * <p>A move within one file towards its end, whose ranges overlap, is completed once it has begun:
 * its bytes count only then.
 *
 * <p>A transfer between channels of which one is not one of the JDK's own files, stream sockets and
 * pipes, and a transfer without the native library, cannot be ended: there, limits are refused with
 * {@link UnsupportedOperationException}, before a byte has moved. A file on a slow device is read
 * by calls that take up to 100 ms at 10 MB/s, and longer where the device hangs: no limit ends a
 * read that the kernel does not end. An option that another provider has made is refused likewise.
 *
 * @since 0.1.0
 */
public interface TransferOption {
  /**
   * Ends the transfer when it has run for so long, whether bytes move or not.
   *
   * @param limit the time, above 0
   * @return the option
   * @throws IllegalArgumentException if the time is 0 or negative
   */
  static TransferOption within(Duration limit) {
    return new TransferOptions.Within(TransferOptions.nanos(limit));
  }

  /**
   * Ends the transfer when no byte has moved for so long: the target has taken none. A socket takes
   * bytes into its buffer, and asks for more once a third of it is free, so that a slow peer who
   * reads all the time may leave a large buffer idle for a while.
   *
   * @param limit the time, above 0
   * @return the option
   * @throws IllegalArgumentException if the time is 0 or negative
   */
  static TransferOption idle(Duration limit) {
    return new TransferOptions.Idle(TransferOptions.nanos(limit));
  }

  /**
   * Tells the bytes that the transfer has moved so far, and once more at its end where the last
   * bytes have not been told. It is told in the thread of the transfer, between two system calls,
   * so that more bytes than {@code everyBytes} may lie between two tellings. The target is free for
   * other threads meanwhile. An exception of {@code moved} ends the transfer and goes to its
   * caller; what was told last is then exact.
   *
   * @param everyBytes at least so many bytes lie between two tellings, above 0
   * @param moved is given the bytes moved so far
   * @return the option
   * @throws IllegalArgumentException if the bytes are 0 or negative
   */
  static TransferOption progress(long everyBytes, LongConsumer moved) {
    return new TransferOptions.Progress(everyBytes, moved);
  }

  /**
   * Sends the file as it is when the transfer begins, whatever is written to it or cut off it
   * meanwhile: a response keeps the length that its head has promised, and holds no mixture of two
   * states. For {@link Sluice#transferTo(java.nio.channels.FileChannel, long, long,
   * java.nio.channels.WritableByteChannel, TransferOption...)} and {@link Sluice#send}.
   *
   * <p>The file is cloned into a file without a name, which shares its extents and is gone after
   * the transfer ({@code O_TMPFILE}, {@code FICLONERANGE}): no byte is copied. Bytes that were
   * written through a mapping and by other machines count once the kernel knows of them. XFS and
   * btrfs can do that, where the process may create a file in the directory of the file. Elsewhere
   * the option is refused with {@link UnsupportedOperationException}, before a byte has moved.
   *
   * <p>Source: {@code ioctl_ficlonerange(2)}, {@code open(2)}.
   *
   * @return the option
   */
  static TransferOption snapshot() {
    return TransferOptions.Whole.SNAPSHOT;
  }

  /**
   * Leaves no page of a file in the page cache that was not there before, so that a large transfer,
   * such as a backup, does not drive out what other programs use. Pages that are cached are used,
   * and stay. For transfers from and into files, {@link Sluice#send}, {@link Sluice#receive} and
   * {@link Sluice#copy}.
   *
   * <pre>{@code
   * Sluice.copy(database, backup, TransferOption.uncached());
   * }</pre>
   *
   * <p>The bytes go by {@link Mechanism#READ_WRITE} through a buffer, with {@code RWF_DONTCACHE}
   * where the kernel has it (6.14) and the file system serves it; else what was not cached is
   * dropped piece by piece ({@code POSIX_FADV_DONTNEED}). Between two files extents are shared
   * where that is possible. What is written is waited for until the device has it, 4 MiB at a time,
   * and dropped then. {@code docs/page-cache.md} has the cost, and what other users of the same
   * file may notice.
   *
   * <p>A file that is open with {@code ExtendedOpenOption.DIRECT} passes the page cache anyway.
   * Between two sockets or pipes there is no file, and the option means nothing. A file of tmpfs
   * has no other place for its pages: such a file, a file of which the kernel does neither, a
   * channel that is not one of the JDK's own, a {@link Composite}, and a move towards the end of
   * one file whose ranges overlap are refused with {@link UnsupportedOperationException}, before a
   * byte has moved. Regions have no such option: their pages are the page cache.
   *
   * <p>Source: {@code preadv2(2)}, {@code cachestat(2)}, {@code posix_fadvise(2)}, {@code
   * sync_file_range(2)}.
   *
   * @return the option
   */
  static Uncached uncached() {
    return Uncached.UNCACHED;
  }
}
