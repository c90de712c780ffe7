/**
 * The loops over {@code java.lang.foreign}, from JDK 22 on: system calls through the linker, and
 * memory segments.
 */
package dev.sluice.bench.linker;
