/**
 * One transfer: NIO's checks in NIO's order, what serves a pair of channels, the native calls, and
 * how it ended. It asks the JDK's internals through {@code channel} alone.
 */
@NullMarked
package dev.sluice.internal.transfer;

import org.jspecify.annotations.NullMarked;
