package examples

import dev.sluice.MappedRegion
import dev.sluice.Sluice
import java.nio.channels.ClosedByInterruptException
import java.nio.channels.FileChannel
import java.nio.channels.ReadableByteChannel
import java.nio.channels.WritableByteChannel
import kotlin.coroutines.CoroutineContext
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runInterruptible

/**
 * Transfers for coroutines: copy this file into a project that has kotlinx-coroutines.
 *
 * The transfer waits on a thread of [context]: one of [Dispatchers.IO], or a virtual one, with
 * `Executors.newVirtualThreadPerTaskExecutor().asCoroutineDispatcher()` on JDK 21 and newer. When the coroutine is
 * cancelled, the transfer ends within 100 ms and both channels are closed, as by an interrupt.
 */
suspend fun FileChannel.sendTo(
    target: WritableByteChannel,
    position: Long = 0,
    count: Long = size() - position,
    context: CoroutineContext = Dispatchers.IO,
): Long = waiting(context) { Sluice.transferTo(this, position, count, target) }

/** As [sendTo], from a channel into this file. */
suspend fun FileChannel.receiveFrom(
    source: ReadableByteChannel,
    position: Long = 0,
    count: Long = Long.MAX_VALUE,
    context: CoroutineContext = Dispatchers.IO,
): Long = waiting(context) { Sluice.transferFrom(this, source, position, count) }

/** As [sendTo], from any channel to any other. */
suspend fun ReadableByteChannel.relayTo(
    target: WritableByteChannel,
    count: Long = Long.MAX_VALUE,
    context: CoroutineContext = Dispatchers.IO,
): Long = waiting(context) { Sluice.transfer(this, target, count) }

/** As [sendTo], from a region of a mapped file, all of it unless told otherwise. */
suspend fun MappedRegion.sendTo(
    target: WritableByteChannel,
    offset: Long = 0,
    count: Long = size() - offset,
    context: CoroutineContext = Dispatchers.IO,
): Long = waiting(context) { transferTo(offset, count, target) }

/** The channels say by an exception of their own that the thread was interrupted: for coroutines it is a cancellation. */
private suspend fun waiting(context: CoroutineContext, transfer: () -> Long): Long = runInterruptible(context) {
    try {
        transfer()
    } catch (e: ClosedByInterruptException) {
        throw InterruptedException(e.message).initCause(e)
    }
}
