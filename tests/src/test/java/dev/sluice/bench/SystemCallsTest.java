package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Mechanism;
import dev.sluice.bench.cell.Direction;
import dev.sluice.bench.count.Strace;
import dev.sluice.bench.count.SystemCallCounter;
import dev.sluice.bench.count.SystemCalls;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.Workspace;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.RoundSize;
import dev.sluice.bench.measure.NativeLibrary;
import dev.sluice.bench.nio.NioLoops;
import dev.sluice.bench.report.MechanismResult.SystemCall;
import dev.sluice.bench.sluice.SluiceLoops;
import dev.sluice.bench.textbook.StracedPasses;
import dev.sluice.bench.textbook.TextbookPass;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the tracepoint counts is what strace sees of the same calls. */
class SystemCallsTest {
  private static final int FILE_BYTES = 4 << 20;

  /** As many as the straced process makes. */
  private static final int PASSES = 10;

  @TempDir Path directory;

  @BeforeAll
  static void load() throws Exception {
    NativeLibrary.load();
  }

  @Test
  void theCountersFiguresAreThoseOfStrace() throws Exception {
    assumeTrue(Strace.isThere(), "needs strace on the PATH");
    SystemCalls systemCalls = SystemCalls.open();
    assumeTrue(systemCalls.areCounted(), systemCalls.how());
    Path file = CompareProcess.file(directory, FILE_BYTES);
    Map<String, List<List<SystemCall>>> straced = StracedPasses.of(Direction.FILE_TO_FILE, file);
    Map<String, Loop> loops =
        Map.of(
            "NIO loop, 256 KiB buffer", NioLoops.bufferedTo().get(),
            "Sluice SENDFILE", SluiceLoops.mechanismTransferTo(Mechanism.SENDFILE).get(),
            "Sluice READ_WRITE", SluiceLoops.mechanismTransferTo(Mechanism.READ_WRITE).get());
    RoundSize roundSize = TextbookPass.once(FILE_BYTES);
    try (Fixture fixture = Direction.FILE_TO_FILE.open(new Workspace(file, directory, null));
        SystemCallCounter counter = systemCalls.counter()) {
      for (Map.Entry<String, Loop> each : loops.entrySet()) {
        TextbookPass pass = new TextbookPass(fixture, each.getValue());
        pass.usage(roundSize);
        List<List<SystemCall>> counted = new ArrayList<>();
        for (int i = 0; i < PASSES; i++) {
          counted.add(counter.during(fixture, () -> pass.move(roundSize)));
        }
        List<List<SystemCall>> seen = straced.get(each.getKey());
        assertNotNull(seen, each.getKey() + " of " + straced.keySet());
        assertEquals(PASSES, seen.size());
        assertEquals(usual(seen), usual(counted), each.getKey());
      }
    }
    assertEquals(
        Map.of("sendfile", new SystemCall("sendfile", 4, FILE_BYTES)),
        usual(straced.get("Sluice SENDFILE")));
  }

  /** What most of the passes made: in some, the JVM reads a class. */
  private static Map<String, SystemCall> usual(List<List<SystemCall>> passes) {
    Map<Map<String, SystemCall>, Long> counts =
        passes.stream()
            .collect(Collectors.groupingBy(SystemCallsTest::moving, Collectors.counting()));
    Map<String, SystemCall> usual =
        Collections.max(counts.entrySet(), Map.Entry.comparingByValue()).getKey();
    assertTrue(counts.get(usual) > passes.size() / 2, () -> counts.toString());
    return usual;
  }

  /** Calls that move bytes: the JVM makes others, for memory, whenever it wants to. */
  private static Map<String, SystemCall> moving(List<SystemCall> calls) {
    Map<String, SystemCall> moving = new TreeMap<>();
    for (SystemCall call : calls) {
      if (call.name().matches(".*(read|write|send|recv|splice|copy).*")) {
        moving.put(call.name(), call);
      }
    }
    return moving;
  }
}
