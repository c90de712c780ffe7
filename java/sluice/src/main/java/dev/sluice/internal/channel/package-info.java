/**
 * How one channel is held while native code uses its descriptor: by the JDK's own guards or by a
 * duplicate; how it is waited for, and how a close wakes its thread. It knows neither a method's
 * arguments nor its report.
 */
@NullMarked
package dev.sluice.internal.channel;

import org.jspecify.annotations.NullMarked;
