import dev.sluice.Sluice
import dev.sluice.SluiceFileChannel
import java.nio.channels.FileChannel
import java.nio.channels.FileLock

fun sourceIsNeeded(file: FileChannel): Long = Sluice.transferTo(null, 0, 1, file)

fun channelIsNeeded(): SluiceFileChannel = SluiceFileChannel.wrap(null)

fun lockMayBeMissing(file: SluiceFileChannel): FileLock = file.tryLock(0, 1, false)
