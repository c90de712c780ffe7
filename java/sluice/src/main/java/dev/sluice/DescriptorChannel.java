package dev.sluice;

import java.io.IOException;
import java.nio.channels.Channel;

/**
 * A channel of another library that lends its descriptor to transfers, which then run in the kernel
 * as between the JDK's own channels. The JDK's methods know no channels but the JDK's own, and copy
 * every byte for all others.
 *
 * <p>A class implements it beside {@link java.nio.channels.ReadableByteChannel}, to be a source of
 * {@link Sluice#transferFrom} and {@link Sluice#transfer}, or beside {@link
 * java.nio.channels.WritableByteChannel}, to be a target of {@link Sluice#transferTo}, {@link
 * Sluice#transfer} and {@link MappedRegion#transferTo}:
 *
 * <pre>{@code
 * abstract class Connection implements WritableByteChannel, DescriptorChannel {
 *   int descriptor;
 *   int uses = 1; // the channel itself, and each transfer that has acquired
 *   boolean isOpen = true;
 *
 *   abstract void closeDescriptor();
 *
 *   public synchronized int acquireDescriptor() throws IOException {
 *     if (!isOpen) {
 *       throw new ClosedChannelException();
 *     }
 *     uses++;
 *     return descriptor;
 *   }
 *
 *   public synchronized void releaseDescriptor(int acquired) {
 *     if (--uses == 0) {
 *       closeDescriptor();
 *     }
 *   }
 *
 *   public synchronized void close() {
 *     if (isOpen) {
 *       isOpen = false;
 *       releaseDescriptor(descriptor);
 *     }
 *   }
 * }
 * }</pre>
 *
 * <p>What a channel promises, and what holds for its transfers then:
 *
 * <ul>
 *   <li>From {@link #acquireDescriptor} to {@link #releaseDescriptor} the number stays this
 *       channel's own: it is not closed, and not used for anything else. So no byte goes to another
 *       file or connection. Sluice never closes the descriptor, and changes none of its flags.
 *   <li>{@link #isOpen} is false as soon as {@code close} has begun. A transfer that runs or waits
 *       then ends within 100 ms: it answers the bytes moved so far, or throws {@link
 *       java.nio.channels.AsynchronousCloseException} if there are none, and releases. {@code
 *       close} may wait for that, or leave the descriptor to the last release.
 *   <li>An interrupt of the transferring thread closes the channel, as it closes the JDK's own.
 *   <li>{@link #isOpen} and {@link #isBlocking} answer at once, on any thread.
 * </ul>
 *
 * <p>The descriptor may be that of a stream socket, of one end of a pipe, or of a file, which is
 * read and written at its own offset. A channel with any other descriptor, as that of datagrams or
 * of a terminal, is served through buffers, by its own {@code read} and {@code write}, and so is
 * every channel where the native library is not available. A channel whose bytes are not those of
 * its descriptor, as under TLS, must not implement this interface.
 *
 * <p>A virtual thread keeps its carrier while it waits in a system call on a descriptor without
 * {@code O_NONBLOCK}. With {@code O_NONBLOCK} it parks.
 *
 * @since 0.1.0
 */
public interface DescriptorChannel extends Channel {
  /**
   * Lends the descriptor. Sluice calls this at the begin of a transfer, more than once, on the
   * transferring thread. Several threads may call it at the same time, and each call has its own
   * release.
   *
   * @return the descriptor's number, 0 or above
   * @throws java.nio.channels.ClosedChannelException if the channel is closed
   * @throws IOException if the descriptor cannot be lent, which the caller of the transfer gets
   *     before a byte has moved
   */
  int acquireDescriptor() throws IOException;

  /**
   * Takes the descriptor back.
   *
   * @param descriptor what {@link #acquireDescriptor} has answered
   */
  void releaseDescriptor(int descriptor);

  /**
   * Returns whether a transfer waits while the channel is not ready. If false, a transfer moves
   * what can be moved at once, answers the count, 0 included, and is called again when the channel
   * is ready. The descriptor must then have {@code O_NONBLOCK}; if it has not, transfers throw
   * {@link IllegalStateException}. A channel that answers true may have it or not.
   *
   * @return whether transfers wait
   */
  boolean isBlocking();
}
