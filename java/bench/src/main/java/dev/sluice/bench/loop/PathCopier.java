package dev.sluice.bench.loop;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Supplier;

/** Copies the file at a path to another path. */
@FunctionalInterface
public interface PathCopier {
  void copy(Path source, Path target) throws IOException;

  /** Loops that copy one file. */
  static Supplier<Loop> loops(PathCopier copier) {
    return () ->
        (channels, region, piece) -> copier.copy(channels.sourcePath(), channels.targetPath());
  }
}
