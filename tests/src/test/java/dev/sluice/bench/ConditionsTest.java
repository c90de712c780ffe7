package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.bench.cell.Cell;
import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.cell.Implementations;
import dev.sluice.bench.cell.Matrix;
import dev.sluice.bench.count.SystemCalls;
import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.fixture.FileToPipeFixture;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.fixture.Placement;
import dev.sluice.bench.fixture.Workspace;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.RoundSize;
import dev.sluice.bench.measure.Affinity;
import dev.sluice.bench.measure.Digests;
import dev.sluice.bench.measure.NativeLibrary;
import dev.sluice.bench.measure.PageCache;
import dev.sluice.bench.measure.PipeSize;
import dev.sluice.bench.report.CellResult;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.run.CellRun;
import dev.sluice.bench.run.JvmShare;
import java.io.IOException;
import java.net.StandardSocketOptions;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The conditions of a cell hold, as the kernel tells them, for every contender. */
@Tag("any-jdk")
class ConditionsTest {
  private static final int FILE_BYTES = 300_000;

  /** A JVM that has few rounds to make. */
  private static final JvmShare ONE_OF_MANY = new JvmShare(2, 20, 2);

  @TempDir Path directory;
  private Path file;
  private Workspace workspace;

  @BeforeAll
  static void load() throws Exception {
    NativeLibrary.load();
  }

  @BeforeEach
  void write() throws IOException {
    file = CompareProcess.file(directory, FILE_BYTES);
    workspace = new Workspace(file, directory, null);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void noDelayIsTheSameAtBothEndsOfTheConnectionThatContendersShare(boolean noDelay)
      throws Exception {
    Conditions conditions = noDelay ? Conditions.USUAL : Conditions.USUAL.withNagle();
    try (Peer peer = Peer.start(file, conditions)) {
      assertEquals(noDelay, peer.connection().getOption(StandardSocketOptions.TCP_NODELAY));
      assertEquals(noDelay, peer.hasNoDelay());
      // Also when a contender has failed.
      peer.reconnect();
      assertEquals(noDelay, peer.connection().getOption(StandardSocketOptions.TCP_NODELAY));
      assertEquals(noDelay, peer.hasNoDelay());
    }
  }

  @Test
  void theBuffersOfManyConnectionsAreThoseOfTheCell() throws Exception {
    int asked = cell("file-socket/64KiB/8").applied().socketBuffers();
    try (Peer peer = Peer.start(file, Conditions.SHARED)) {
      // The JDK answers what was asked for, half of what the kernel made of it.
      assertEquals(asked, peer.connection().getOption(StandardSocketOptions.SO_SNDBUF));
      assertEquals(asked, peer.connection().getOption(StandardSocketOptions.SO_RCVBUF));
    }
  }

  @Test
  void theThreadAndThePeerRunOnDifferentProcessorsAndTheThreadAnywhereAfterwards()
      throws Exception {
    assumeTrue(Affinity.cpus().size() > 1, "needs two processors");
    int near = Conditions.USUAL.placement().near().getAsInt();
    int far = Conditions.USUAL.placement().far().getAsInt();
    assertNotEquals(near, far);
    List<Integer> before = Affinity.cpusOfThread();
    assertEquals(List.of(near), cpusDuring("file-socket/4KiB"));
    assertEquals(before, Affinity.cpusOfThread());
    assertEquals(before, cpusDuring("file-socket/4KiB/8"));
    try (Peer peer = Peer.start(file, Conditions.USUAL)) {
      assertEquals(List.of(far), Affinity.cpusOf(peer.pid()));
    }
    try (Peer peer = Peer.start(file, Conditions.USUAL.placed(Placement.TOGETHER))) {
      assertEquals(List.of(near), Affinity.cpusOf(peer.pid()));
    }
    try (Peer peer = Peer.start(file, Conditions.UNPLACED)) {
      assertEquals(before, Affinity.cpusOf(peer.pid()));
    }
  }

  /** The processors that the thread of a cell may use in a round. */
  private List<Integer> cpusDuring(String id) throws IOException {
    Cell cell = cell(id);
    List<List<Integer>> seen = new CopyOnWriteArrayList<>();
    Implementation nio = contenders(cell, Set.of(Role.NIO)).get(0);
    Implementation looking =
        new Implementation(
            nio.name(),
            nio.role(),
            null,
            () -> {
              Loop loop = nio.loops().get();
              return (channels, region, piece) -> {
                seen.add(Affinity.cpusOfThread());
                loop.run(channels, region, piece);
              };
            },
            null);
    assertMeasured(run(cell, List.of(looking)));
    assertEquals(1, seen.stream().distinct().count(), seen.toString());
    return seen.get(0);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file-pipe/64KiB",
        "file-pipe/64KiB/wide-pipe",
        "pipe-file/64KiB",
        "pipe-file/64KiB/wide-pipe"
      })
  void everyContenderLeavesThePipeAsWideAsItIs(String id) throws Exception {
    Cell cell = cell(id);
    int bytes = cell.applied().pipeBytes();
    try (Fixture fixture = cell.open(workspace)) {
      RoundSize once = cell.roundSize().once();
      for (Implementation implementation :
          contenders(cell, Set.of(Role.NIO, Role.LOOP, Role.JDK, Role.AUTO, Role.C, Role.FFM))) {
        Loop loop = implementation.loops().get();
        fixture.ready();
        assertEquals(bytes, pipeSize(fixture), implementation.name());
        fixture.begin(once);
        fixture.channels().rewind();
        loop.run(fixture.channels(), once.region(), once.piece());
        assertEquals(bytes, pipeSize(fixture), implementation.name());
        fixture.finish();
        loop.close();
      }
    }
  }

