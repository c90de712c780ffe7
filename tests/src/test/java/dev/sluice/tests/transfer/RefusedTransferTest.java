package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Mechanism;
import dev.sluice.Reflink;
import dev.sluice.Sluice;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ConcurrentCases;
import dev.sluice.tests.support.Tools;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Transfers between all kinds of channel under system calls that are refused: from the beginning,
 * by a seccomp profile as containers have them, and in the middle, by strace. One child JVM serves
 * every pair.
 */
@Tag("any-jdk")
@Tag("slow")
class RefusedTransferTest {
  /** A small transfer has other rungs than a large one. */
  private static final List<Integer> SIZES = List.of(10_001, (1 << 20) + 17);

  /**
   * From a file, so that its third call is in the middle: the first moves 1 MiB, or 4 MiB where the
   * target is not waited for, and the second at most 16 MiB.
   */
  private static final List<Integer> LARGE = List.of((24 << 20) + 17);

  /** From a stream, whose calls move what a pipe holds, at most 1 MiB. */
  private static final List<Integer> LARGE_STREAM = List.of((5 << 20) + 17);

  private static final Map<String, Mechanism> MECHANISMS =
      new TreeMap<>(
          Map.of(
              "copy_file_range", Mechanism.COPY_FILE_RANGE,
              "sendfile", Mechanism.SENDFILE,
              "splice", Mechanism.SPLICE,
              "ficlonerange", Mechanism.REFLINK));

  private static final List<String> ERRNOS =
      List.of("ENOSYS", "EPERM", "EINVAL", "EOPNOTSUPP", "EXDEV", "EBADF");

  @TempDir Path directory;

  /**
   * Arguments: a directory, the sizes from a file, the sizes from a stream, then the mechanism and
   * the errno that it is refused by.
   */
  static final class Transfers {
    private final Path directory;

    private Transfers(Path directory) {
      this.directory = directory;
    }

    public static void main(String[] arguments) throws Exception {
      Transfers transfers = new Transfers(Path.of(arguments[0]));
      String[] fromFiles = arguments[1].split(",");
      String[] fromStreams = arguments[2].split(",");
      for (int i = 0; i < fromFiles.length; i++) {
        byte[] fromFile = content(fromFiles[i]);
        byte[] fromStream = content(fromStreams[i]);
        for (ChannelPair pair : ChannelPair.all()) {
          byte[] content = pair.source() == ChannelPair.Kind.FILE ? fromFile : fromStream;
          named(pair + ", " + content.length, () -> transfers.everyByteArrivesOnce(pair, content));
        }
        named("copy", () -> transfers.copyIsWhole(fromFile));
        if (arguments.length > 3) {
          Mechanism exact = Mechanism.valueOf(arguments[3]);
          for (ChannelPair pair : ChannelPair.all()) {
            byte[] content = pair.source() == ChannelPair.Kind.FILE ? fromFile : fromStream;
            if (pair.isServedBy(exact)) {
              named(
                  "exactly " + exact + ", " + pair + ", " + content.length,
                  () -> transfers.nothingMoves(exact, arguments[4], pair, content));
            }
          }
          if (exact == Mechanism.REFLINK) {
            transfers.nothingIsShared(arguments[4], fromFile);
          }
        }
      }
    }

    private static byte[] content(String size) {
      byte[] content = new byte[Integer.parseInt(size)];
      new Random(content.length).nextBytes(content);
      return content;
    }

    private interface Case {
      void run() throws Exception;
    }

    private static void named(String name, Case test) {
      try {
        test.run();
      } catch (Exception | AssertionError e) {
        throw new AssertionError(name, e);
      }
    }

    private void everyByteArrivesOnce(ChannelPair pair, byte[] content) throws Exception {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        ChannelPair.Opened opened = pair.open(channels, content);
        opened.moveAll(Mechanism.AUTO, content.length);
        opened.assertArrived(content);
      }
    }

    /** By READ_WRITE afterwards, which finds both sides as they were. */
    private void nothingMoves(Mechanism exact, String errno, ChannelPair pair, byte[] content)
        throws Exception {
      try (ChannelKinds channels = new ChannelKinds(directory)) {
        ChannelPair.Opened opened = pair.open(channels, content);
        try {
          opened.move(exact, 0, content.length);
          throw new AssertionError("not refused");
        } catch (UnsupportedMechanismException e) {
          assertEquals(exact, e.mechanism());
          assertEquals(errno, e.errno());
          assertTrue(e.getMessage().contains(errno), e.getMessage());
        }
        opened.moveAll(Mechanism.READ_WRITE, content.length);
        opened.assertArrived(content);
      }
    }

