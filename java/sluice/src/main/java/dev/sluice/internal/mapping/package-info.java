/**
 * Mapped regions: mapping, reading and writing, resizing, retiring. Options arrive here as numbers;
 * their types belong to {@code dev.sluice}.
 */
@NullMarked
package dev.sluice.internal.mapping;

import org.jspecify.annotations.NullMarked;
