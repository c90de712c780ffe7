package dev.sluice.internal.load;

import static java.nio.file.StandardOpenOption.WRITE;

import dev.sluice.internal.jdk.MemoryFile;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A file in memory, for a process that has no directory from which programs may run. JDK 21 and
 * newer make it; the JDK's linker takes a fifth of a second to start, so it comes last.
 */
record AnonymousFile(int descriptor) implements UnpackedLibrary {
  static AnonymousFile create(byte[] content) throws IOException {
    AnonymousFile file = new AnonymousFile(MemoryFile.create("libsluice.so"));
    try {
      Files.write(file.path(), content, WRITE);
      return file;
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  @Override
  public Path path() {
    return Path.of("/proc/self/fd/" + descriptor);
  }

  @Override
  public void close() throws IOException {
    MemoryFile.close(descriptor);
  }
}
