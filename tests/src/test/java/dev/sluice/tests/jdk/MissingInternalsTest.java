package dev.sluice.tests.jdk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.MappedRegion;
import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ConcurrentCases;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.console.ConsoleLauncher;

/**
 * Whatever another release of the JDK takes away, what it leaves and the fallbacks serve together:
 * a choice of the tests passes without any one group of internals on every JDK, and without each
 * pair of groups on one. Each set is taken away from a JVM of its own.
 */
@Tag("slow")
class MissingInternalsTest {
  private static final long LIMIT_SECONDS = 240;

  @TempDir Path directory;

  private static final List<String> GROUPS =
      List.of(
          "files",
          "blocks",
          "sockets",
          "pipes",
          "carriers",
          "memory",
          "arrays",
          "mapped buffers",
          "sessions");

  /**
   * What leaves all channels to NIO: no guards and no number of a descriptor to duplicate, or other
   * classes of channels.
   */
  private static final List<List<String>> UNHELD =
      List.of(
          List.of("files", "sockets", "pipes", "descriptors"),
          List.of(
              "sun.nio.ch.FileChannelImpl",
              "sun.nio.ch.SocketChannelImpl",
              "sun.nio.ch.SinkChannelImpl",
              "sun.nio.ch.SourceChannelImpl"));

  /** What every set has to pass: each test shortly, because the sets are many. */
  private static final List<String> TESTS =
      List.of(
          "channel.EveryFlowEndsTest",
          "mapping.BulkValuesTest",
          "mapping.MappedRegionTest",
          "mapping.RegionPagesTest",
          "mapping.RegionResizeTest",
          "mapping.RegionValuesTest",
          "mapping.SliceTest",
          "transfer.OwnEndParityTest",
          "transfer.RefusedArgumentsParityTest");

  /** What a set of one group has to pass as well: a class or a method. */
  private static final Map<String, String> MORE_TESTS =
      Map.of(
          "files", "transfer.DirectFileTest#whatNioMovesIntoADirectFileIsMoved",
          "blocks", "transfer.DirectFileTest#whatNioMovesOutOfADirectFileIsMovedAndTheRestAsWell",
          "sockets", "channel.PerChannelLocksTest",
          "carriers", "channel.VirtualThreadPeersTest",
          "arrays", "transfer.ArbitraryChannelTest",
          "memory", "mapping.RegionBytesTest",
          "mapped buffers", "mapping.MapParityTest");

  /**
   * Five sets of groups, so that each two groups are in one set together, and each is in a set
   * without the other: a group is in three sets, and no two groups are in the same three.
   */
  private static List<List<String>> pairs() {
    List<List<String>> sets =
        IntStream.range(0, 5).<List<String>>mapToObj(i -> new ArrayList<>()).toList();
    int group = 0;
    for (int a = 0; a < 5; a++) {
      for (int b = a + 1; b < 5; b++) {
        for (int c = b + 1; c < 5 && group < GROUPS.size(); c++, group++) {
          for (int set : new int[] {a, b, c}) {
            sets.get(set).add(GROUPS.get(group));
          }
        }
      }
    }
    return sets;
  }

  @Test
  void eachTwoGroupsAreTakenAwayTogetherAndAlone() {
    for (String one : GROUPS) {
      for (String other : GROUPS) {
        if (!one.equals(other)) {
          assertTrue(pairs().stream().anyMatch(set -> set.contains(one) && set.contains(other)));
          assertTrue(pairs().stream().anyMatch(set -> set.contains(one) && !set.contains(other)));
        }
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> withoutOneGroupTheOthersAndItsFallbackServe() {
    return ConcurrentCases.of(GROUPS.stream().map(List::of), MissingInternalsTest::assertServed);
  }

  @TestFactory
  @Tag("any-jdk")
  Stream<DynamicTest> withoutTwoGroupsTheOthersAndTheirFallbacksServe() {
    return ConcurrentCases.of(pairs().stream(), MissingInternalsTest::assertServed);
  }

  private static void assertServed(List<String> without) throws Exception {
    List<String> tests = new ArrayList<>(TESTS);
    if (without.size() == 1 && MORE_TESTS.containsKey(without.get(0))) {
      tests.add(MORE_TESTS.get(without.get(0)));
    }
    List<String> arguments = new ArrayList<>(List.of("execute", "--disable-banner"));
    arguments.addAll(List.of("--disable-ansi-colors", "--details=none"));
    for (String test : tests) {
      arguments.add(test.contains("#") ? "--select-method" : "--select-class");
      arguments.add("dev.sluice.tests." + test);
    }
    ChildJvm.Result result =
        without(without).run(ConsoleLauncher.class, arguments.toArray(new String[0]));
    assertEquals(0, result.exit(), result::output);
  }

  @TestFactory
  Stream<DynamicTest> whatCannotBeHeldIsLeftToNio() {
    return ConcurrentCases.of(
        UNHELD.stream(),
        set -> {
          Path own = Files.createTempDirectory(directory, "unheld");
          ChildJvm.Result result = without(set).run(Unheld.class, own.toString());
          assertEquals(0, result.exit(), result::output);
        });
  }

  /** Transfers by AUTO, and what cannot be done without the number of a descriptor. */
  static final class Unheld {
    private static final byte[] CONTENT = new byte[100_000];

    public static void main(String[] arguments) throws Exception {
      new Random(1).nextBytes(CONTENT);
      Path path = Files.write(Path.of(arguments[0], "file"), CONTENT);
      Path copied = path.resolveSibling("copied");
      Pipe pipe = Pipe.open();
      try (FileChannel file = FileChannel.open(path);
          FileChannel other =
              FileChannel.open(copied, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
          MappedRegion region = MappedRegion.map(path, MapMode.READ_ONLY)) {
        assertTrue(Sluice.isAvailable());
        assertEquals(1_000, Sluice.transferTo(file, 5, 1_000, pipe.sink()));
        assertEquals(1_000, Sluice.transferFrom(other, pipe.source(), 0, 1_000));
        assertEquals(99_000, Sluice.transferTo(file, 1_000, 99_000, other));
        assertEquals(ByteBuffer.wrap(CONTENT), Sluice.map(file, MapMode.READ_ONLY, 0, 100_000));
        assertEquals(CONTENT[77], region.get(77));
        assertThrows(
            UnsupportedMechanismException.class,
            () -> Mechanism.SENDFILE.transferTo(file, 0, 1, pipe.sink()));
      }
    }
  }

  private static ChildJvm without(List<String> names) {
    String value =
        names.stream().map(name -> "-" + name.replace(' ', '-')).collect(Collectors.joining(","));
    // The first compiler is enough: most of the time goes into starting.
    String[] ofTests =
        System.getProperties().stringPropertyNames().stream()
            .filter(name -> name.startsWith("dev.sluice.tests."))
            .map(name -> "-D" + name + "=" + System.getProperty(name))
            .toArray(String[]::new);
    return new ChildJvm()
        .within(LIMIT_SECONDS)
        .with(ofTests)
        .with("-ea", "-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xmx256m")
        .with("-Ddev.sluice.internals=" + value);
  }
}
