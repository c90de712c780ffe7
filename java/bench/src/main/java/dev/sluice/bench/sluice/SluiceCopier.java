package dev.sluice.bench.sluice;

import dev.sluice.Sluice;
import dev.sluice.bench.loop.PathCopier;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Path;

/** {@link Sluice#copy}. */
final class SluiceCopier implements PathCopier {
  private final CopyOption[] options;

  SluiceCopier(CopyOption... options) {
    this.options = options;
  }

  @Override
  public void copy(Path source, Path target) throws IOException {
    Sluice.copy(source, target, options);
  }
}