    private void copyIsWhole(byte[] content) throws IOException {
      Path source = Files.write(directory.resolve("source"), content);
      Path target = directory.resolve("target");
      for (Reflink reflink : List.of(Reflink.AUTO, Reflink.NEVER)) {
        Sluice.copy(source, target, reflink, StandardCopyOption.REPLACE_EXISTING);
        assertEquals(-1, Files.mismatch(source, target), reflink.toString());
      }
    }

    private void nothingIsShared(String errno, byte[] content) throws IOException {
      Path source = Files.write(directory.resolve("source"), content);
      Path target = directory.resolve("shared");
      try {
        Sluice.copy(source, target, Reflink.ALWAYS);
        throw new AssertionError("shared");
      } catch (UnsupportedMechanismException e) {
        assertEquals(errno, e.errno());
      } catch (FileSystemException e) {
        // No way to copy would do better with a descriptor that is bad.
        assertEquals("EBADF", errno);
        assertTrue(e.getReason().contains("(EBADF in ioctl(FICLONERANGE))"), e.getReason());
      }
      assertTrue(Files.notExists(target));
    }
  }

  @TestFactory
  Stream<DynamicTest> underAProfileEveryByteArrivesOnceOrNoneByAnExactMechanism() {
    return ConcurrentCases.of(
        MECHANISMS.keySet().stream()
            .flatMap(call -> ERRNOS.stream().map(errno -> call + "=" + errno)),
        this::underProfile);
  }

  private void underProfile(String refusal) throws Exception {
    String[] callAndErrno = refusal.split("=");
    run(
        new ChildJvm().under(refuse(), refusal, "--"),
        SIZES,
        SIZES,
        MECHANISMS.get(callAndErrno[0]).toString(),
        callAndErrno[1]);
  }

  @TestFactory
  Stream<DynamicTest> underAProfileThatRefusesAllOfThemEveryByteArrivesOnce() {
    return ConcurrentCases.of(Stream.of("EPERM", "ENOSYS", "EINVAL"), this::underProfileOfAll);
  }

  private void underProfileOfAll(String errno) throws Exception {
    String all = String.join("=" + errno + ",", MECHANISMS.keySet()) + "=" + errno;
    run(new ChildJvm().under(refuse(), all, "--"), SIZES, SIZES);
    // Nor can a pipe be looked at, before its bytes are taken for a target that is not waited for.
    run(new ChildJvm().under(refuse(), all + ",tee=" + errno, "--"), SIZES, SIZES);
  }

  @TestFactory
  Stream<DynamicTest> refusedInTheMiddleEveryByteArrivesOnce() {
    return ConcurrentCases.of(
        Stream.of(
            // Each in the middle of the first large transfer that makes it.
            "sendfile:error=EPERM:when=3+",
            "copy_file_range:error=EPERM:when=3+",
            "splice:error=EPERM:when=3+",
            // Not remembered, so that every pair meets it, at one call after another.
            "copy_file_range,sendfile,splice:error=EINVAL:when=2+3",
            "copy_file_range,sendfile,splice:error=EBADF:when=3+4",
            // No refusal: the call is made again.
            "copy_file_range,sendfile,splice:error=EINTR:when=1+2"),
        this::underStrace);
  }

  private void underStrace(String refusal) throws Exception {
    Tools.assumeTool("strace");
    Path trace = Files.createTempFile(directory, "trace", ".txt");
    run(
        new ChildJvm()
            .under("strace", "-f", "--seccomp-bpf", "-o", trace.toString())
            .under("-e", "trace=copy_file_range,sendfile,splice", "-e", "inject=" + refusal),
        LARGE,
        LARGE_STREAM);
    assertTrue(Files.readString(trace).contains("(INJECTED)"), "nothing was refused");
  }

  private void run(
      ChildJvm child, List<Integer> fromFiles, List<Integer> fromStreams, String... exact)
      throws Exception {
    Path own = Files.createTempDirectory(directory, "child");
    String[] arguments =
        Stream.concat(
                Stream.of(own.toString(), list(fromFiles), list(fromStreams)), Stream.of(exact))
            .toArray(String[]::new);
    ChildJvm.Result result =
        child.with("-XX:TieredStopAtLevel=1", "-ea").run(Transfers.class, arguments);
    assertEquals(0, result.exit(), result.output());
  }

  private static String list(List<Integer> sizes) {
    return String.join(",", sizes.stream().map(String::valueOf).toList());
  }

  private static String refuse() {
    String refuse = System.getProperty("dev.sluice.tests.refuse");
    assumeTrue(refuse != null, "needs -Ddev.sluice.tests.refuse, the path of sluice-refuse");
    return refuse;
  }
}
