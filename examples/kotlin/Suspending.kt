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
 * The transfer waits on a thread of [context], which is [Dispatchers.IO] by default. On JDK 21 and newer,
 * `Executors.newVirtualThreadPerTaskExecutor().asCoroutineDispatcher()` makes it wait on a virtual thread. When the
 * coroutine is cancelled, the transfer ends within 100 ms and both channels are closed, as by an interrupt.
 */
suspend fun FileChannel.sendTo(
    target: WritableByteChannel,
    position: Long = 0,
    count: Long = size() - position,
    context: CoroutineContext = Dispatchers.IO,
): Long = waiting(context) { Sluice.transferTo(this, position, count, target) }

/** Transfers bytes from a channel into this file, and waits as [sendTo] does. */
suspend fun FileChannel.receiveFrom(
    source: ReadableByteChannel,
    position: Long = 0,
    count: Long = Long.MAX_VALUE,
    context: CoroutineContext = Dispatchers.IO,
): Long = waiting(context) { Sluice.transferFrom(this, source, position, count) }

/** Transfers bytes from any channel to any other, and waits as [sendTo] does. */
suspend fun ReadableByteChannel.relayTo(
    target: WritableByteChannel,
    count: Long = Long.MAX_VALUE,
    context: CoroutineContext = Dispatchers.IO,
): Long = waiting(context) { Sluice.transfer(this, target, count) }

/** Transfers bytes from a mapped region, by default all of its bytes, and waits as [sendTo] does. */
suspend fun MappedRegion.sendTo(
    target: WritableByteChannel,
    offset: Long = 0,
    count: Long = size() - offset,
    context: CoroutineContext = Dispatchers.IO,
): Long = waiting(context) { transferTo(offset, count, target) }

/** Runs a transfer. Turns the channels' own exception for an interrupt into the exception that coroutines expect. */
private suspend fun waiting(context: CoroutineContext, transfer: () -> Long): Long = runInterruptible(context) {
    try {
        transfer()
    } catch (e: ClosedByInterruptException) {
        throw InterruptedException(e.message).initCause(e)
    }
}
