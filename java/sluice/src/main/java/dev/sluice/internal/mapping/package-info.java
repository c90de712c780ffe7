/**
 * The life of mapped addresses: mapping, reading and writing, resizing, retiring. It knows no
 * option's type.
 */
@NullMarked
package dev.sluice.internal.mapping;

import org.jspecify.annotations.NullMarked;
