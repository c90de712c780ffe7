package dev.sluice;

import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.load.Diagnostics;
import dev.sluice.internal.load.NativeLoader;
import dev.sluice.internal.transfer.Explained;
import dev.sluice.internal.transfer.ReportBuilder;
import dev.sluice.internal.transfer.Terms;
import java.io.IOException;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Drop-in counterparts of the JDK's zero-copy methods: the receiver first, then the JDK's own
 * parameters.
 *
 * <pre>{@code
 * try (FileChannel file = FileChannel.open(path)) {
 *   long sent = Sluice.transferTo(file, 0, file.size(), socket); // was file.transferTo(0, ...)
 * }
 * }</pre>
 *
 * <p>Checks, exceptions and their order, partial transfers and the effect on the positions of both
 * channels are those of {@link FileChannel}. Where the JDK's releases differ among themselves, or
 * lose bytes, the method says what happens here. Without the native library ({@link #isAvailable}
 * is false) the methods call the JDK's own, under the JDK's rules.
 *
 * <p>A waiting transfer ends within 100 ms when another thread closes either channel or interrupts
 * the transfer's thread, and when the output that the transfer writes to is shut down. It returns
 * the bytes that were transferred, or throws an exception where there were none. An interrupt
 * always ends it with {@link java.nio.channels.ClosedByInterruptException}, the thread's interrupt
 * status set and both channels closed. All of this also holds if the closed channel is not the one
 * that the transfer waits for, and if the transfer waits for its turn behind another transfer to
 * the same socket. In these cases the JDK's own methods may hang.
 *
 * <p>A virtual thread that waits in a transfer is parked, and its carrier serves other threads. The
 * exception is a FIFO or terminal that was opened as a file: the kernel waits for it. The blocking
 * mode of a channel stays what it was.
 *
 * <p>A pipe in blocking mode that is to take or give 64 KiB or more at once is widened to 256 KiB
 * ({@code F_SETPIPE_SZ}, see {@code pipe(7)}) and stays so; the JDK leaves pipes at the system's 64
 * KiB. All pipes of a user share {@code /proc/sys/fs/pipe-user-pages-soft}. Beyond that limit the
 * kernel makes every new pipe of that user small, in all processes. So the pipes that this process
 * widens, and those that Sluice keeps, take a sixteenth of that limit together, and the widened
 * pipes half of it at most, whether the user has privileges or not. Beyond, pipes stay as they are,
 * and bytes go by {@code read} and {@code write}.
 *
 * @since 0.1.0
 */
public final class Sluice {
  private Sluice() {}

  /**
   * Transfers bytes from a file to a channel, as {@link FileChannel#transferTo
   * source.transferTo(position, count, target)}.
   *
   * <p>A channel in non-blocking mode takes what it can at once, possibly nothing. A channel in
   * blocking mode takes all bytes, unless the file ends before. It does so also on a virtual
   * thread, where the JDK may answer 0, and beyond the 2,147,479,552 bytes at which one call of the
   * JDK ends. The file's own position is neither used nor changed; a target file is written at its
   * position, which advances. A position beyond the end of the file transfers nothing.
   *
   * <p>Ranges of one file that overlap are moved as by {@code memmove}, in both directions and
   * however the two channels name the file. {@code read} and {@code write} move them: writing a
   * file out of its own pages, as NIO does, gives whatever the processor's copy instruction makes
   * of the bytes. A source that grows by its own transfer ends where it ended before. A move
   * towards the end of the file goes backwards, and its bytes count only when the move is complete.
   * A close, an interrupt or an error in the middle is an exception, though the end of the target's
   * range may have been written. A disk that is full, or a limit that is met before bytes were
   * overwritten, leaves the file as it was.
   *
   * <p>A channel that is not one of the JDK's own files, stream sockets or pipes is written by its
   * own method, under the rules of the JDK's own loop. A write that takes fewer bytes than it was
   * offered ends the transfer. After the first byte, the method returns the count instead of an
   * exception. Each offer is a new array of 8 to 64 KiB, unless the channel's class is one of
   * {@code java.base}. Up to 256 KiB of the file are read before they are offered. The JDK's method
   * transfers datagrams and the files of another provider.
   *
   * <p>Source: {@code sendfile(2)}; {@code sun.nio.ch.FileChannelImpl}.
   *
   * @param source the file, open for reading
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @param target the channel that gets the bytes
   * @return the bytes transferred, possibly 0
   * @throws IllegalArgumentException if the position or the count is negative
   * @throws java.nio.channels.NonReadableChannelException if the file is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if the target is not open for writing
   * @throws java.nio.channels.NotYetConnectedException if the target is a socket that is not
   *     connected
   * @throws java.nio.channels.ClosedChannelException if either channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if, before a byte was transferred, another
   *     thread closes either channel, or the target is or gets shut down for output
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; both
   *     channels are closed then
   * @throws IOException if the kernel reports another error before a byte was transferred, with the
   *     JDK's own class and text where a socket or a pipe failed ("Broken pipe"), else with a
   *     message that names the errno. The next call throws an error that comes after bytes
   */
  public static long transferTo(
      FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    return Unwrapping.transferTo(Mechanisms.AUTO, source, position, count, target, null);
  }

  /**
   * Does what {@link #transferTo(FileChannel, long, long, WritableByteChannel)} does, within the
   * limits that the options set.
   *
   * @param source the file, open for reading
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @param target the channel that gets the bytes
   * @param options limits, a cancellation, who is told of the progress
   * @return the bytes transferred; fewer than {@code count} also where a limit ended the transfer
   * @throws UnsupportedOperationException if an option is not known, or a limit is given and the
   *     channels are not the JDK's own, or the native library is not loaded
   * @throws IllegalArgumentException if two limits of one kind are given, or as above
   * @throws IOException as without options
   */
  public static long transferTo(
      FileChannel source,
      long position,
      long count,
      WritableByteChannel target,
      TransferOption... options)
      throws IOException {
    return Unwrapping.transferTo(
        Mechanisms.AUTO, source, position, count, target, TransferOptions.terms(options));
  }

  /**
   * Transfers bytes from a channel into a file, as {@link FileChannel#transferFrom
   * target.transferFrom(source, position, count)}.
   *
   * <p>A source in non-blocking mode gives what it has at once, possibly nothing. A source in
   * blocking mode gives all bytes, unless it ends before. A source file is read at its position,
   * which advances by the bytes transferred; the target's own position is neither used nor changed.
   * A position beyond the end of the file extends it, as the JDK does since 21 (JDK-8303260); JDK
   * 17 transfers nothing there. Ranges of one file that overlap are moved as {@link #transferTo}
   * says.
   *
   * <p>Bytes that were taken from a socket or a pipe are stored before more are taken. Where the
   * file refuses them (a full disk), a {@link StrandedBytesException} suppressed in the exception
   * says how many were stored and how many are lost; the JDK drops up to 8 KiB without a word. If a
   * reset or another error of the socket follows the last byte, the next call throws it, even if
   * that call is a read of the JDK's own.
   *
   * <p>A channel that is not one of the JDK's own files, stream sockets or pipes is read by its own
   * method, into a new array of 8 to 64 KiB each time, unless the channel's class is one of {@code
   * java.base}. A read that gives nothing ends the transfer. After the first byte, the method
   * returns the count instead of an exception. The JDK's method transfers datagrams and the files
   * of another provider.
   *
   * @param target the file, open for writing
   * @param source the channel that gives the bytes
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @return the bytes transferred, possibly 0
   * @throws IllegalArgumentException if the position or the count is negative
   * @throws java.nio.channels.NonReadableChannelException if the source is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if the file is not open for writing
   * @throws java.nio.channels.NotYetConnectedException if the source is a socket that is not
   *     connected
   * @throws java.nio.channels.ClosedChannelException if either channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes either channel
   *     before a byte was transferred
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; both
   *     channels are closed then
   * @throws IOException if the kernel reports another error before a byte was transferred, with the
   *     JDK's own class and text where a socket or a pipe failed, else with a message that names
   *     the errno; or if bytes were taken that could not be stored
   */
  public static long transferFrom(
      FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    return Unwrapping.transferFrom(Mechanisms.AUTO, target, source, position, count, null);
  }

  /**
   * Does what {@link #transferFrom(FileChannel, ReadableByteChannel, long, long)} does, within the
   * limits that the options set.
   *
   * @param target the file, open for writing
   * @param source the channel that gives the bytes
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @param options limits, a cancellation, who is told of the progress
   * @return the bytes transferred; fewer than {@code count} also where a limit ended the transfer
   * @throws UnsupportedOperationException if an option is not known, or a limit is given and the
   *     channels are not the JDK's own, or the native library is not loaded
   * @throws IllegalArgumentException if two limits of one kind are given, or as above
   * @throws IOException as without options
   */
  public static long transferFrom(
      FileChannel target,
      ReadableByteChannel source,
      long position,
      long count,
      TransferOption... options)
      throws IOException {
    return Unwrapping.transferFrom(
        Mechanisms.AUTO, target, source, position, count, TransferOptions.terms(options));
  }

  /**
   * Maps a part of a file, as {@link FileChannel#map channel.map(mode, position, size)}, with the
   * same checks, exceptions and results. The buffer is the JDK's own kind: its {@code force},
   * {@code load} and {@code isLoaded} work, and the file is unmapped when neither it nor a view of
   * it is reachable. {@link MappedRegion} is for files above 2 GiB, for unmapping at once and for
   * advice.
   *
   * <p>Two things differ. The message of a failure names the limit that was met and how to raise
   * it. The platform's {@code BufferPoolMXBean} named "mapped" does not count the buffer. The JDK's
   * own method serves other providers' channels and other modes, and everything where the native
   * library is not loaded.
   *
   * @param channel the file
   * @param mode {@code READ_ONLY}, {@code READ_WRITE}, or {@code PRIVATE} (copy-on-write)
   * @param position the file offset of the first byte, in bytes, not negative
   * @param size the size of the part in bytes, from 0 to {@link Integer#MAX_VALUE}; a file that is
   *     open for writing and ends before the part is extended
   * @return the buffer; its position is 0, its limit and capacity are {@code size}
   * @throws IllegalArgumentException if the position or the size is not allowed
   * @throws java.nio.channels.NonReadableChannelException if the channel is not open for reading
   * @throws java.nio.channels.NonWritableChannelException if the mode is another than {@code
   *     READ_ONLY} and the channel is not open for writing
   * @throws java.nio.channels.ClosedChannelException if the channel is closed
   * @throws UnsupportedOperationException if the mode is not known, or the file system does not
   *     support it
   * @throws IOException if the file is too short and not open for writing, its file system does not
   *     map, or a limit is met ({@code vm.max_map_count}, {@code RLIMIT_AS})
   */
  public static MappedByteBuffer map(
      FileChannel channel, FileChannel.MapMode mode, long position, long size) throws IOException {
    return Unwrapping.map(channel, mode, position, size);
  }

  /**
   * Transfers bytes from any channel to any other: socket to socket, pipe to socket and the rest.
   * The JDK has no such method; its users loop over {@code read} and {@code write}.
   *
   * <p>Files are read and written at their own positions, which advance by the bytes transferred.
   * Transfers from one file's own position take turns. Ranges of one file that overlap are moved as
   * {@link #transferTo} says. Between two channels in blocking mode the target gets the count,
   * unless the source ends before. The method never waits for a channel in non-blocking mode. Then
   * no byte leaves a source socket or pipe unless the target takes it.
   *
   * <p>Where either channel is not one of the JDK's own files, stream sockets or pipes, both are
   * read and written by their own methods: through new arrays of 8 to 64 KiB, or through one direct
   * buffer of 256 KiB where the channel's class is one of {@code java.base}. Such a target has to
   * take every byte that it is offered. A full target in non-blocking mode ends the transfer with
   * an exception, which says how many bytes were taken and not stored.
   *
   * <p>Source: {@code splice(2)}, {@code tee(2)}, {@code recv(2)}.
   *
   * @param source the channel that gives the bytes
   * @param target the channel that gets the bytes
   * @param count the most bytes to transfer, not negative
   * @return the bytes transferred; fewer than {@code count} where the source has ended or a channel
   *     in non-blocking mode is not ready
   * @throws IllegalArgumentException if the count is negative
   * @throws java.nio.channels.NonReadableChannelException if the source is a file that is not open
   *     for reading
   * @throws java.nio.channels.NonWritableChannelException if the target is a file that is not open
   *     for writing
   * @throws java.nio.channels.NotYetConnectedException if either is a socket that is not connected
   * @throws java.nio.channels.ClosedChannelException if either channel is closed
   * @throws java.nio.channels.AsynchronousCloseException if another thread closes either channel
   *     before a byte was transferred, or when bytes had left a stream that did not reach the
   *     target: a suppressed {@link StrandedBytesException} says how many of each
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted; both
   *     channels are closed then
   * @throws IOException if the kernel reports another error before a byte was transferred, or bytes
   *     were taken from the source that the target did not take: a suppressed {@link
   *     StrandedBytesException} says how many
   */
  public static long transfer(ReadableByteChannel source, WritableByteChannel target, long count)
      throws IOException {
    return Unwrapping.transfer(Mechanisms.AUTO, source, target, count, null);
  }

  /**
   * Does what {@link #transfer(ReadableByteChannel, WritableByteChannel, long)} does, within the
   * limits that the options set.
   *
   * @param source the channel that gives the bytes
   * @param target the channel that gets the bytes
   * @param count the most bytes to transfer, not negative
   * @param options limits, a cancellation, who is told of the progress
   * @return the bytes transferred; fewer than {@code count} also where a limit ended the transfer
   * @throws UnsupportedOperationException if an option is not known, or a limit is given and the
   *     channels are not the JDK's own, or the native library is not loaded
   * @throws IllegalArgumentException if two limits of one kind are given, or as above
   * @throws IOException as without options
   */
  public static long transfer(
      ReadableByteChannel source, WritableByteChannel target, long count, TransferOption... options)
      throws IOException {
    return Unwrapping.transfer(
        Mechanisms.AUTO, source, target, count, TransferOptions.terms(options));
  }

  /**
   * Sends a whole file, as {@link java.nio.file.Files#copy(Path, java.io.OutputStream)} does to a
   * stream. The file is opened and closed.
   *
   * <p>To close a file releases the locks that the process holds on it ({@code fcntl(2)}), as after
   * {@code Files.copy} and every stream of the JDK: a program that locks the file sends it by the
   * channel that holds the lock.
   *
   * @param source the file
   * @param target the channel that gets the bytes, in blocking mode
   * @param options limits, a cancellation, who is told of the progress
   * @return the bytes sent: up to the end of the file, or fewer where a limit ended the transfer
   * @throws java.nio.channels.IllegalBlockingModeException if the target is in non-blocking mode,
   *     where nothing could send the rest
   * @throws java.nio.file.NoSuchFileException if the file does not exist
   * @throws java.nio.file.AccessDeniedException if the file may not be read
   * @throws UnsupportedOperationException as {@link #transferTo(FileChannel, long, long,
   *     WritableByteChannel, TransferOption...)}
   * @throws IOException as {@link #transferTo}
   */
  public static long send(Path source, WritableByteChannel target, TransferOption... options)
      throws IOException {
    return PathTransfers.send(source, target, options);
  }

  /**
   * Receives into a file until the source ends, as {@link
   * java.nio.file.Files#copy(java.io.InputStream, Path, CopyOption...)} does from a stream. The
   * file is opened and closed, which releases the locks that the process holds on it.
   *
   * @param source the channel that gives the bytes, in blocking mode
   * @param target the file
   * @param options how the file is opened, beside {@code WRITE}; none stand for {@code CREATE} and
   *     {@code TRUNCATE_EXISTING}, as with {@link java.nio.file.Files#newOutputStream}; {@link
   *     TransferOption#uncached} may stand beside others
   * @return the bytes received; after an exception the file has those that came before it
   * @throws java.nio.channels.IllegalBlockingModeException if the source is in non-blocking mode
   * @throws IllegalArgumentException if {@code READ} is given, or the options contradict each other
   * @throws java.nio.file.FileAlreadyExistsException if the file exists and {@code CREATE_NEW} is
   *     given
   * @throws java.nio.file.NoSuchFileException if the file does not exist and is not to be created
   * @throws java.nio.file.AccessDeniedException if the file may not be written
   * @throws IOException as {@link #transfer}
   */
  public static long receive(ReadableByteChannel source, Path target, OpenOption... options)
      throws IOException {
    return PathTransfers.receive(source, target, options);
  }

  /**
   * Does what {@link #transferTo} does, and reports which mechanisms moved the bytes.
   *
   * @param source the file, open for reading
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @param target the channel that gets the bytes
   * @return the report
   * @throws IOException as {@link #transferTo}
   */
  public static TransferReport explainTransferTo(
      FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    ReportBuilder report = new ReportBuilder();
    Unwrapping.transferTo(Mechanisms.AUTO, source, position, count, target, Terms.reported(report));
    return TransferReport.of(report);
  }

  /**
   * Does what {@link #transferFrom} does, and reports which mechanisms moved the bytes.
   *
   * @param target the file, open for writing
   * @param source the channel that gives the bytes
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @return the report
   * @throws IOException as {@link #transferFrom}
   */
  public static TransferReport explainTransferFrom(
      FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    ReportBuilder report = new ReportBuilder();
    Unwrapping.transferFrom(
        Mechanisms.AUTO, target, source, position, count, Terms.reported(report));
    return TransferReport.of(report);
  }

  /**
   * What {@link #explain} runs.
   *
   * @since 0.1.0
   */
  @FunctionalInterface
  public interface Action {
    /**
     * Runs it.
     *
     * @throws IOException if it fails
     */
    void run() throws IOException;
  }

  /**
   * Runs an action, and reports every transfer and every copy that the current thread makes in it:
   * by the methods of this class, of {@link Mechanism}, of {@link MappedRegion} and of {@link
   * SluiceFileChannel}, in libraries that use them as well. Each goes the way that it goes without
   * a report. Actions may be nested; the outer one gets the reports of the inner one too.
   *
   * <pre>{@code
   * List<TransferReport> reports = Sluice.explain(() -> server.send(file));
   * }</pre>
   *
   * @param action what to run
   * @return the reports, in the order in which the transfers and copies began; that of one which
   *     threw says why it ended as well, such as {@link TransferReport.Ending#PEER_CLOSED} or
   *     {@link TransferReport.Ending#FAILED}
   * @throws IOException if the action throws it; there are no reports then
   * @since 0.1.0
   */
  public static List<TransferReport> explain(Action action) throws IOException {
    return Explained.during(action::run).stream().map(TransferReport::of).toList();
  }

  /**
   * Copies a file, as {@link java.nio.file.Files#copy(Path, Path, CopyOption...) Files.copy(source,
   * target, options)}.
   *
   * <pre>{@code
   * Sluice.copy(image, backup, Reflink.NEVER, StandardCopyOption.REPLACE_EXISTING);
   * }</pre>
   *
   * <p>Options, checks, exceptions and the result are those of {@code Files.copy}: the target must
   * not exist unless {@link java.nio.file.StandardCopyOption#REPLACE_EXISTING REPLACE_EXISTING} is
   * given. The target gets the source's permissions as far as the umask lets it. With {@link
   * java.nio.file.StandardCopyOption#COPY_ATTRIBUTES COPY_ATTRIBUTES} it gets the source's owner,
   * permissions, extended attributes and times. A symbolic link is followed unless {@link
   * java.nio.file.LinkOption#NOFOLLOW_LINKS NOFOLLOW_LINKS} is given. A file is not copied onto
   * itself. A directory is copied without its content. These things differ:
   *
   * <ul>
   *   <li>Holes of the source are holes of the copy ({@link Sparse}); {@code Files.copy} writes
   *       them out. A file of 3 GiB with 8 KiB of data takes the time and the space of 8 KiB.
   *   <li>Extents are shared where the file system can share them ({@link Reflink}); elsewhere the
   *       bytes are copied inside the kernel.
   *   <li>A target that exists is replaced when the copy is complete, by a rename or an exchange of
   *       the two names, and then deleted. Until then the copy is a file beside the target. A small
   *       one has no name; a larger one is {@code .sluice-*.tmp} with an unpredictable name, which
   *       only its owner may open. When anything fails, the existing target is unchanged; {@code
   *       Files.copy} deletes it first. An exception names source and target as {@code Files.copy}
   *       does, never the file beside the target. A target that does not exist is created under its
   *       own name and deleted when the copy fails, as by {@code Files.copy}. A JVM that is killed
   *       leaves a part behind, or what was replaced as {@code .sluice-*.tmp}. A machine that
   *       crashes may leave a target that is empty or incomplete, as after {@code Files.copy}: the
   *       bytes are not forced to the disk. To keep the former file then as well, copy to another
   *       name, {@linkplain java.nio.channels.FileChannel#force force} that file, and move it.
   *   <li>No lock of the process on either file is lost. After {@code Files.copy} the process has
   *       none on the source any more, because it has opened and closed it ({@code fcntl(2)}).
   *   <li>The copy can be interrupted: it then ends within 100 ms, and no file is left of it.
   *       {@code Files.copy} goes on to the end.
   *   <li>If the source is changed meanwhile, the copy has bytes that the source had. A source that
   *       grows is copied up to the size that it has by the time its size at the beginning is
   *       copied, and no further; {@code Files.copy} goes on for as long as something is appended.
   *       If the source shrinks, the copy ends where the source ends by then. A hole that is
   *       punched into the source may be zeros in the copy, or the former bytes. A source that is
   *       cut and grows again within one system call may show zeros at the cut, as to any reader.
   * </ul>
   *
   * <p>{@code Files.copy} copies everything that is not a regular file, a path of another provider
   * (a zip file's), and every path where the native library is not loaded. {@link Reflink#NEVER}
   * and {@link Sparse} have no effect there. {@link Reflink#ALWAYS} is refused in the last two
   * cases. It has no effect on a directory or a symbolic link, which has no extents to share.
   *
   * <p>Source: {@code lseek(2)}, {@code ioctl_ficlonerange(2)}, {@code copy_file_range(2)}; {@code
   * sun.nio.fs.UnixFileSystem}.
   *
   * @param source the file to copy
   * @param target the path of the copy
   * @param options how the file is copied: {@link Reflink}, {@link Sparse}, {@link
   *     TransferOption#uncached}, and those of {@code Files.copy}
   * @return the target
   * @throws UnsupportedOperationException if an option is not known, or the page cache cannot be
   *     passed: {@link TransferOption#uncached}
   * @throws IllegalArgumentException if two options contradict each other, such as {@link
   *     Reflink#ALWAYS} and {@link Sparse#NEVER}
   * @throws java.nio.file.NoSuchFileException if the source does not exist
   * @throws java.nio.file.AccessDeniedException if the source may not be read
   * @throws java.nio.file.FileAlreadyExistsException if the target exists and is not to be replaced
   * @throws java.nio.file.DirectoryNotEmptyException if the target is to be replaced and is a
   *     directory with content
   * @throws java.nio.channels.ClosedByInterruptException if the thread is interrupted, before or
   *     while a regular file is copied; the interrupt status stays set
   * @throws UnsupportedMechanismException if {@link Reflink#ALWAYS} is given and the extents cannot
   *     be shared; the message says what can be done
   * @throws IOException if the kernel reports another error; the message names the system call and
   *     the errno
   */
  public static Path copy(Path source, Path target, CopyOption... options) throws IOException {
    return Copying.copy(source, target, options);
  }

  /**
   * Returns whether the native library is loaded. If it is not, the drop-in methods call the JDK's
   * own, and the first such call logs the cause by the {@link System.Logger} {@code dev.sluice}.
   *
   * @return true if transfers go through the native library
   */
  public static boolean isAvailable() {
    return NativeLoader.isAvailable();
  }

  /**
   * Returns why the native library is not loaded.
   *
   * @return the cause, or empty if {@link #isAvailable} is true
   */
  public static Optional<Throwable> unavailabilityCause() {
    return Optional.ofNullable(NativeLoader.unavailabilityCause());
  }

  /**
   * Checks that the native library is loaded.
   *
   * @throws UnsatisfiedLinkError if the library is not loaded, with the cause
   */
  public static void ensureAvailable() {
    Throwable cause = NativeLoader.unavailabilityCause();
    if (cause != null) {
      UnsatisfiedLinkError error =
          new UnsatisfiedLinkError("Sluice's native library is not loaded: " + cause.getMessage());
      error.initCause(cause);
      throw error;
    }
  }

  /**
   * Returns the facts that explain an unexpected transfer: the version, the platform, where the
   * library came from, whether this kernel shares the pages that it sends to a socket or copies
   * them ({@link TransferReport.Step#pages}), and which of the JDK's guards were found.
   *
   * @return several lines of {@code name: value}
   */
  public static String diagnostics() {
    return Diagnostics.text();
  }
}
