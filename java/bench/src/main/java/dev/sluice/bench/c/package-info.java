/** What moves the bytes outside Java: loops in C, and the program {@code cp}. */
package dev.sluice.bench.c;
