package dev.sluice.tests.support;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Runs single transfers by an implementation and observes all that a caller can see of each.
 *
 * @param sources the directory of source files
 * @param targets the directory of target files
 */
public record TransferObserver(Path sources, Path targets) {
  public static final byte[] CONTENT = new byte[ChannelKinds.SIZE];

  static {
    new Random(4).nextBytes(CONTENT);
  }

  public Outcome transferTo(
      Implementation implementation, ChannelKinds.TargetKind kind, long position, long count)
      throws IOException {
    try (ChannelKinds from = new ChannelKinds(sources);
        ChannelKinds to = new ChannelKinds(targets)) {
      FileChannel source = from.keep(FileChannel.open(from.path("source", CONTENT)));
      return transferTo(implementation, source, position, count, to.target(kind));
    }
  }

  public Outcome transferTo(
      Implementation implementation,
      FileChannel source,
      long position,
      long count,
      ChannelKinds.Target target)
      throws IOException {
    return Outcome.of(
        () -> implementation.transferTo(source, position, count, target.channel()),
        source,
        target.channel(),
        target.arrived());
  }

  public Outcome transferFrom(
      Implementation implementation, ChannelKinds.SourceKind kind, long position, long count)
      throws IOException {
    try (ChannelKinds from = new ChannelKinds(sources)) {
      return transferFrom(implementation, from.source(kind, CONTENT), position, count);
    }
  }

  public Outcome transferFrom(
      Implementation implementation, ReadableByteChannel source, long position, long count)
      throws IOException {
    try (ChannelKinds to = new ChannelKinds(targets)) {
      Path path = to.path("target", new byte[ChannelKinds.SIZE + 1]);
      FileChannel file = to.keep(FileChannel.open(path, ChannelKinds.readWrite()));
      return Outcome.of(
          () -> implementation.transferFrom(file, source, position, count),
          source,
          file,
          () -> Files.readAllBytes(path));
    }
  }
}