  private static long pipeSize(Fixture fixture) throws IOException {
    return PipeSize.of(
        (SelectableChannel)
            (fixture instanceof FileToPipeFixture
                ? fixture.channels().target()
                : fixture.channels().source()));
  }

  @Test
  void aColdSourceHasNoPageInTheCacheWhenARoundBegins() throws Exception {
    assumeTrue(workspace.hasDevice(), "the directory is on no device");
    for (String id : List.of("file-file/whole/cold", "file-socket/whole/cold")) {
      Cell cell = cell(id);
      try (Fixture fixture = cell.open(workspace)) {
        FileChannel source = fixture.channels().sourceFile();
        assertEquals(sha256(file), Digests.sha256(source, FILE_BYTES));
        assertTrue(PageCache.residentPages(source) > 0, id);
        fixture.ready();
        assertEquals(0, PageCache.residentPages(source), id);
      }
    }
  }

  @Test
  void everyContenderOfAColdCellLeavesASourceThatCanBeDropped() throws Exception {
    assumeTrue(workspace.hasDevice(), "the directory is on no device");
    assertMeasured(run("file-file/whole/cold"));
    assertMeasured(run("file-socket/whole/cold"));
  }

  @Test
  void aNewTargetIsAnEmptyFileAndAnotherOneInEachRound() throws Exception {
    try (Fixture fixture = cell("file-file/4KiB/new-file").open(workspace)) {
      FileChannel before = fixture.channels().targetFile();
      fixture.ready();
      FileChannel first = fixture.channels().targetFile();
      assertNotEquals(before, first);
      assertFalse(before.isOpen());
      assertEquals(0, first.size());
    }
    try (Fixture fixture = cell("file-file/4KiB").open(workspace)) {
      FileChannel before = fixture.channels().targetFile();
      fixture.ready();
      assertEquals(before, fixture.channels().targetFile());
    }
  }

