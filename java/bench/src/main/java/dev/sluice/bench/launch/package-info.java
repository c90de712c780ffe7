/**
 * Runs the comparison out of one jar, on a machine that has a JDK and nothing else of the build.
 * The jar has these classes, and everything else as files that are unpacked.
 */
package dev.sluice.bench.launch;
