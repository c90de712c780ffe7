/**
 * The lowest room: every native method, and the meaning of its numbers. It holds the tables of
 * numbers, errnos and layouts that the Rust crates have as well, and the memory that both share. It
 * knows nothing of channels, locks and waits.
 */
@NullMarked
package dev.sluice.internal.boundary;

import org.jspecify.annotations.NullMarked;
