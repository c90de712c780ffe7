package dev.sluice.internal.copy;

import dev.sluice.internal.boundary.NativeDescriptor;
import dev.sluice.internal.boundary.NativeDirectory;
import dev.sluice.internal.channel.FileOpener;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;

/**
 * The directory of a target that is to be replaced. It is open, and the files in it go by their
 * last names: a temporary one beside the target has no longer path than the kernel takes, and stays
 * beside it when a directory above is renamed.
 *
 * <p>Its methods answer {@code -errno} where they fail; {@link CopyFailure#ofTarget} tells it.
 */
final class TargetDirectory implements AutoCloseable {
  private final int descriptor;
  private final byte[] path;

  /** The last name of the target. */
  private final byte[] name;

  private TargetDirectory(int descriptor, byte[] path, byte[] name) {
    this.descriptor = descriptor;
    this.path = path;
    this.name = name;
  }

  /**
   * Opens the directory of a target.
   *
   * @throws IOException if that fails, with the target's name
   */
  static TargetDirectory of(Path target) throws IOException {
    byte[] whole = FileOpener.name(target);
    int slash = whole.length - 1;
    while (whole[slash] != '/') {
      slash--;
    }
    byte[] path = Arrays.copyOf(whole, Math.max(slash, 1));
    int descriptor = NativeDirectory.openDirectory(path);
    if (descriptor < 0) {
      throw CopyFailure.ofTarget(-descriptor, "open", target);
    }
    return new TargetDirectory(
        descriptor, path, Arrays.copyOfRange(whole, slash + 1, whole.length));
  }

  /** A name for a file that nobody can guess. */
  static byte[] temporaryName() {
    String name = ".sluice-" + Long.toHexString(Names.RANDOM.nextLong()) + ".tmp";
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  /** Apart, because the first generator takes longer to be made than a small file to be copied. */
  private static final class Names {
    static final SecureRandom RANDOM = new SecureRandom();
  }

  /** Creates a file to write: its descriptor. */
  int create(byte[] file, int mode) {
    return NativeDirectory.createIn(descriptor, file, mode);
  }

  /** What a new file with this mode gets here. */
  int permissions(int mode) {
    return NativeDirectory.permissionsIn(descriptor, path, mode);
  }

  /** Gives a file the target's name. */
  int rename(byte[] file) {
    return NativeDirectory.renameIn(descriptor, file, name);
  }

  /** Deletes a file. */
  int delete(byte[] file) {
    return NativeDirectory.deleteIn(descriptor, file, false);
  }

  /** Deletes the target, an empty directory. */
  int deleteTarget() {
    return NativeDirectory.deleteIn(descriptor, name, true);
  }

  @Override
  public void close() {
    NativeDescriptor.close(descriptor);
  }
}
