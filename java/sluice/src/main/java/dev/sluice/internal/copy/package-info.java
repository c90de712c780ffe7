/**
 * Copies of files under the contract of {@code Files.copy}. The native code copies and shares the
 * extents.
 */
@NullMarked
package dev.sluice.internal.copy;

import org.jspecify.annotations.NullMarked;