  @Test
  void aCopyGoesToAPathWithoutAFileOrOntoOne() throws Exception {
    for (boolean overwrite : new boolean[] {false, true}) {
      Cell cell = cell("copy/whole" + (overwrite ? "/overwrite" : ""));
      try (Fixture fixture = cell.open(workspace)) {
        for (int round = 0; round < 2; round++) {
          fixture.ready();
          assertEquals(overwrite, Files.exists(fixture.channels().targetPath()), cell.id());
          fixture.begin(cell.roundSize());
          contenders(cell, Set.of(Role.NIO))
              .get(0)
              .loops()
              .get()
              .run(fixture.channels(), FILE_BYTES, FILE_BYTES);
          fixture.finish();
          fixture.tidy();
        }
      }
    }
  }

  @Test
  void thePeersTimeIsItsOwn() throws Exception {
    for (String id : List.of("file-socket/64KiB", "socket-file/64KiB", "pipe-file/64KiB")) {
      Cell cell = cell(id);
      try (Fixture fixture = cell.open(workspace)) {
        long before = fixture.farEndCpuNanos();
        Loop loop = contenders(cell, Set.of(Role.LOOP)).get(0).loops().get();
        fixture.ready();
        fixture.begin(cell.roundSize());
        for (int pass = 0; pass < cell.roundSize().passes(); pass++) {
          fixture.channels().rewind();
          loop.run(fixture.channels(), cell.roundSize().region(), cell.roundSize().piece());
        }
        fixture.finish();
        assertTrue(fixture.farEndCpuNanos() - before > 100_000, id);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file-socket/4KiB/nagle",
        "file-selector/64KiB/8",
        "response/4KiB",
        "response/64KiB",
        "socket-file/64KiB/pages",
        "socket-socket/64KiB/pages",
        "file-pipe/64KiB/pages",
        "pipe-file/64KiB/usual-pipe",
        "file-file/4KiB/new-file",
        "map-close/4KiB",
        "copy/whole",
        "copy/whole/overwrite",
        "small-files/whole"
      })
  void everyContenderOfACellDelivers(String id) throws Exception {
    CellResult result = run(id);
    assertMeasured(result);
    Set<Role> measured =
        result.contenders().stream()
            .filter(each -> each.outcome() == Outcome.MEASURED)
            .map(each -> each.role())
            .collect(Collectors.toSet());
    assertTrue(measured.containsAll(Set.of(Role.NIO, Role.LOOP, Role.AUTO)), measured.toString());
  }

  @Test
  void theConditionsOfEveryCellAreTold() {
    for (Cell cell : Matrix.cells(1L << 30, List.of(), true)) {
      assertFalse(cell.conditions().isEmpty(), cell.id());
      Cell usual = Cell.of(cell.direction(), cell.pieceSize(), cell.concurrency(), 1L << 30);
      assertEquals(
          cell.id().equals(usual.id()), cell.conditions().equals(usual.conditions()), cell.id());
    }
  }

  private Cell cell(String id) {
    List<Cell> cells = Matrix.cells(FILE_BYTES, List.of(id), false);
    assertEquals(1, cells.size(), id);
    return cells.get(0);
  }

  private static List<Implementation> contenders(Cell cell, Set<Role> roles) {
    return Implementations.of(cell, true).stream()
        .filter(each -> roles.contains(each.role()))
        .toList();
  }

  private CellResult run(String id) throws IOException {
    return run(cell(id), Implementations.of(cell(id), true));
  }

  private CellResult run(Cell cell, List<Implementation> implementations) throws IOException {
    try (CellRun run =
        new CellRun(
            cell, workspace, implementations, SystemCalls.open(), ONE_OF_MANY, part -> {})) {
      return run.run(sha256(file));
    }
  }

  private static void assertMeasured(CellResult result) {
    assertFalse(result.contenders().isEmpty(), result.id());
    result
        .contenders()
        .forEach(
            each -> assertNotEquals(Outcome.FAILED, each.outcome(), each.name() + each.reason()));
  }

  private static String sha256(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
      return Digests.sha256(channel, FILE_BYTES);
    }
  }
}
