package dev.sluice.bench.relay;

import dev.sluice.Relay;
import dev.sluice.Sluice;
import dev.sluice.bench.c.CLoops;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;

/** The ways to relay that are compared. Each one goes on until the channels are closed. */
enum RelayWay {
  /** {@code read} and {@code write} through a direct buffer of 64 KiB, a thread a direction. */
  NIO("NIO, 64 KiB direct") {
    @Override
    void begin(SocketChannel supplier, SocketChannel taker) {
      inThread(() -> copy(supplier, taker));
      inThread(() -> copy(taker, supplier));
    }
  },
  /** {@code Sluice.transfer}, a thread a direction. */
  TRANSFER("Sluice.transfer") {
    @Override
    void begin(SocketChannel supplier, SocketChannel taker) {
      inThread(() -> Sluice.transfer(supplier, taker, Long.MAX_VALUE));
      inThread(() -> Sluice.transfer(taker, supplier, Long.MAX_VALUE));
    }
  },
  /** A {@code Relay}, without a thread of its own. */
  RELAY("Relay") {
    @Override
    void begin(SocketChannel supplier, SocketChannel taker) {
      Relay.between(supplier, taker).start();
    }
  },
  /** {@code splice} from C through a pipe of 1 MiB, a thread a direction. */
  C("splice from C") {
    @Override
    void begin(SocketChannel supplier, SocketChannel taker) {
      inThread(() -> splice(supplier, taker));
      inThread(() -> splice(taker, supplier));
    }
  };

  private static final int BUFFER_BYTES = 64 << 10;
  private static final long PIECE_BYTES = 1 << 20;

  final String title;

  RelayWay(String title) {
    this.title = title;
  }

  /** Begins to relay between two connections. */
  abstract void begin(SocketChannel supplier, SocketChannel taker);

  private interface Task {
    void run() throws IOException;
  }

  private static void inThread(Task task) {
    Thread thread =
        new Thread(
            () -> {
              try {
                task.run();
              } catch (IOException e) {
                // The channels were closed: the measurement is over.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private static void copy(SocketChannel source, SocketChannel target) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
    while (source.read(buffer.clear()) >= 0) {
      buffer.flip();
      while (buffer.hasRemaining()) {
        target.write(buffer);
      }
    }
  }

  private static void splice(SocketChannel source, SocketChannel target) throws IOException {
    try (Loop loop = CLoops.spliceToStream().get()) {
      loop.run(OpenChannels.of(source, target), Long.MAX_VALUE, PIECE_BYTES);
    }
  }
}
