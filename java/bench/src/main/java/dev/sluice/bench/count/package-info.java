/** The system calls that a thread makes, counted by the kernel or by strace. */
package dev.sluice.bench.count;
