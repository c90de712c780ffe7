/**
 * Transfers: NIO's checks in NIO's order, the choice of the code that serves a pair of channels,
 * the native calls, and the outcome. This package reaches the JDK's internals through {@code
 * channel} only.
 */
@NullMarked
package dev.sluice.internal.transfer;

import org.jspecify.annotations.NullMarked;
