/** What lies between the public API and the native library. Not for use by others. */
@NullMarked
package dev.sluice.internal;

import org.jspecify.annotations.NullMarked;
