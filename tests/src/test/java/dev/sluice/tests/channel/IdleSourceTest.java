package dev.sluice.tests.channel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import java.nio.ByteBuffer;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** While a transfer waits for its source, other transfers write to its target. */
@Tag("both-guards")
class IdleSourceTest {
  private static final int RELAYED = 1000;

  @TempDir Path directory;

  @TestFactory
  Stream<DynamicTest> othersWriteToTheTargetOfAnIdleSource() {
    return Stream.of(true, false)
        .flatMap(
            fromSocket ->
                Stream.of(true, false)
                    .map(
                        intoSocket ->
                            dynamicTest(
                                (fromSocket ? "socket" : "pipe")
                                    + " to "
                                    + (intoSocket ? "socket" : "pipe"),
                                () -> othersWrite(fromSocket, intoSocket))));
  }

  private void othersWrite(boolean fromSocket, boolean intoSocket) throws Exception {
    try (ChannelKinds channels = new ChannelKinds(directory)) {
      SocketChannel[] sources = channels.tcp();
      Pipe sourcePipe = pipe(channels);
      SocketChannel[] targets = channels.tcp();
      Pipe targetPipe = pipe(channels);
      ReadableByteChannel source = fromSocket ? sources[1] : sourcePipe.source();
      WritableByteChannel feeder = fromSocket ? sources[0] : sourcePipe.sink();
      WritableByteChannel target = intoSocket ? targets[0] : targetPipe.sink();
      ReadableByteChannel reader = intoSocket ? targets[1] : targetPipe.source();
      FutureTask<Long> relay = ChannelPair.started(() -> Sluice.transfer(source, target, RELAYED));
      Thread.sleep(200);
      FutureTask<Integer> other =
          ChannelPair.started(() -> target.write(ByteBuffer.wrap(new byte[] {1, 2, 3, 4})));
      assertEquals(4, other.get(5, TimeUnit.SECONDS));
      feeder.write(ByteBuffer.allocate(RELAYED));
      assertEquals(RELAYED, relay.get(5, TimeUnit.SECONDS));
      ByteBuffer arrived = ByteBuffer.allocate(RELAYED + 4);
      while (arrived.hasRemaining()) {
        reader.read(arrived);
      }
      assertEquals(0x01020304, arrived.getInt(0));
    }
  }

  private static Pipe pipe(ChannelKinds channels) throws Exception {
    Pipe pipe = Pipe.open();
    channels.keep(pipe.source());
    channels.keep(pipe.sink());
    return pipe;
  }
}
