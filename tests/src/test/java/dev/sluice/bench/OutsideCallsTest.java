package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.bench.c.CLoops;
import dev.sluice.bench.cell.Cell;
import dev.sluice.bench.cell.Concurrency;
import dev.sluice.bench.cell.Direction;
import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.cell.Implementations;
import dev.sluice.bench.cell.PieceSize;
import dev.sluice.bench.count.SystemCalls;
import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.OwnFixture;
import dev.sluice.bench.fixture.SocketToFileFixture;
import dev.sluice.bench.fixture.Workspace;
import dev.sluice.bench.linker.LinkerLoops;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.RoundSize;
import dev.sluice.bench.measure.Digests;
import dev.sluice.bench.measure.NativeLibrary;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.run.CellRun;
import dev.sluice.bench.run.JvmShare;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The implementations from outside: where they take part, that they deliver, and what they leave.
 */
class OutsideCallsTest {
  private static final int FILE_BYTES = 300_000;
  private static final boolean HAS_LINKER = Runtime.version().feature() >= 22;

  @TempDir Path directory;

  @BeforeAll
  static void load() throws Exception {
    NativeLibrary.load();
  }

  @Test
  void everyCallFromCIsMadeThroughTheLinkerAsWell() {
    assumeTrue(HAS_LINKER, "the linker needs a JDK of 22 or newer");
    for (Direction direction : Direction.values()) {
      assertEquals(
          calls(direction, Role.C), calls(direction, Role.FFM), "of the direction " + direction);
    }
  }

  @Test
  void theyTakePartWithAnyNumberOfConnectionsOnPlatformThreadsOnly() {
    for (Direction direction : Direction.values()) {
      List<String> alone = outside(direction, Concurrency.ALONE);
      for (Concurrency concurrency : Concurrency.values()) {
        assertEquals(
            concurrency.isVirtual() ? List.of() : alone,
            outside(direction, concurrency),
            direction + " " + concurrency);
      }
    }
  }

  @Test
  void theyDeliverTheFilesBytesByEachOfEightConnections() throws Exception {
    Path file = CompareProcess.file(directory, FILE_BYTES);
    for (Direction direction : Direction.values()) {
      if (!direction.hasConcurrency(Concurrency.EIGHT)) {
        continue;
      }
      Cell cell = Cell.of(direction, PieceSize.KIB_64, Concurrency.EIGHT, FILE_BYTES);
      List<Implementation> implementations =
          Implementations.of(direction, Concurrency.EIGHT, false).stream()
              .filter(each -> isOutside(each.role()))
              .toList();
      assertTrue(implementations.size() > 0, direction.id());
      try (CellRun run =
          new CellRun(
              cell,
              new Workspace(file, directory, null),
              implementations,
              SystemCalls.open(),
              JvmShare.alone(0.1),
              part -> {})) {
        String sha256 = sha256(file, cell.roundSize().region());
        run.run(sha256)
            .contenders()
            .forEach(
                each -> {
                  assertEquals(Outcome.MEASURED, each.outcome(), each.reason());
                  assertEquals(sha256, each.sha256(), each.name());
                  assertTrue(each.rounds().size() > 0, each.name());
                });
      }
    }
  }

  @Test
  void callsOfNettyAreTimedOneByOne() throws Exception {
    Path file = CompareProcess.file(directory, FILE_BYTES);
    for (Direction direction : List.of(Direction.FILE_TO_SOCKET, Direction.SOCKET_TO_FILE)) {
      for (Implementation implementation :
          Implementations.of(direction, Concurrency.ALONE, false)) {
        if (implementation.role() != Role.NETTY) {
          continue;
        }
        try (OwnFixture fixture = implementation.ownFixture().open(file, directory)) {
          double[] micros = new double[50];
          fixture.begin(new RoundSize(512, 512, micros.length));
          long allocated = fixture.timeCalls(512, micros);
          fixture.finish();
          assertTrue(Arrays.stream(micros).allMatch(each -> each > 0), implementation.name());
          assertTrue(allocated > 0, implementation.name());
        }
      }
    }
  }

  @Test
  void thePipeOfALoopInCIsClosedWithTheLoop() throws Exception {
    aPipeIsClosedWithTheLoop(CLoops.spliceToFile());
  }

  @Test
  void thePipeOfALoopThroughTheLinkerIsClosedWithTheLoop() throws Exception {
    assumeTrue(HAS_LINKER, "the linker needs a JDK of 22 or newer");
    aPipeIsClosedWithTheLoop(LinkerLoops.spliceToFile());
  }

  private void aPipeIsClosedWithTheLoop(Supplier<Loop> loops) throws IOException {
    Loop loop = loops.get();
    try (SocketToFileFixture fixture = fixture()) {
      // It may be run again.
      for (int time = 0; time < 2; time++) {
        Set<String> before = pipes();
        pass(fixture, loop);
        Set<String> opened = pipes();
        opened.removeAll(before);
        assertEquals(1, opened.size());
        loop.close();
        assertFalse(pipes().containsAll(opened));
      }
    }
  }

  private static String sha256(Path file, long bytes) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return Digests.sha256(channel, bytes);
    }
  }

  private SocketToFileFixture fixture() throws IOException {
    return new SocketToFileFixture(
        CompareProcess.file(directory, FILE_BYTES), directory, Conditions.UNPLACED);
  }

  private static void pass(Fixture fixture, Loop loop) throws IOException {
    fixture.begin(new RoundSize(FILE_BYTES, FILE_BYTES, 1));
    loop.run(fixture.channels(), FILE_BYTES, FILE_BYTES);
    fixture.finish();
  }

  /** The pipes that this process has open, each once. */
  private static Set<String> pipes() throws IOException {
    try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
      return descriptors
          .map(OutsideCallsTest::target)
          .filter(target -> target.startsWith("pipe:"))
          .collect(Collectors.toCollection(HashSet::new));
    }
  }

  private static String target(Path descriptor) {
    try {
      return Files.readSymbolicLink(descriptor).toString();
    } catch (IOException e) {
      // It was open for the list itself.
      return "";
    }
  }

  private static boolean isOutside(Role role) {
    return role == Role.C || role == Role.FFM || role == Role.NETTY;
  }

  private static List<String> outside(Direction direction, Concurrency concurrency) {
    return Implementations.of(direction, concurrency, true).stream()
        .filter(each -> isOutside(each.role()))
        .map(Implementation::name)
        .toList();
  }

  /** The calls' names, without who makes them. */
  private static Set<String> calls(Direction direction, Role role) {
    return Implementations.of(direction, Concurrency.ALONE, true).stream()
        .filter(each -> each.role() == role)
        .map(each -> each.name().substring(each.name().indexOf(' ') + 1))
        .collect(Collectors.toSet());
  }
}
