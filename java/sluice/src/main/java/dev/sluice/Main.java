package dev.sluice;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * {@code java -jar sluice-VERSION.jar [PATH]}: prints {@link Sluice#diagnostics} and, for a path,
 * which mechanisms serve files in its directory. A bug report can start with these facts.
 */
final class Main {
  private static final int SIZE = 64 << 10;

  private Main() {}

  /**
   * Prints the diagnostics, and the mechanisms if a path is given.
   *
   * @param arguments nothing, or one path
   */
  public static void main(String[] arguments) throws IOException {
    if (arguments.length > 1 || List.of(arguments).contains("--help")) {
      System.err.println(
          "usage: java -jar sluice-VERSION.jar [PATH]\n"
              + "Prints where Sluice's library comes from and how channels are held; with a path,"
              + " also which\nmechanisms serve files in that directory, or in the directory of that"
              + " file. Files are made there\nfor it and deleted again.");
      System.exit(arguments.length > 1 ? 2 : 0);
    }
    System.out.println(Sluice.diagnostics());
    if (arguments.length == 1) {
      Path path = Path.of(arguments[0]).toAbsolutePath();
      Path directory = Files.isDirectory(path) ? path : path.getParent();
      if (directory == null || !Files.isWritable(directory)) {
        System.err.println(directory + " is not a directory that can be written");
        System.exit(1);
      }
      printMechanisms(directory, System.out);
    }
  }

  private static void printMechanisms(Path directory, PrintStream out) throws IOException {
    out.println("path: " + directory + ", " + fileSystem(directory));
    for (Mechanism mechanism : Mechanism.values()) {
      out.printf(
          "%s: file to file %s, file to pipe %s, pipe to file %s%n",
          mechanism,
          fileToFile(mechanism, directory),
          fileToPipe(mechanism, directory),
          pipeToFile(mechanism, directory));
    }
  }

  private static String fileSystem(Path directory) {
    try {
      return Files.getFileStore(directory).type();
    } catch (IOException e) {
      // Below a changed root (chroot) no mount is known to have the path.
      return "an unknown file system";
    }
  }

  private static String fileToFile(Mechanism mechanism, Path directory) throws IOException {
    try (FileChannel source = file(directory);
        FileChannel target = file(directory)) {
      source.write(ByteBuffer.allocate(SIZE));
      return outcome(() -> mechanism.transferTo(source, 0, SIZE, target));
    }
  }

  private static String fileToPipe(Mechanism mechanism, Path directory) throws IOException {
    Pipe pipe = Pipe.open();
    Pipe.SourceChannel reader = pipe.source();
    try (reader;
        Pipe.SinkChannel target = pipe.sink();
        FileChannel source = file(directory)) {
      source.write(ByteBuffer.allocate(SIZE));
      // A pipe holds more bytes than these, so that the transfer needs no reader.
      return outcome(() -> mechanism.transferTo(source, 0, SIZE / 2, target));
    }
  }

  private static String pipeToFile(Mechanism mechanism, Path directory) throws IOException {
    Pipe pipe = Pipe.open();
    try (Pipe.SourceChannel source = pipe.source();
        Pipe.SinkChannel sink = pipe.sink();
        FileChannel target = file(directory)) {
      sink.write(ByteBuffer.allocate(SIZE / 2));
      return outcome(() -> mechanism.transferFrom(target, source, 0, SIZE / 2));
    }
  }

  private interface Attempt {
    long run() throws IOException;
  }

  private static String outcome(Attempt attempt) {
    try {
      return attempt.run() > 0 ? "yes" : "nothing";
    } catch (UnsupportedMechanismException e) {
      return "no (" + e.errno() + ")";
    } catch (IOException e) {
      return "fails (" + e.getMessage() + ")";
    }
  }

  /** Makes a hidden file, which is deleted when it is closed. */
  private static FileChannel file(Path directory) throws IOException {
    return FileChannel.open(
        Files.createTempFile(directory, ".sluice-", ".tmp"),
        StandardOpenOption.READ,
        StandardOpenOption.WRITE,
        StandardOpenOption.DELETE_ON_CLOSE);
  }
}
