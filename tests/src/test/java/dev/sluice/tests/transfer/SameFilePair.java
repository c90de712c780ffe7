package dev.sluice.tests.transfer;

import dev.sluice.SluiceFileChannel;
import dev.sluice.tests.support.ChannelKinds;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Pairs of channels whose two ends are one file, by every way to open it twice. */
enum SameFilePair {
  SAME_CHANNEL,
  OPENED_TWICE,
  HARD_LINK,
  SYMBOLIC_LINK,
  WRAPPED;

  /** The file by two channels, open for reading and writing, which are perhaps one. */
  record Channels(FileChannel source, FileChannel target) {}

  Channels open(ChannelKinds channels, Path path) throws IOException {
    FileChannel source = channels.keep(FileChannel.open(path, ChannelKinds.readWrite()));
    Path other = path.resolveSibling(path.getFileName() + "-" + this);
    return switch (this) {
      case SAME_CHANNEL -> new Channels(source, source);
      case OPENED_TWICE -> opened(channels, source, path);
      case HARD_LINK -> opened(channels, source, Files.createLink(other, path));
      case SYMBOLIC_LINK -> opened(channels, source, Files.createSymbolicLink(other, path));
      case WRAPPED ->
          new Channels(
              source, channels.keep(SluiceFileChannel.open(path, ChannelKinds.readWrite())));
    };
  }

  private static Channels opened(ChannelKinds channels, FileChannel source, Path path)
      throws IOException {
    return new Channels(source, channels.keep(FileChannel.open(path, ChannelKinds.readWrite())));
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
