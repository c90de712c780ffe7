package dev.sluice.tests.api;

import dev.sluice.Cancellation;
import dev.sluice.Composite;
import dev.sluice.DescriptorChannel;
import dev.sluice.MappedRegion;
import dev.sluice.Mechanism;
import dev.sluice.Reflink;
import dev.sluice.Relay;
import dev.sluice.Sluice;
import dev.sluice.SluiceFileChannel;
import dev.sluice.Sparse;
import dev.sluice.StrandedBytesException;
import dev.sluice.TransferOption;
import dev.sluice.TransferReport;
import dev.sluice.UnsupportedMechanismException;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ExecutorService;

/**
 * The examples of the public Javadoc, compiled. {@link JavadocSnippetsTest} compares each region
 * below with the example of the type that the region is named after.
 */
final class JavadocSnippets {
  private final PrintStream log = System.out;

  /** Code that is handed a channel and calls its methods. */
  private interface Server {
    void send(FileChannel file) throws IOException;
  }

  // region DescriptorChannel
  abstract class Connection implements WritableByteChannel, DescriptorChannel {
    int descriptor;
    int uses = 1; // the channel itself, and each transfer that has acquired
    boolean isOpen = true;

    abstract void closeDescriptor();

    public synchronized int acquireDescriptor() throws IOException {
      if (!isOpen) {
        throw new ClosedChannelException();
      }
      uses++;
      return descriptor;
    }

    public synchronized void releaseDescriptor(int acquired) {
      if (--uses == 0) {
        closeDescriptor();
      }
    }

    public synchronized void close() {
      if (isOpen) {
        isOpen = false;
        releaseDescriptor(descriptor);
      }
    }
  }

  // endregion

  void sluice(Path path, SocketChannel socket) throws IOException {
    // region Sluice
    try (FileChannel file = FileChannel.open(path)) {
      long sent = Sluice.transferTo(file, 0, file.size(), socket); // was file.transferTo(0, ...)
    }
    // endregion
  }

  void explain(Server server, FileChannel file) throws IOException {
    // region Sluice
    List<TransferReport> reports = Sluice.explain(() -> server.send(file));
    // endregion
  }

  void limit(FileChannel file, long size, SocketChannel socket) throws IOException {
    // region TransferOption
    long sent =
        Sluice.transferTo(file, 0, size, socket, TransferOption.idle(Duration.ofSeconds(30)));
    if (sent < size) {
      // The socket has taken no byte for 30 s. Both channels are open, and sent is exact.
    }
    // endregion
  }

  void relay(SocketChannel client, SocketChannel server) throws IOException {
    // region Relay
    try (Relay relay = Relay.between(client, server)) {
      TransferReport.Ending ending = relay.idle(Duration.ofMinutes(5)).run();
      log.println(ending + ": " + relay.toB() + " bytes up, " + relay.toA() + " bytes down");
    } finally {
      client.close();
      server.close();
    }
    // endregion
  }

  void cancel(ExecutorService executor, FileChannel file, long size, SocketChannel socket) {
    // region Cancellation
    Cancellation cancellation = new Cancellation();
    executor.submit(() -> Sluice.transferTo(file, 0, size, socket, cancellation));
    cancellation.cancel();
    // endregion
  }

  void respond(ByteBuffer head, FileChannel file, ByteBuffer trailer, SocketChannel socket)
      throws IOException {
    // region Composite
    Composite response = Composite.of(head).add(file, 0, file.size()).add(trailer);
    response.sendTo(socket);
    // endregion
  }

  void copy(Path image, Path backup) throws IOException {
    // region Sluice
    Sluice.copy(image, backup, Reflink.NEVER, StandardCopyOption.REPLACE_EXISTING);
    // endregion
  }

  void uncached(Path database, Path backup) throws IOException {
    // region TransferOption
    Sluice.copy(database, backup, TransferOption.uncached());
    // endregion
  }

  void sparse(Path image, Path backup) throws IOException {
    // region Sparse
    Sluice.copy(image, backup, Sparse.ALWAYS); // blocks of zeros take no space in the backup
    // endregion
  }

  void reflink(Path image, Path clone) throws IOException {
    // region Reflink
    try {
      Sluice.copy(image, clone, Reflink.ALWAYS);
    } catch (UnsupportedMechanismException e) {
      log.println(e.getMessage()); // why the extents cannot be shared, and what to do
    }
    // endregion
  }

  void mechanism(FileChannel file, SocketChannel socket) throws IOException {
    // region Mechanism
    try {
      Mechanism.SENDFILE.transferTo(file, 0, file.size(), socket);
    } catch (UnsupportedMechanismException e) {
      log.println(e.mechanism() + " is refused with " + e.errno());
    }
    // endregion
  }

  void transferReport(FileChannel file, SocketChannel socket) throws IOException {
    // region TransferReport
    TransferReport report = Sluice.explainTransferTo(file, 0, file.size(), socket);
    log.println(report); // 11358 bytes, COMPLETE: SENDFILE 11358 bytes in 1 call
    for (TransferReport.Step step : report.steps()) {
      if (step.refused() != null) {
        log.println(step.mechanism() + " was refused with " + step.refused());
      }
    }
    // endregion
  }

  void strandedBytes(FileChannel file, SocketChannel socket, long count) throws IOException {
    // region StrandedBytesException
    try {
      Sluice.transferFrom(file, socket, 0, count);
    } catch (IOException e) {
      for (Throwable suppressed : e.getSuppressed()) {
        if (suppressed instanceof StrandedBytesException stranded) {
          log.println(stranded.stranded() + " bytes are lost");
        }
      }
      throw e;
    }
    // endregion
  }

  void mappedRegion(Path path, byte[] bytes) throws IOException {
    // region MappedRegion
    try (MappedRegion region = MappedRegion.map(path, FileChannel.MapMode.READ_WRITE)) {
      region.order(ByteOrder.LITTLE_ENDIAN);
      long entries = region.getAndAddLong(0, 1); // shared with other processes
      region.read(8 + entries * 16, bytes, 0, 16); // a truncated file: IOException
    } // unmapped now, even while another thread reads
    // endregion
  }

  void sluiceFileChannel(Path path, Server server) throws IOException {
    // region SluiceFileChannel
    try (FileChannel file = SluiceFileChannel.open(path, StandardOpenOption.READ)) {
      server.send(file); // calls file.transferTo, which is Sluice's
    }
    // endregion
  }
}
