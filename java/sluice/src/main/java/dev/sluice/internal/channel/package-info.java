/**
 * Holds one channel while native code uses its descriptor, by the JDK's own guards or by a
 * duplicate; waits for the channel; and lets a close wake the thread that waits. This package knows
 * neither the arguments of a method nor its report.
 */
@NullMarked
package dev.sluice.internal.channel;

import org.jspecify.annotations.NullMarked;
