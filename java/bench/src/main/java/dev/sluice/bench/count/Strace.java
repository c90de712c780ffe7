package dev.sluice.bench.count;

import dev.sluice.bench.process.JavaProcess;
import dev.sluice.bench.process.Programs;
import dev.sluice.bench.report.MechanismResult.SystemCall;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The system calls of a pass by strace, for a kernel that lets no process count its own. The same
 * pass runs in a process of its own under strace. A look at a file that does not exist marks the
 * begin of the pass, another its end.
 */
public final class Strace {
  private static final String BEGIN = "/sluice-mark-begin-";
  private static final String END = "/sluice-mark-end-";
  private static final long LIMIT_SECONDS = 60;

  /** The line of a call. Where the line of another thread cuts it in two, each half is a line. */
  private static final Pattern WHOLE = Pattern.compile("\\d+ +(\\w+)\\(.* = (-?\\d+).*");

  private static final Pattern FIRST_HALF =
      Pattern.compile("\\d+ +(\\w+)\\(.*<unfinished \\.\\.\\.>");
  private static final Pattern SECOND_HALF =
      Pattern.compile("\\d+ +<\\.\\.\\. (\\w+) resumed>.* = (-?\\d+).*");

  private Strace() {}

  public static boolean isThere() {
    return Programs.isThere("strace");
  }

  /**
   * The system calls that a program made between its marks, by the name of the mark.
   *
   * @param arguments the arguments of the main class
   */
  public static Map<String, List<SystemCall>> of(Class<?> main, List<String> arguments)
      throws IOException {
    Path trace = Files.createTempFile("sluice-", ".strace");
    try {
      List<String> command = new ArrayList<>(List.of("strace", "-f", "-o", trace.toString()));
      command.addAll(JavaProcess.command(main.getName(), arguments));
      Process process =
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      try {
        if (!process.waitFor(LIMIT_SECONDS, TimeUnit.SECONDS) || process.exitValue() != 0) {
          throw new IOException("strace could not follow a process");
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("interrupted while strace ran");
      } finally {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
      }
      return between(Files.readAllLines(trace));
    } finally {
      Files.delete(trace);
    }
  }

  /** Marks the begin. The program calls this in the thread whose calls are wanted. */
  public static void begin(String mark) {
    Files.exists(Path.of(BEGIN + mark));
  }

  /** Marks the end, in the same thread. */
  public static void end(String mark) {
    Files.exists(Path.of(END + mark));
  }

  private static Map<String, List<SystemCall>> between(List<String> lines) {
    Map<String, List<SystemCall>> marks = new HashMap<>();
    Map<String, SystemCall> calls = new TreeMap<>();
    String thread = null;
    for (String line : lines) {
      if (line.contains(BEGIN)) {
        thread = line.substring(0, line.indexOf(' ') + 1);
        calls = new TreeMap<>();
      } else if (line.contains(END)) {
        marks.put(mark(line), List.copyOf(calls.values()));
        thread = null;
      } else if (thread != null && line.startsWith(thread)) {
        add(calls, line);
      }
    }
    return marks;
  }

  private static String mark(String line) {
    String rest = line.substring(line.indexOf(END) + END.length());
    return rest.substring(0, rest.indexOf('"'));
  }

  private static void add(Map<String, SystemCall> calls, String line) {
    for (Pattern pattern : List.of(WHOLE, FIRST_HALF, SECOND_HALF)) {
      Matcher call = pattern.matcher(line);
      // A second half without a first belongs to the mark itself, which was cut in two.
      if (call.matches() && !(pattern == SECOND_HALF && !calls.containsKey(call.group(1)))) {
        long answered = pattern == FIRST_HALF ? 0 : Math.max(0, Long.parseLong(call.group(2)));
        calls.merge(
            call.group(1),
            new SystemCall(call.group(1), pattern == SECOND_HALF ? 0 : 1, answered),
            (one, other) ->
                new SystemCall(
                    one.name(), one.count() + other.count(), one.answered() + other.answered()));
        return;
      }
    }
  }
}
