package dev.sluice.tests.transfer;

import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.WRITE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.Tools;
import java.io.File;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.SocketChannel;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** All pipes of a user share a quota, of which the transfers of a process take a small part. */
@Tag("any-jdk")
@Tag("both-guards")
class PipeQuotaTest {
  private static final Path SOFT_LIMIT = Path.of("/proc/sys/fs/pipe-user-pages-soft");
  private static final String NOBODY = "65534";
  @TempDir Path directory;

  @BeforeEach
  void aUserWithoutPrivilegesCanBeHad() throws Exception {
    Tools.assumeRoot();
    Tools.assumeTool("setpriv");
    assumeTrue(
        Files.readAllLines(SOFT_LIMIT).equals(List.of("16384")),
        "needs the usual pipe-user-pages-soft");
  }

  /** The classes are copied to where every user may read them. */
  private ChildJvm.Result run(Class<?> main) throws Exception {
    Path top = Files.createTempDirectory("quota");
    Files.setPosixFilePermissions(top, PosixFilePermissions.fromString("rwxr-xr-x"));
    try {
      List<String> copied = new ArrayList<>();
      for (String part : System.getProperty("java.class.path").split(File.pathSeparator)) {
        if (Files.exists(Path.of(part)) && !part.contains("bench")) {
          copied.add(copy(Path.of(part), top.resolve(String.valueOf(copied.size()))).toString());
        }
      }
      Path home = Files.createDirectory(top.resolve("home"));
      Files.setPosixFilePermissions(home, PosixFilePermissions.fromString("rwxrwxrwx"));
      return new ChildJvm()
          .withClassPath(String.join(File.pathSeparator, copied))
          .under("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups")
          .with("-Djava.io.tmpdir=" + home)
          .run(main, home.toString());
    } finally {
      delete(top);
    }
  }

  private static Path copy(Path from, Path to) throws Exception {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path each : all.toList()) {
        Path copied = to.resolve(from.relativize(each).toString());
        Files.copy(each, copied, StandardCopyOption.REPLACE_EXISTING);
        boolean isFolder = Files.isDirectory(copied);
        Files.setPosixFilePermissions(
            copied, PosixFilePermissions.fromString(isFolder ? "rwxr-xr-x" : "rw-r--r--"));
      }
    }
    return to;
  }

  private static void delete(Path top) throws Exception {
    Files.walkFileTree(
        top,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path folder, IOException e) throws IOException {
            Files.delete(folder);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Test
  void manyTransfersLeaveOtherPipesOfTheUserAsLargeAsTheyWere() throws Exception {
    ChildJvm.Result result = run(ManyPipes.class);
    assertEquals(0, result.exit(), result.output());
  }

  /** 300 pipes, each with a file in it, and 40 relays that are stalled. */
  static final class ManyPipes {
    private static int page;

    public static void main(String[] arguments) throws Exception {
      Path path = Path.of(arguments[0], "file");
      page = Tools.pageSize();
      int usual = 16 * page;
      Files.write(path, new byte[usual]);
      check(capacity() == usual, "before");
      List<Pipe> pipes = new ArrayList<>();
      try (FileChannel file = FileChannel.open(path);
          ChannelKinds channels = new ChannelKinds(Path.of(arguments[0]))) {
        for (int i = 0; i < 300; i++) {
          Pipe pipe = Pipe.open();
          pipes.add(pipe);
          check(Sluice.transferTo(file, 0, usual, pipe.sink()) == usual, "pipe " + i);
        }
        List<Future<?>> relays = new ArrayList<>();
        List<SocketChannel[]> targets = new ArrayList<>();
        int size = 1 << 20;
        for (int i = 0; i < 40; i++) {
          SocketChannel[] from = channels.tcp();
          SocketChannel[] to = channels.tcp();
          targets.add(to);
          relays.add(ChannelPair.started(() -> Sluice.transfer(from[0], to[0], size)));
          relays.add(ChannelPair.started(() -> from[1].write(ByteBuffer.allocate(size))));
        }
        Thread.sleep(500);
        check(capacity() == usual, "during");
        ByteBuffer taken = ByteBuffer.allocate(size);
        for (SocketChannel[] to : targets) {
          long left = size;
          while (left > 0) {
            left -= to[1].read(taken.clear());
          }
        }
        for (Future<?> relay : relays) {
          relay.get();
        }
      }
      // So that the collector leaves them alone until here.
      System.exit(pipes.size() == 300 ? 0 : 1);
    }

    private static void check(boolean holds, String when) throws Exception {
      if (!holds) {
        System.out.println(when + ": a new pipe takes " + capacity());
        System.exit(1);
      }
    }

    /** What a new pipe holds. */
    private static int capacity() throws Exception {
      Pipe pipe = Pipe.open();
      pipe.sink().configureBlocking(false);
      ByteBuffer whole = ByteBuffer.allocate(page);
      int all = 0;
      while (true) {
        int written = pipe.sink().write(whole.clear());
        if (written == 0) {
          pipe.sink().close();
          pipe.source().close();
          return all;
        }
        all += written;
      }
    }
  }

  @Test
  void aUserWhoseQuotaIsUsedUpStillGetsEveryByte() throws Exception {
    ChildJvm.Result result = run(NoPages.class);
    assertEquals(0, result.exit(), result.output());
  }

  /** All pages of the user are taken before the first transfer, so that new pipes have two. */
  static final class NoPages {
    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      List<Pipe> pipes = new ArrayList<>();
      for (int i = 0; i < 1100; i++) {
        pipes.add(Pipe.open());
      }
      int size = 3 << 20;
      byte[] data = new byte[size];
      for (int i = 0; i < size; i++) {
        data[i] = (byte) (i * 31 >>> 3);
      }
      try (ChannelKinds channels = new ChannelKinds(folder)) {
        SocketChannel[] from = channels.tcp();
        SocketChannel[] to = channels.tcp();
        Path stored = folder.resolve("stored");
        Future<?> feeder = ChannelPair.started(() -> from[1].write(ByteBuffer.wrap(data)));
        Future<?> relay = ChannelPair.started(() -> Sluice.transfer(from[0], to[0], size));
        try (FileChannel file = FileChannel.open(stored, CREATE_NEW, WRITE)) {
          if (Sluice.transferFrom(file, to[1], 0, size) != size) {
            throw new AssertionError("not all of it");
          }
        }
        feeder.get();
        relay.get();
        if (!Arrays.equals(data, Files.readAllBytes(stored))) {
          throw new AssertionError("other bytes");
        }
      }
      // So that the collector leaves them alone until here.
      System.exit(pipes.size() == 1100 ? 0 : 1);
    }
  }
}
