package dev.sluice.bench.loop;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.util.function.Supplier;

/** Each piece of a file mapped anew, read into an array, and let go. */
public final class MappedPieces implements Loop {
  private final ArrayTarget into = new ArrayTarget();
  private final Reader reader;

  MappedPieces(Reader reader) {
    this.reader = reader;
  }

  /** Maps a piece and reads it. */
  public interface Reader {
    void read(FileChannel file, long start, int count, byte[] into) throws IOException;

    /** What is done between two rounds, when nothing is timed. */
    default void close() {}
  }

  /** Loops of a class of their own, over what a reader does. */
  public static Supplier<Loop> loops(Reader reader) {
    return FreshLoopClass.of(MethodHandles.lookup(), MappedPieces.class, reader);
  }

  @Override
  public void prepare() {
    into.renew();
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    int most = (int) Math.min(piece, ArrayTarget.MOST);
    for (long start = 0; start < region; start += most) {
      piece(
          reader,
          channels.sourceFile(),
          start,
          (int) Math.min(most, region - start),
          into,
          channels.target());
    }
  }

  private static void piece(
      Reader reader,
      FileChannel file,
      long start,
      int count,
      ArrayTarget into,
      WritableByteChannel target)
      throws IOException {
    reader.read(file, start, count, into.array);
    into.handTo(target, count);
  }

  @Override
  public void close() {
    reader.close();
  }
}
