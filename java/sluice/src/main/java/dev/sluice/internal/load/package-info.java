/**
 * Finding, verifying and loading the native library, and saying why that failed. It knows of no
 * channel.
 */
@NullMarked
package dev.sluice.internal.load;

import org.jspecify.annotations.NullMarked;
