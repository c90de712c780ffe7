import dev.sluice.Advice;
import dev.sluice.MappedRegion;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;

/**
 * Prints the last lines of a log and then the bytes that are appended to it, as {@code tail -f}
 * does. The log is mapped, and its pages go to standard output without a copy in Java. Each part is
 * unmapped as soon as it is printed. If the log is truncated while it is read, the program meets an
 * exception, and does not crash.
 *
 * <pre>java --enable-native-access=ALL-UNNAMED -cp sluice.jar LogTail.java FILE [LINES]</pre>
 */
public final class LogTail {
  private static final int BLOCK = 64 << 10;
  private static final long POLL_MILLIS = 100;

  private LogTail() {}

  public static void main(String[] arguments) throws IOException, InterruptedException {
    int lines = arguments.length > 1 ? Integer.parseInt(arguments[1]) : 10;
    try (FileChannel log = FileChannel.open(Path.of(arguments[0]));
        FileOutputStream output = new FileOutputStream(FileDescriptor.out)) {
      FileChannel out = output.getChannel();
      long shown = startOfLast(log, lines);
      while (true) {
        long size = log.size();
        if (size < shown) {
          System.err.println("the log was truncated");
          shown = 0;
        }
        shown += show(log, shown, size, out);
        Thread.sleep(POLL_MILLIS);
      }
    }
  }

  /** Returns the file offset at which the last lines begin. */
  private static long startOfLast(FileChannel log, int lines) throws IOException {
    long size = log.size();
    try (MappedRegion region = MappedRegion.map(log, MapMode.READ_ONLY, 0, size)) {
      region.advise(Advice.RANDOM);
      byte[] block = new byte[BLOCK];
      int ends = 0;
      for (long end = size; end > 0; end -= Math.min(end, BLOCK)) {
        int length = (int) Math.min(end, BLOCK);
        // region.get(offset) would read the bytes as well, but read throws an IOException if the
        // log is truncated meanwhile.
        region.read(end - length, block, 0, length);
        for (int i = length - 1; i >= 0; i--) {
          boolean isLast = end - length + i == size - 1;
          if (block[i] == '\n' && !isLast && ++ends == lines) {
            return end - length + i + 1;
          }
        }
      }
      return 0;
    }
  }

  /** Prints a part of the log. Returns the number of bytes printed. */
  private static long show(FileChannel log, long start, long end, FileChannel out)
      throws IOException {
    if (start == end) {
      return 0;
    }
    try (MappedRegion region = MappedRegion.map(log, MapMode.READ_ONLY, start, end - start)) {
      return region.transferTo(0, region.size(), out);
    } catch (IOException e) {
      if (log.size() < end) {
        return 0;
      }
      throw e;
    }
  }
}
