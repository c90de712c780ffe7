package dev.sluice.tests;

import dev.sluice.SluiceFileChannel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** The ways in which the source and the target of a transfer come to be one file. */
enum FileTwice {
  SAME_CHANNEL,
  OPENED_TWICE,
  HARD_LINK,
  SYMBOLIC_LINK,
  WRAPPED;

  /** The file by two channels, open for reading and writing, which are perhaps one. */
  record Channels(FileChannel source, FileChannel target) {}

  Channels open(Ends ends, Path path) throws IOException {
    FileChannel source = ends.keep(FileChannel.open(path, Ends.readWrite()));
    Path other = path.resolveSibling(path.getFileName() + "-" + this);
    return switch (this) {
      case SAME_CHANNEL -> new Channels(source, source);
      case OPENED_TWICE -> opened(ends, source, path);
      case HARD_LINK -> opened(ends, source, Files.createLink(other, path));
      case SYMBOLIC_LINK -> opened(ends, source, Files.createSymbolicLink(other, path));
      case WRAPPED ->
          new Channels(source, ends.keep(SluiceFileChannel.open(path, Ends.readWrite())));
    };
  }

  private static Channels opened(Ends ends, FileChannel source, Path path) throws IOException {
    return new Channels(source, ends.keep(FileChannel.open(path, Ends.readWrite())));
  }

  /** What a file holds after bytes of it have been moved within it, by {@code memmove}. */
  static byte[] moved(byte[] before, int from, int to, int count) {
    int moved = Math.max(0, Math.min(count, before.length - from));
    byte[] after =
        Arrays.copyOf(before, moved == 0 ? before.length : Math.max(before.length, to + moved));
    System.arraycopy(before, Math.min(from, before.length), after, moved == 0 ? 0 : to, moved);
    return after;
  }
}
