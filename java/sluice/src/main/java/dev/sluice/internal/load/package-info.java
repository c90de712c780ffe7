/**
 * Finds, verifies and loads the native library, and says why that failed. This package knows
 * nothing of channels.
 */
@NullMarked
package dev.sluice.internal.load;

import org.jspecify.annotations.NullMarked;
