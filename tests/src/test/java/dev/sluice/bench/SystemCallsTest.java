package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.Loops;
import dev.sluice.bench.loop.Work;
import dev.sluice.bench.report.MechanismResult.SystemCall;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tracepoint counts is what strace sees of the same calls. */
class SystemCallsTest {
  private static final int FILE_BYTES = 1 << 20;
  private static final long PIECE = 4096;
  private static final String REFUSED = "not counted: ";

  /** A call; the beginning of one that another thread's line cut in two; and the end of that. */
  private static final Pattern WHOLE = Pattern.compile("\\d+ +(\\w+)\\(.* = (-?\\d+).*");

  private static final Pattern BEGINNING =
      Pattern.compile("\\d+ +(\\w+)\\(.*<unfinished \\.\\.\\.>");
  private static final Pattern END =
      Pattern.compile("\\d+ +<\\.\\.\\. (\\w+) resumed>.* = (-?\\d+).*");

  @TempDir Path directory;

  /** Counts two loops, one of which passes through user space, between marks in the trace. */
  static final class Counter {
    public static void main(String[] arguments) throws Exception {
      Native.load();
      SystemCalls systemCalls = SystemCalls.open();
      if (!systemCalls.areCounted()) {
        System.out.println(REFUSED + systemCalls.how());
        return;
      }
      Path file = Path.of(arguments[0]);
      Work work = new Work(FILE_BYTES, PIECE, 1);
      try (Route route =
          Route.open(Direction.FILE_TO_FILE, new Places(file, file.getParent(), null))) {
        for (Loop loop : List.of(Loops.cSendfile().get(), Loops.bufferedTo().get())) {
          // Loads classes, and has the JIT do what it does at first.
          for (int pass = 0; pass < 40; pass++) {
            move(route, loop, work);
          }
          route.ends().rewind();
          List<SystemCall> made =
              systemCalls.during(
                  route,
                  () -> {
                    Files.exists(Path.of("/mark-begin"));
                    loop.run(route.ends(), work.region(), work.piece());
                    Files.exists(Path.of("/mark-end"));
                  });
          for (SystemCall call : made) {
            System.out.println(call.name() + " " + call.count() + " " + call.answered());
          }
          System.out.println("end");
        }
      }
    }

    private static void move(Route route, Loop loop, Work work) throws Exception {
      route.ends().rewind();
      loop.run(route.ends(), work.region(), work.piece());
    }
  }

  @Test
  void theCountersFiguresAreThoseOfStrace() throws Exception {
    assumeTrue(isOnPath("strace"), "needs strace on the PATH");
    Path file = CompareProcess.file(directory, FILE_BYTES);
    Path trace = directory.resolve("trace");
    Path output = directory.resolve("output");
    List<String> command = new ArrayList<>(List.of("strace", "-f", "-o", trace.toString()));
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("--enable-native-access=ALL-UNNAMED");
    for (String name : List.of("dev.sluice.bench.library", "dev.sluice.bench.peer")) {
      command.add("-D" + name + "=" + System.getProperty(name));
    }
    command.addAll(List.of("-cp", System.getProperty("java.class.path"), Counter.class.getName()));
    command.add(file.toString());
    Process process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    try {
      assertEquals(true, process.waitFor(60, TimeUnit.SECONDS), "it runs for a minute");
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    List<String> told = Files.readAllLines(output);
    assumeTrue(told.stream().noneMatch(line -> line.startsWith(REFUSED)), told.toString());
    assertEquals(0, process.exitValue(), told.toString());
    List<Map<String, String>> seen = seen(Files.readAllLines(trace));
    List<Map<String, String>> counted = counted(told);
    assertEquals(2, seen.size());
    assertEquals(seen, counted);
    assertEquals("256 1048576", counted.get(0).get("sendfile"));
    assertEquals("256 1048576", counted.get(1).get("pread64"));
    assertEquals("256 1048576", counted.get(1).get("write"));
  }

  private static boolean isOnPath(String tool) {
    return List.of(System.getenv("PATH").split(":")).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, tool)));
  }

  /** By name of the call, how often and with which sum of answers, for each pair of marks. */
  private static List<Map<String, String>> seen(List<String> lines) {
    String mark = lines.stream().filter(line -> line.contains("/mark-begin")).findFirst().get();
    String thread = mark.substring(0, mark.indexOf(' ') + 1);
    List<Map<String, String>> all = new ArrayList<>();
    Map<String, long[]> calls = null;
    for (String line : lines) {
      if (!line.startsWith(thread)) {
        continue;
      }
      if (line.contains("/mark-begin")) {
        calls = new TreeMap<>();
      } else if (line.contains("/mark-end")) {
        all.add(words(calls));
        calls = null;
      } else if (calls != null) {
        add(calls, line);
      }
    }
    return all;
  }

  private static void add(Map<String, long[]> calls, String line) {
    for (Pattern pattern : List.of(WHOLE, BEGINNING, END)) {
      Matcher call = pattern.matcher(line);
      if (call.matches()) {
        long answered = pattern == BEGINNING ? 0 : Math.max(0, Long.parseLong(call.group(2)));
        add(calls, call.group(1), pattern == END ? 0 : 1, answered);
        return;
      }
    }
  }

  /** What the counter told. */
  private static List<Map<String, String>> counted(List<String> told) {
    List<Map<String, String>> all = new ArrayList<>();
    Map<String, long[]> calls = new TreeMap<>();
    for (String line : told) {
      if (line.equals("end")) {
        all.add(words(calls));
        calls = new TreeMap<>();
        continue;
      }
      String[] words = line.split(" ");
      if (words.length == 3) {
        add(calls, words[0], Long.parseLong(words[1]), Long.parseLong(words[2]));
      }
    }
    return all;
  }

  /** Only calls that move bytes: the JVM's own, for memory, may come before the mark. */
  private static void add(Map<String, long[]> calls, String name, long count, long answered) {
    if (!name.matches(".*(read|write|send|recv|splice|copy).*")) {
      return;
    }
    long[] sums = calls.computeIfAbsent(name, key -> new long[2]);
    sums[0] += count;
    sums[1] += answered;
  }

  private static Map<String, String> words(Map<String, long[]> calls) {
    Map<String, String> words = new TreeMap<>();
    calls.forEach((name, sums) -> words.put(name, sums[0] + " " + sums[1]));
    return words;
  }
}
