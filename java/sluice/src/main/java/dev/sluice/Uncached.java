package dev.sluice;

import java.nio.file.CopyOption;
import java.nio.file.OpenOption;

/**
 * The option of {@link TransferOption#uncached}, for transfers, for {@link Sluice#copy} and for
 * {@link Sluice#receive}. The JDK's own methods do not know it, and throw {@link
 * UnsupportedOperationException}.
 *
 * @since 0.1.0
 */
public enum Uncached implements TransferOption, CopyOption, OpenOption {
  /** Leaves no page in the page cache that was not there before. */
  UNCACHED
}
