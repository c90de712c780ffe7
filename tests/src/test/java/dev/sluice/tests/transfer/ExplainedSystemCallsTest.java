package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.Sluice;
import dev.sluice.TransferReport;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.Tools;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The system calls that a report counts are those that strace sees. */
class ExplainedSystemCallsTest {
  private static final int SIZE = 10_000;

  /** As much as widens a pipe. */
  private static final int LARGE = 64 << 10;

  @TempDir Path directory;

  /** Transfers, each between two looks at files that do not exist: marks in the trace. */
  static final class Reporter {
    private interface Transfer {
      TransferReport run() throws Exception;
    }

    public static void main(String[] arguments) throws Exception {
      Path path = Path.of(arguments[0]);
      Pipe pipe = Pipe.open();
      try (FileChannel source = FileChannel.open(path);
          FileChannel target =
              FileChannel.open(
                  path.resolveSibling("target"),
                  StandardOpenOption.CREATE_NEW,
                  StandardOpenOption.WRITE);
          FileChannel append =
              FileChannel.open(path.resolveSibling("target"), StandardOpenOption.APPEND)) {
        Transfer[] transfers = {
          () -> Sluice.explainTransferTo(source, 0, SIZE, target),
          () -> Sluice.explainTransferTo(source, 0, SIZE, append),
          () -> Sluice.explainTransferTo(source, 0, SIZE, pipe.sink()),
          () -> Sluice.explainTransferFrom(target, pipe.source(), 0, SIZE),
          () -> Sluice.explainTransferTo(source, 0, LARGE, pipe.sink()),
          () -> Sluice.explainTransferFrom(target, pipe.source(), 0, LARGE),
        };
        // Loads the classes: that makes system calls of its own.
        for (Transfer transfer : transfers) {
          transfer.run();
        }
        List<TransferReport> reports = new ArrayList<>();
        for (int i = 0; i < transfers.length; i++) {
          Files.exists(Path.of("/mark-begin-" + i));
          reports.add(transfers[i].run());
          Files.exists(Path.of("/mark-end-" + i));
        }
        for (TransferReport report : reports) {
          System.out.println("calls: " + report.syscalls() + " by " + report);
        }
      }
    }
  }

  @Test
  void aReportCountsWhatStraceSees() throws Exception {
    Tools.assumeTool("strace");
    Path file = Files.write(directory.resolve("file"), new byte[LARGE]);
    Path trace = directory.resolve("trace");
    // Those that a transfer of these channels makes, and by which the JVM itself does nothing here.
    // strace passes over
    // a name with a question mark where the processor has no such call, as aarch64 has no stat.
    String calls =
        "copy_file_range,sendfile,splice,tee,pread64,pwrite64,lseek,?stat,?access,faccessat,fcntl";
    ChildJvm.Result result =
        new ChildJvm()
            .under("strace", "-f", "-o", trace.toString())
            .under("-e", "trace=read,write,newfstatat,statx," + calls)
            .run(Reporter.class, file.toString());
    assertEquals(0, result.exit(), result.output());
    List<String> told = result.output().lines().filter(line -> line.startsWith("calls: ")).toList();
    List<String> lines = Files.readAllLines(trace);
    for (int i = 0; i < told.size(); i++) {
      List<String> seen = between(lines, "/mark-begin-" + i, "/mark-end-" + i);
      assertEquals(told.get(i).split(" ")[1], String.valueOf(seen.size()), told.get(i) + seen);
    }
    assertEquals(6, told.size(), result.output());
  }

  private static List<String> between(List<String> lines, String begin, String end) {
    String mark = lines.stream().filter(line -> line.contains(begin)).findFirst().orElseThrow();
    String thread = mark.substring(0, mark.indexOf(' ') + 1);
    List<String> calls =
        lines.stream()
            .filter(line -> line.startsWith(thread))
            // A call that another thread's line interrupted is told in two lines.
            .filter(line -> !line.contains(" resumed>"))
            .dropWhile(line -> !line.contains(begin))
            .skip(1)
            .takeWhile(line -> !line.contains(end))
            .toList();
    assertFalse(calls.isEmpty());
    return calls;
  }
}
