package dev.sluice.bench.c;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.OwnPipe;
import dev.sluice.bench.loop.PipeLoop;
import dev.sluice.bench.loop.ResponseHeads;
import dev.sluice.bench.measure.NativeLibrary;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.function.Supplier;

/**
 * The loops in C, one for each system call: the floor. All calls of a run are made in C.
 *
 * <p>The loop that goes through a buffer keeps one for each thread that calls it, until the thread
 * ends. The loops that go through a pipe are given one.
 */
public final class CLoops {
  private CLoops() {}

  /** {@code sendfile} from C. */
  public static Supplier<Loop> sendfile() {
    return fromC("sendfile", CLoops::sendfile0);
  }

  /** A head by {@code send} with {@code MSG_MORE}, and the rest by {@code sendfile}, from C. */
  public static Supplier<Loop> response() {
    return () -> {
      ResponseHeads heads = new ResponseHeads();
      return (channels, region, piece) -> {
        heads.read(channels.sourceFile(), region, piece);
        NativeLibrary.checked(
            "send and sendfile from C",
            respond0(
                channels.sourceDescriptor(),
                channels.targetDescriptor(),
                region,
                piece,
                heads.all(),
                ResponseHeads.BYTES));
      };
    };
  }

  /** {@code copy_file_range} from C. */
  public static Supplier<Loop> copyFileRange() {
    return fromC("copy_file_range", CLoops::copyFileRange0);
  }

  /** {@code recv} and {@code pwrite} from C, through a 256 KiB buffer of the thread's. */
  public static Supplier<Loop> receiveAndWrite() {
    return fromC("recv and pwrite", CLoops::receiveAndWrite0);
  }

  /** {@code splice} from C, from a socket to a file, through a pipe of 1 MiB. */
  public static Supplier<Loop> spliceToFile() {
    return throughPipe(CLoops::spliceToFile0);
  }

  /** {@code splice} from C, from a socket to another, through a pipe of 1 MiB. */
  public static Supplier<Loop> spliceToStream() {
    return throughPipe(CLoops::spliceToStream0);
  }

  /** {@code splice} from C, from a file straight into a pipe. */
  public static Supplier<Loop> spliceIntoPipe() {
    return fromC("splice", CLoops::spliceIntoPipe0);
  }

  /** {@code splice} from C, from a pipe straight into a file. */
  public static Supplier<Loop> spliceOutOfPipe() {
    return fromC("splice", CLoops::spliceOutOfPipe0);
  }

  /** The program {@code cp} without options. */
  public static Supplier<Loop> copyProgram() {
    return () -> new CopyProgram(false);
  }

  /** The program {@code cp -r}, for the files of a directory. */
  public static Supplier<Loop> copyProgramForDirectories() {
    return () -> new CopyProgram(true);
  }

  private static Supplier<Loop> fromC(String call, BareLoop loop) {
    String what = call + " from C";
    return () ->
        (channels, region, piece) ->
            NativeLibrary.checked(
                what,
                loop.run(channels.sourceDescriptor(), channels.targetDescriptor(), region, piece));
  }

  private static Supplier<Loop> throughPipe(BarePipeLoop loop) {
    return () ->
        new PipeLoop() {
          @Override
          protected void run(OpenChannels channels, OwnPipe pipe, long region, long piece)
              throws IOException {
            NativeLibrary.checked(
                "splice from C",
                loop.run(
                    channels.sourceDescriptor(),
                    channels.targetDescriptor(),
                    region,
                    piece,
                    pipe.reader,
                    pipe.writer));
          }
        };
  }

  /** A native that moves the bytes and answers how many, or {@code -errno}. */
  private interface BareLoop {
    long run(int source, int target, long region, long piece);
  }

  /** A native that moves the bytes through a pipe. */
  private interface BarePipeLoop {
    long run(int source, int target, long region, long piece, int reader, int writer);
  }

  private static native long sendfile0(int source, int target, long region, long piece);

  private static native long respond0(
      int source, int target, long region, long piece, ByteBuffer heads, int headBytes);

  private static native long copyFileRange0(int source, int target, long region, long piece);

  private static native long receiveAndWrite0(int source, int target, long region, long piece);

  private static native long spliceToFile0(
      int source, int target, long region, long piece, int reader, int writer);

  private static native long spliceToStream0(
      int source, int target, long region, long piece, int reader, int writer);

  private static native long spliceIntoPipe0(int source, int target, long region, long piece);

  private static native long spliceOutOfPipe0(int source, int target, long region, long piece);
}
