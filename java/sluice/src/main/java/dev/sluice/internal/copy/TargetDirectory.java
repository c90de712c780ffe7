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
 * The open directory of a target that is to be replaced. Files in it are named relative to its
 * descriptor. So the path of a temporary file cannot exceed the kernel's limit, and the file stays
 * beside the target if a directory above is renamed.
 *
 * <p>A method that fails answers {@code -errno}; {@link CopyFailure#ofTarget} makes an exception of
 * it.
 */
final class TargetDirectory implements AutoCloseable {
  private final int descriptor;
  private final byte[] path;

  /** The target's name in the directory, in bytes. */
  private final byte[] name;

  private TargetDirectory(int descriptor, byte[] path, byte[] name) {
    this.descriptor = descriptor;
    this.path = path;
    this.name = name;
  }

  /**
   * Opens the directory of a target.
   *
   * @throws IOException if the directory cannot be opened; the message names the target
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

  /** Makes a name for a file, which cannot be guessed. */
  static byte[] temporaryName() {
    String name = ".sluice-" + Long.toHexString(Names.RANDOM.nextLong()) + ".tmp";
    return name.getBytes(StandardCharsets.US_ASCII);
  }

  /**
   * Holds the random generator. Its class is initialized only when a target is replaced, because
   * the first generator takes longer to make than a small file takes to copy.
   */
  private static final class Names {
    static final SecureRandom RANDOM = new SecureRandom();
  }

  /** Creates a file for writing, and answers its descriptor. */
  int create(byte[] file, int mode) {
    return NativeDirectory.createIn(descriptor, file, mode);
  }

  /** The permissions that a new file with this mode gets in this directory. */
  int permissions(int mode) {
    return NativeDirectory.permissionsIn(descriptor, path, mode);
  }

  /** Gives a file the target's name. The former target is deleted. */
  int replaceTarget(byte[] file) {
    return NativeDirectory.replaceIn(descriptor, file, name);
  }

  /** Deletes a file. */
  int delete(byte[] file) {
    return NativeDirectory.deleteIn(descriptor, file, false);
  }

  /** Deletes the target, which is an empty directory. */
  int deleteTarget() {
    return NativeDirectory.deleteIn(descriptor, name, true);
  }

  @Override
  public void close() {
    NativeDescriptor.close(descriptor);
  }
}
