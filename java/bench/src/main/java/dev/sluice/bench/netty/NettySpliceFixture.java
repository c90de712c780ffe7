package dev.sluice.bench.netty;

import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.fixture.FileTargetFixture;
import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.fixture.TargetFile;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import dev.sluice.bench.measure.ChannelDescriptor;
import io.netty.channel.ChannelFuture;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.unix.FileDescriptor;
import java.io.IOException;
import java.nio.file.Path;

/** Netty's {@link EpollSocketChannel#spliceTo}: from a socket, whose peer supplies, to a file. */
public final class NettySpliceFixture extends NettyFixture implements FileTargetFixture {
  private final TargetFile target;
  private final FileDescriptor descriptor;

  private NettySpliceFixture(
      Path file, Path targetDirectory, Conditions conditions, NettyEventLoops loops)
      throws IOException {
    super(new NettyConnection(Peer.start(file, conditions), loops));
    try {
      target = new TargetFile(targetDirectory);
    } catch (IOException e) {
      connection.close();
      throw e;
    }
    // The descriptor belongs to the channel, which closes it.
    descriptor = new FileDescriptor(ChannelDescriptor.of(target.channel()));
  }

  /** Opens fixtures that share their event loops. */
  public static Opener opener(Conditions conditions) {
    NettyEventLoops loops = new NettyEventLoops(NettyTransport.EPOLL);
    return (file, targetDirectory) ->
        new NettySpliceFixture(file, targetDirectory, conditions, loops);
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    connection.run(region, piece, (start, count) -> splice(start, count, start + count == region));
  }

  @Override
  public long timeCalls(long piece, double[] micros) throws IOException {
    long end = piece * micros.length;
    return connection.time(piece, micros, (start, count) -> splice(0, count, start + count == end));
  }

  /**
   * Splices one piece. Netty may read by itself only while a splice waits: without one, it would
   * take the bytes of the next splice for the pipeline. The call counts positions and lengths by
   * int, and Netty means to drop it one day.
   */
  @SuppressWarnings("deprecation")
  private ChannelFuture splice(long start, long count, boolean isLast) {
    EpollSocketChannel channel = (EpollSocketChannel) connection.channel();
    channel.config().setAutoRead(true);
    ChannelFuture spliced =
        channel.spliceTo(descriptor, Math.toIntExact(start), Math.toIntExact(count));
    return isLast ? spliced.addListener(last -> channel.config().setAutoRead(false)) : spliced;
  }

  @Override
  public OpenChannels channels() {
    return OpenChannels.of(null, target.channel());
  }

  @Override
  public void begin(RoundSize roundSize) throws IOException {
    connection.peer().supply(roundSize.region(), roundSize.passes());
  }

  @Override
  public TargetFile target() {
    return target;
  }

  @Override
  public void close() throws IOException {
    try (target) {
      connection.close();
    }
  }
}
