package dev.sluice.bench.netty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.sluice.bench.cell.Cell;
import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.cell.Implementations;
import dev.sluice.bench.cell.Matrix;
import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.measure.Affinity;
import dev.sluice.bench.measure.NativeLibrary;
import dev.sluice.bench.report.Role;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The conditions of a cell hold for Netty's own connections and its event loops. */
class NettyConditionsTest {
  private static final int FILE_BYTES = 300_000;

  @TempDir Path directory;

  @BeforeAll
  static void load() throws Exception {
    NativeLibrary.load();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "file-socket/4KiB",
        "file-socket/4KiB/nagle",
        "file-socket/64KiB/8",
        "socket-file/64KiB",
        "socket-file/64KiB/nagle"
      })
  void noDelayAndTheProcessorAreThoseOfTheCell(String id) throws Exception {
    Path file = Files.write(directory.resolve("file"), new byte[FILE_BYTES]);
    Cell cell = Matrix.cells(FILE_BYTES, List.of(id), false).get(0);
    Conditions conditions = cell.applied();
    List<Integer> cpus =
        conditions.placement().near().stream()
            .boxed()
            .findFirst()
            .map(List::of)
            .orElse(Affinity.cpus());
    List<Implementation> netty =
        Implementations.of(cell, false).stream().filter(e -> e.role() == Role.NETTY).toList();
    assertFalse(netty.isEmpty());
    for (Implementation implementation : netty) {
      try (NettyFixture fixture =
          (NettyFixture) implementation.ownFixture().open(file, directory)) {
        check(fixture.connection, conditions, cpus, implementation.name());
        // Also when a transfer has failed.
        fixture.reopen();
        check(fixture.connection, conditions, cpus, implementation.name());
      }
    }
  }

  private static void check(
      NettyConnection connection, Conditions conditions, List<Integer> cpus, String name)
      throws Exception {
    assertEquals(conditions.noDelay(), connection.hasNoDelay(), name);
    assertEquals(conditions.noDelay(), connection.peer().hasNoDelay(), name);
    assertEquals(cpus, connection.inLoop(Affinity::cpusOfThread), name);
  }
}
