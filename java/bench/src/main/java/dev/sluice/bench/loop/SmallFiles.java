package dev.sluice.bench.loop;

import java.io.IOException;
import java.lang.invoke.MethodHandles;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Copies the files of a directory one after another: a file of {@code piece} bytes by each call.
 */
public final class SmallFiles implements Loop {
  private final PathCopier copier;

  SmallFiles(PathCopier copier) {
    this.copier = copier;
  }

  /** Loops of a class of their own, over what a copier does. */
  public static Supplier<Loop> loops(PathCopier copier) {
    return FreshLoopClass.of(MethodHandles.lookup(), SmallFiles.class, copier);
  }

  /** The name of a file of such a directory, counted from 0. */
  public static String name(int file) {
    return "file-" + file;
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    int files = (int) (region / piece);
    for (int file = 0; file < files; file++) {
      piece(channels.sourcePath(), channels.targetPath(), name(file), copier);
    }
  }

  private static void piece(Path source, Path target, String name, PathCopier copier)
      throws IOException {
    copier.copy(source.resolve(name), target.resolve(name));
  }
}
