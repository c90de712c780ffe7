/**
 * The ground: every native method, and what its numbers mean. Tables of numbers, errnos and layouts
 * that the Rust crates know as well, and the memory that both share. It knows of no channel, no
 * lock and no wait.
 */
@NullMarked
package dev.sluice.internal.boundary;

import org.jspecify.annotations.NullMarked;
