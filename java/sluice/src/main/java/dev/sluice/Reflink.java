package dev.sluice;

import dev.sluice.internal.copy.FileCopy;
import java.nio.file.CopyOption;

/**
 * Whether {@link Sluice#copy} shares the extents of the source with the copy, so that no byte is
 * copied until one of the two files is changed. The words are those of {@code cp --reflink}.
 *
 * <p>XFS, btrfs and others can share extents; ext4 and tmpfs cannot. {@link
 * java.nio.file.Files#copy(java.nio.file.Path, java.nio.file.Path, CopyOption...) Files.copy}
 * shares them on JDK 25 and copies them on JDK 17, and neither can be told otherwise.
 *
 * <pre>{@code
 * try {
 *   Sluice.copy(image, clone, Reflink.ALWAYS);
 * } catch (UnsupportedMechanismException e) {
 *   log.println(e.getMessage()); // why the extents cannot be shared, and what to do
 * }
 * }</pre>
 *
 * @since 0.1.0
 */
public enum Reflink implements CopyOption {
  /** Shares extents where the file system can, and copies the bytes elsewhere: the default. */
  AUTO(FileCopy.SHARE_AUTO),

  /**
   * Shares extents, or throws {@link UnsupportedMechanismException}. Goes with {@link Sparse#AUTO}
   * only.
   */
  ALWAYS(FileCopy.SHARE_ALWAYS),

  /** Copies the bytes, so that the copy has blocks of its own from the beginning. */
  NEVER(FileCopy.SHARE_NEVER);

  /** The constant's number in {@link FileCopy}. */
  final int number;

  Reflink(int number) {
    this.number = number;
  }
}
