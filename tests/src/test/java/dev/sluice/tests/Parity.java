package dev.sluice.tests;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * One transfer by a subject, and all that can be seen of it.
 *
 * @param sources the directory of source files
 * @param targets the directory of target files
 */
record Parity(Path sources, Path targets) {
  static final byte[] CONTENT = new byte[Ends.SIZE];

  static {
    new Random(4).nextBytes(CONTENT);
  }

  Outcome transferTo(Subject subject, Ends.TargetKind kind, long position, long count)
      throws IOException {
    try (Ends from = new Ends(sources);
        Ends to = new Ends(targets)) {
      FileChannel source = from.keep(FileChannel.open(from.path("source", CONTENT)));
      return transferTo(subject, source, position, count, to.target(kind));
    }
  }

  Outcome transferTo(
      Subject subject, FileChannel source, long position, long count, Ends.Target target)
      throws IOException {
    return Outcome.of(
        () -> subject.transferTo(source, position, count, target.channel()),
        source,
        target.channel(),
        target.arrived());
  }

  Outcome transferFrom(Subject subject, Ends.SourceKind kind, long position, long count)
      throws IOException {
    try (Ends from = new Ends(sources)) {
      return transferFrom(subject, from.source(kind, CONTENT), position, count);
    }
  }

  Outcome transferFrom(Subject subject, ReadableByteChannel source, long position, long count)
      throws IOException {
    try (Ends to = new Ends(targets)) {
      Path path = to.path("target", new byte[Ends.SIZE + 1]);
      FileChannel file = to.keep(FileChannel.open(path, Ends.readWrite()));
      return Outcome.of(
          () -> subject.transferFrom(file, source, position, count),
          source,
          file,
          () -> Files.readAllBytes(path));
    }
  }
}
