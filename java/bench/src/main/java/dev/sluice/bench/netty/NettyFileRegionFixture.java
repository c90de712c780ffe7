package dev.sluice.bench.netty;

import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.fixture.Transfer;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import io.netty.channel.ChannelFuture;
import io.netty.channel.DefaultFileRegion;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Netty's {@link DefaultFileRegion}: from a file to a socket whose peer discards. */
public class NettyFileRegionFixture extends NettyFixture {
  final FileChannel source;
  private final boolean inOneRegion;

  NettyFileRegionFixture(
      Path file, Conditions conditions, NettyEventLoops loops, boolean inOneRegion)
      throws IOException {
    super(new NettyConnection(Peer.start(file, conditions), loops));
    this.inOneRegion = inOneRegion;
    try {
      source = FileChannel.open(file, StandardOpenOption.READ);
    } catch (IOException e) {
      connection.close();
      throw e;
    }
  }

  /** Opens fixtures that share their event loops and write each piece as a region. */
  public static Opener opener(NettyTransport transport, Conditions conditions) {
    NettyEventLoops loops = new NettyEventLoops(transport);
    return (file, targetDirectory) -> new NettyFileRegionFixture(file, conditions, loops, false);
  }

  /** Opens fixtures that share one event loop and write each piece as a region. */
  public static Opener openerOfOneLoop(NettyTransport transport, Conditions conditions) {
    NettyEventLoops loops = NettyEventLoops.one(transport);
    return (file, targetDirectory) -> new NettyFileRegionFixture(file, conditions, loops, false);
  }

  /** Opens fixtures that write all pieces as one region, and leave the calls to Netty. */
  public static Opener openerInOneRegion(NettyTransport transport, Conditions conditions) {
    NettyEventLoops loops = new NettyEventLoops(transport);
    return (file, targetDirectory) -> new NettyFileRegionFixture(file, conditions, loops, true);
  }

  /**
   * A region whose file stays open when the region has been written: the next region is of the same
   * file.
   */
  private static final class Region extends DefaultFileRegion {
    Region(FileChannel file, long start, long count) {
      super(file, start, count);
    }

    @Override
    protected void deallocate() {}
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    connection.run(region, inOneRegion ? region : piece, this::write);
  }

  @Override
  public long timeCalls(long piece, double[] micros) throws IOException {
    return connection.time(piece, micros, (start, count) -> write(0, count));
  }

  /**
   * Writes a region and flushes it. Netty's water marks do not count regions ({@code
   * DefaultMessageSizeEstimator} takes them for empty), so that the next one waits for the future
   * of this one; the future of a region that the socket's buffer took is complete at once.
   */
  ChannelFuture write(long start, long count) {
    return connection.channel().writeAndFlush(new Region(source, start, count));
  }

  @Override
  public OpenChannels channels() {
    return OpenChannels.of(source, null);
  }

  @Override
  public void begin(RoundSize roundSize) throws IOException {
    connection.peer().discard(roundSize.bytes());
  }

  @Override
  public String digest(RoundSize roundSize, Transfer transfer) throws IOException {
    connection.peer().digest(roundSize.bytes());
    transfer.run();
    connection.flush();
    return connection.peer().digested();
  }

  @Override
  public String digestLater(long bytes) throws IOException {
    connection.peer().digest(bytes);
    return connection.peer().digested();
  }

  @Override
  public void close() throws IOException {
    try (source) {
      connection.close();
    }
  }
}
