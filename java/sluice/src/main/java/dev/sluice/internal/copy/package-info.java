/** The contract of {@code Files.copy}. What becomes of extents is the native code's. */
@NullMarked
package dev.sluice.internal.copy;

import org.jspecify.annotations.NullMarked;
