package dev.sluice.tests.support;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Mechanism;
import dev.sluice.UnsupportedMechanismException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.junit.jupiter.api.extension.AnnotatedElementContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.io.TempDirFactory;

/**
 * A temporary directory whose files share no extents, for tests that hold what the kernel does when
 * it copies: {@code /dev/shm} where the usual one lies on XFS or btrfs.
 */
public final class FolderWithoutSharing implements TempDirFactory {
  private static final Path MEMORY = Path.of("/dev/shm");
  private static final int BLOCK = 1 << 16;

  @Override
  public Path createTempDirectory(AnnotatedElementContext element, ExtensionContext context)
      throws IOException {
    Path usual = Files.createTempDirectory("copies");
    if (!shares(usual)) {
      return usual;
    }
    Files.delete(usual);
    assumeTrue(Files.isWritable(MEMORY), "needs /dev/shm, for the temporary files share extents");
    return Files.createTempDirectory(MEMORY, "copies");
  }

  private static boolean shares(Path folder) throws IOException {
    Path source = Files.write(folder.resolve("source"), new byte[BLOCK]);
    Path target = folder.resolve("target");
    try (FileChannel from = FileChannel.open(source);
        FileChannel to =
            FileChannel.open(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      return Mechanism.REFLINK.transferTo(from, 0, BLOCK, to) == BLOCK;
    } catch (UnsupportedMechanismException e) {
      return false;
    } finally {
      Files.delete(source);
      Files.delete(target);
    }
  }
}
