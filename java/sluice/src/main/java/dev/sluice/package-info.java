/**
 * Zero-copy transfers between files, sockets and pipes on Linux.
 *
 * <p>{@link dev.sluice.Sluice} has the drop-in counterparts of {@link
 * java.nio.channels.FileChannel#transferTo FileChannel.transferTo} and {@code transferFrom}; {@link
 * dev.sluice.Mechanism} runs exactly one mechanism of the kernel.
 */
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
