package dev.sluice.bench.netty;

import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.ResponseHeads;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import java.io.IOException;
import java.nio.file.Path;

/** A head in a {@link ByteBuf} and a region of the file, with one flush for both. */
public final class NettyResponseFixture extends NettyFileRegionFixture {
  private final ResponseHeads heads = new ResponseHeads();

  private NettyResponseFixture(Path file, Conditions conditions, NettyEventLoops loops)
      throws IOException {
    super(file, conditions, loops, false);
  }

  /** Opens fixtures that share their event loops. */
  public static Opener opener(NettyTransport transport, Conditions conditions) {
    NettyEventLoops loops = new NettyEventLoops(transport);
    return (file, targetDirectory) -> new NettyResponseFixture(file, conditions, loops);
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    heads.read(source, region, piece);
    super.run(channels, region, piece);
  }

  @Override
  public long timeCalls(long piece, double[] micros) throws IOException {
    heads.read(source, piece, piece);
    return super.timeCalls(piece, micros);
  }

  @Override
  ChannelFuture write(long start, long count) {
    ByteBuf head = Unpooled.wrappedBuffer(heads.of(start, start + count));
    int bytes = head.readableBytes();
    if (bytes == count) {
      return connection.channel().writeAndFlush(head);
    }
    connection.channel().write(head);
    return super.write(start + bytes, count - bytes);
  }
}
