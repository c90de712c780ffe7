package dev.sluice.tests.containers;

import dev.sluice.Sluice;
import dev.sluice.TransferReport;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.Pipe;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * Trusted code in a JVM with a security manager. It makes files and channels for untrusted code.
 */
@SuppressWarnings("removal")
final class ManagedHost {
  private static final int SIZE = 8192;

  private final Path directory;

  private ManagedHost(Path directory) {
    this.directory = directory;
  }

  /** Runs the scenarios that are named behind the directory. */
  public static void main(String[] arguments) throws Exception {
    ManagedHost host = new ManagedHost(Path.of(arguments[0]));
    for (int i = 1; i < arguments.length; i++) {
      host.run(arguments[i]);
      System.out.println(arguments[i] + " done");
    }
  }

  private void run(String scenario) throws Exception {
    switch (scenario) {
      case "channels" -> channels(true);
      case "recorded-channels" -> recordedChannels();
      case "nio" -> channels(false);
      case "use" -> {
        byPipe();
        ensure(Sluice.isAvailable(), String.valueOf(Sluice.unavailabilityCause()));
      }
      case "manager" -> System.setSecurityManager(new SecurityManager());
      case "paths" -> paths();
      case "attacks" -> attacks();
      case "natives" -> natives();
      default -> throw new IllegalArgumentException(scenario);
    }
  }

  // -- channels that trusted code has opened --

  private void channels(boolean isNative) throws Exception {
    TransferReport report = byPipe();
    boolean byNio = report.steps().isEmpty() || report.syscalls() < 0;
    ensure(byNio != isNative, report.toString());
    if (isNative) {
      try (FileChannel file = open("mapped")) {
        Untrusted.map(file);
      }
    } else {
      String cause = Sluice.unavailabilityCause().toString();
      ensure(cause.contains("AccessControlException"), cause);
    }
  }

  private TransferReport byPipe() throws Exception {
    Pipe pipe = Pipe.open();
    try (FileChannel from = open("from");
        FileChannel to = open("to");
        Pipe.SourceChannel in = pipe.source();
        Pipe.SinkChannel out = pipe.sink()) {
      return Untrusted.transfer(from, to, in, out);
    }
  }

  private FileChannel open(String name) throws IOException {
    Path file = Files.write(directory.resolve(name), new byte[SIZE]);
    return FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  private void recordedChannels() throws Exception {
    ensure(Recorded.events(directory, () -> channels(true)) > 0, "no event");
  }

  // -- paths that untrusted code names --

  private void paths() throws Exception {
    ensure(Sluice.isAvailable(), String.valueOf(Sluice.unavailabilityCause()));
    Path relative = Path.of("").toAbsolutePath().relativize(file("readable"));
    List<Path> sources =
        List.of(
            file("readable"), relative, file("link"), file("secret"), file("absent"), file("both"));
    List<List<CopyOption>> allOptions =
        List.of(
            List.of(),
            List.of(StandardCopyOption.REPLACE_EXISTING),
            List.of(StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES),
            List.of(LinkOption.NOFOLLOW_LINKS));
    int done = 0;
    for (Path source : sources) {
      for (String target : List.of("new", "existing", "folder", "forbidden", "secret")) {
        for (List<CopyOption> options : allOptions) {
          CopyOption[] array = options.toArray(new CopyOption[0]);
          Compared copy =
              compared(
                  source + " to " + target + " " + options,
                  bySluice -> Untrusted.copy(bySluice, source, file(target), array));
          done += copy.answer.equals("done") ? 1 : 0;
        }
      }
    }
    ensure(done > 10, "only " + done + " copies were allowed");
    for (MapMode mode : List.of(MapMode.READ_ONLY, MapMode.READ_WRITE, MapMode.PRIVATE)) {
      for (Path source : sources) {
        compared(source + " " + mode, bySluice -> Untrusted.map(bySluice, source, mode));
      }
    }
    reset();
    ensure(
        Untrusted.map(true, file("readable"), MapMode.READ_ONLY).equals("" + SIZE),
        "a readable file is mapped");
    ensure(
        Untrusted.map(true, file("readable"), MapMode.READ_WRITE).contains("\"write\""),
        "a file is mapped for writing that may only be read");
    failedCopyIsDeleted();
  }

  /** An interrupted copy deletes its target, which the caller may write and not delete. */
  private void failedCopyIsDeleted() throws Exception {
    Thread.currentThread().interrupt();
    String answer = Untrusted.copy(true, file("readable"), file("new"));
    ensure(Thread.interrupted(), "the interrupt is gone");
    ensure(answer.endsWith("ClosedByInterruptException"), answer);
    ensure(Files.notExists(file("new")), "a part of a copy is left");
  }

  private interface Step {
    String run(boolean bySluice) throws Exception;
  }

  private record Compared(String answer) {}

  /** Both answer the same, and leave the same files. */
  private Compared compared(String what, Step step) throws Exception {
    reset();
    String byNio = step.run(false) + state();
    reset();
    String answer = step.run(true);
    ensure(byNio.equals(answer + state()), what + ": " + byNio + ", and " + answer + state());
    return new Compared(answer);
  }

  private Path file(String name) {
    return directory.resolve(name);
  }

  private void reset() throws Exception {
    for (String name : List.of("new", "existing", "folder", "forbidden", "link")) {
      Files.deleteIfExists(file(name));
    }
    for (String name : List.of("readable", "secret", "both", "existing")) {
      Files.write(file(name), new byte[name.equals("existing") ? 1 : SIZE]);
    }
    Files.createSymbolicLink(file("link"), file("readable"));
    Files.createDirectory(file("folder"));
  }

  private String state() throws Exception {
    StringBuilder state = new StringBuilder();
    for (String name : List.of("new", "existing", "folder", "forbidden", "secret")) {
      Path file = file(name);
      state.append(' ').append(name).append(' ');
      if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
        state.append(Files.size(file));
      } else {
        state.append(Files.isDirectory(file) ? "directory" : Files.isSymbolicLink(file));
      }
    }
    return state.toString();
  }

  // -- attacks --

  private void attacks() throws Exception {
    reset();
    for (Path meant : List.of(file("secret"), file("forbidden"))) {
      Path source = Untrusted.twoFaced(file("readable"), meant);
      Path target = Untrusted.twoFaced(file("new"), meant);
      compared("a source with two faces", sluice -> Untrusted.copy(sluice, source, file("new")));
      compared(
          "a target with two faces", sluice -> Untrusted.copy(sluice, file("readable"), target));
      compared("a file with two faces", sluice -> Untrusted.map(sluice, source, MapMode.READ_ONLY));
    }
    for (String answer : List.of(Untrusted.borrow(), Untrusted.borrowByProxy())) {
      ensure(answer.equals("refused"), answer);
    }
  }

  /** On the module path no other code reaches the packages that are not exported. */
  private void natives() throws Exception {
    ensure(Sluice.class.getModule().isNamed(), "not on the module path");
    reset();
    String answer = Untrusted.openByNative(file("secret"));
    ensure(answer.endsWith("IllegalAccessException"), answer);
    String borrowed = Untrusted.borrow();
    ensure(borrowed.endsWith("IllegalAccessException"), borrowed);
  }

  private static void ensure(boolean isTrue, String what) {
    if (!isTrue) {
      throw new AssertionError(what);
    }
  }
}
