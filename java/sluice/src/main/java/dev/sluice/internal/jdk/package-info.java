/**
 * Everything that touches the JDK's internals, found by {@link dev.sluice.internal.jdk.Probe}. No
 * other room does; and this one knows of no transfer.
 */
@NullMarked
package dev.sluice.internal.jdk;

import org.jspecify.annotations.NullMarked;
