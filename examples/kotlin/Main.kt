package examples

import dev.sluice.MappedRegion
import dev.sluice.Sluice
import dev.sluice.SluiceFileChannel
import java.net.InetSocketAddress
import java.nio.channels.FileChannel
import java.nio.channels.FileChannel.MapMode.READ_ONLY
import java.nio.channels.ServerSocketChannel
import java.nio.channels.SocketChannel
import java.nio.file.Files
import java.nio.file.Path
import java.nio.file.StandardOpenOption.CREATE
import java.nio.file.StandardOpenOption.WRITE
import kotlinx.coroutines.async
import kotlinx.coroutines.cancelAndJoin
import kotlinx.coroutines.delay
import kotlinx.coroutines.launch
import kotlinx.coroutines.runBlocking

/** Sends a file through a socket into another file, then cancels a transfer whose bytes no peer reads. */
fun main(args: Array<String>) = runBlocking {
    val (source, target) = args.map { Path.of(it) }
    // The compiler knows that the Optional itself is never null.
    val cause: Throwable? = Sluice.unavailabilityCause().orElse(null)
    println("available: ${cause?.message ?: "yes"}")

    ServerSocketChannel.open().bind(InetSocketAddress("127.0.0.1", 0)).use { server ->
        val sender = SocketChannel.open(server.localAddress)
        val receiver = server.accept()
        SluiceFileChannel.open(source).use { from ->
            FileChannel.open(target, CREATE, WRITE).use { to ->
                val received = async { to.receiveFrom(receiver, count = from.size()) }
                println("sent: ${from.sendTo(sender)}, received: ${received.await()}")
            }
        }
        println("same: ${Files.mismatch(source, target) == -1L}")

        MappedRegion.map(source, READ_ONLY).use { region ->
            val received = async { FileChannel.open(target, WRITE).use { it.receiveFrom(receiver, count = 1000) } }
            println("mapped: ${region.size()}, sent: ${region.sendTo(sender, count = 1000)}, ${received.await()}")
        }

        SluiceFileChannel.open(source).use { from ->
            val stalled = launch { while (true) from.sendTo(sender) }
            delay(500)
            stalled.cancelAndJoin()
            println("cancelled, the socket is open: ${sender.isOpen}")
        }
        receiver.close()
    }
}
