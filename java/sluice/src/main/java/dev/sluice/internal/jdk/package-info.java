/**
 * Everything that touches the JDK's internals, found by {@link dev.sluice.internal.jdk.Probe}. Only
 * this package does so. It knows nothing of transfers.
 */
@NullMarked
package dev.sluice.internal.jdk;

import org.jspecify.annotations.NullMarked;
