/**
 * Zero-copy transfers between files, sockets and pipes on Linux.
 *
 * <p>{@link dev.sluice.Sluice} has the drop-in counterparts of {@link
 * java.nio.channels.FileChannel#transferTo FileChannel.transferTo} and {@code transferFrom}, a copy
 * of files that keeps holes and shares extents, and transfers from any channel to any other; {@link
 * dev.sluice.SluiceFileChannel} is a {@code FileChannel} for code that takes one; {@link
 * dev.sluice.Mechanism} runs exactly one mechanism of the kernel; {@link dev.sluice.TransferReport}
 * tells what ran.
 *
 * <p>A {@code null} argument is a {@link NullPointerException}. Every method may be called from any
 * thread, a virtual one too.
 *
 * <p>JDK 24 and newer expect a flag that allows native code: {@code
 * --enable-native-access=ALL-UNNAMED}, or {@code dev.sluice} on the module path. Without it they
 * print a warning. Sluice reads these system properties once:
 *
 * <ul>
 *   <li>{@code dev.sluice.library.path}: the file of the native library. Nothing else is tried
 *       then.
 *   <li>{@code dev.sluice.workdir}: the directory below which the library of the jar is unpacked
 *       for a moment, instead of {@code java.io.tmpdir}. It must allow execution, and belong to
 *       root or to the user of the JVM.
 *   <li>{@code dev.sluice.retiredBytes}: a number of bytes, 1 TiB unless it is set. When closed
 *       regions that are still reachable keep more addresses than this, Sluice asks the collector
 *       to run.
 *   <li>{@code dev.sluice.internals=off}: the guards of the JDK's own channels are not used, and
 *       transfers run on duplicated descriptors.
 * </ul>
 */
@NullMarked
package dev.sluice;

import org.jspecify.annotations.NullMarked;
