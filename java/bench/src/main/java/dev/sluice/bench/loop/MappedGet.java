package dev.sluice.bench.loop;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.function.Supplier;

/**
 * A {@link MappedByteBuffer} of the JDK's or of Sluice's: a standing mapping, read into an array.
 */
public final class MappedGet implements Loop {
  private final ArrayTarget into = new ArrayTarget();
  private final Mapper mapper;
  private MappedByteBuffer mapping;

  MappedGet(Mapper mapper) {
    this.mapper = mapper;
  }

  /** Maps the beginning of a file. */
  public interface Mapper {
    MappedByteBuffer map(FileChannel file, long size) throws IOException;
  }

  /** Loops of a class of their own, over what a mapper makes. */
  public static Supplier<Loop> loops(Mapper mapper) {
    return FreshLoopClass.of(MethodHandles.lookup(), MappedGet.class, mapper);
  }

  @Override
  public void prepare() {
    into.renew();
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    if (mapping == null) {
      mapping = mapper.map(channels.sourceFile(), region);
    }
    int most = (int) Math.min(piece, ArrayTarget.MOST);
    for (int start = 0; start < region; start += most) {
      piece(mapping, start, (int) Math.min(most, region - start), into, channels.target());
    }
  }

  private static void piece(
      MappedByteBuffer mapping, int start, int count, ArrayTarget into, WritableByteChannel target)
      throws IOException {
    mapping.get(start, into.array, 0, count);
    into.handTo(target, count);
  }
}
