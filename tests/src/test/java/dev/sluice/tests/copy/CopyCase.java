package dev.sluice.tests.copy;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Random;

/** The kinds of source and the states of the target that a copy may find in a directory. */
final class CopyCase {
  private CopyCase() {}

  enum SourceKind {
    FILE,
    EMPTY,
    SPARSE,
    READ_ONLY,
    OPEN_TO_ALL,
    SET_USER_ID,
    WITH_ATTRIBUTE,
    EMPTY_DIRECTORY,
    DIRECTORY,
    LINK_TO_FILE,
    LINK_TO_DIRECTORY,
    BROKEN_LINK,
    PROC,
    DEVICE,
    MISSING
  }

  enum TargetState {
    ABSENT,
    FILE,
    EMPTY_DIRECTORY,
    DIRECTORY,
    LINK_TO_FILE,
    BROKEN_LINK,
    SAME,
    HARD_LINK,
    LINK_TO_SOURCE,
    WITHOUT_PARENT,
    BELOW_A_FILE
  }

  static Path source(SourceKind kind, Path path) throws IOException {
    switch (kind) {
      case FILE -> write(path, "rw-r-----");
      case EMPTY -> Files.createFile(path);
      case SPARSE -> sparse(path);
      case READ_ONLY -> write(path, "r--r--r--");
      case OPEN_TO_ALL -> write(path, "rwxrwxrwx");
      case SET_USER_ID -> Files.setAttribute(write(path, "rwxr-xr-x"), "unix:mode", 06755);
      case WITH_ATTRIBUTE ->
          Files.setAttribute(
              write(path, "rw-rw-rw-"), "user:colour", ByteBuffer.wrap("red".getBytes()));
      case EMPTY_DIRECTORY -> Files.createDirectory(path);
      case DIRECTORY -> Files.createFile(Files.createDirectory(path).resolve("inside"));
      case LINK_TO_FILE -> {
        write(path.resolveSibling("other"), "rw-r--r--");
        Files.createSymbolicLink(path, Path.of("other"));
      }
      case LINK_TO_DIRECTORY -> {
        Files.createDirectory(path.resolveSibling("other"));
        Files.createSymbolicLink(path, Path.of("other"));
      }
      case BROKEN_LINK -> Files.createSymbolicLink(path, Path.of("nowhere"));
      case PROC -> {
        return Path.of("/proc/version");
      }
      case DEVICE -> {
        return Path.of("/dev/null");
      }
      case MISSING -> {}
    }
    return path;
  }

  static Path write(Path path, String permissions) throws IOException {
    byte[] content = new byte[100_001];
    new Random(6).nextBytes(content);
    Files.write(path, content);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    return path;
  }

  static void sparse(Path path) throws IOException {
    try (FileChannel file =
        FileChannel.open(path, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap("begin".getBytes()), 0);
      file.write(ByteBuffer.wrap("middle".getBytes()), 1 << 20);
      file.write(ByteBuffer.wrap("end".getBytes()), 2 << 20);
    }
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-rw-r--"));
  }

  static Path target(TargetState state, Path folder, Path source) throws IOException {
    Path target = folder.resolve("target");
    switch (state) {
      case ABSENT -> {}
      case FILE -> Files.writeString(target, "old");
      case EMPTY_DIRECTORY -> Files.createDirectory(target);
      case DIRECTORY -> Files.createFile(Files.createDirectory(target).resolve("inside"));
      case LINK_TO_FILE -> {
        Files.writeString(folder.resolve("linked"), "old");
        Files.createSymbolicLink(target, Path.of("linked"));
      }
      case BROKEN_LINK -> Files.createSymbolicLink(target, Path.of("absent"));
      case SAME -> {
        return source;
      }
      case HARD_LINK -> {
        if (Files.isRegularFile(source, LinkOption.NOFOLLOW_LINKS) && source.startsWith(folder)) {
          Files.createLink(target, source);
        }
      }
      case LINK_TO_SOURCE -> Files.createSymbolicLink(target, source);
      case WITHOUT_PARENT -> {
        return folder.resolve("absent/target");
      }
      case BELOW_A_FILE -> {
        Files.writeString(folder.resolve("file"), "file");
        return folder.resolve("file/target");
      }
    }
    return target;
  }
}
