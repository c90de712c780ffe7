package dev.sluice;

import dev.sluice.internal.copy.FileCopy;
import java.nio.file.CopyOption;

/**
 * What becomes of the holes of a file in {@link Sluice#copy}: the ranges that read as zeros and
 * take no space. The words are those of {@code cp --sparse}.
 *
 * <p>{@link java.nio.file.Files#copy(java.nio.file.Path, java.nio.file.Path, CopyOption...)
 * Files.copy} writes out every hole.
 *
 * <pre>{@code
 * Sluice.copy(image, backup, Sparse.ALWAYS); // blocks of zeros take no space in the backup
 * }</pre>
 *
 * @since 0.1.0
 */
public enum Sparse implements CopyOption {
  /**
   * A hole stays a hole, and written bytes of the source are written bytes of the copy: the
   * default.
   */
  AUTO(FileCopy.HOLES_KEEP),

  /**
   * Blocks of zeros become holes as well. To find them, all data is read, and no extent is shared.
   */
  ALWAYS(FileCopy.HOLES_MAKE),

  /** Every byte is written, so that the copy has all its blocks. No extent is shared. */
  NEVER(FileCopy.HOLES_FILL);

  /** The constant's number in {@link FileCopy}. */
  final int number;

  Sparse(int number) {
    this.number = number;
  }
}
