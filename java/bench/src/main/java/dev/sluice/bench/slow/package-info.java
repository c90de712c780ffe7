/** Many slow peers at a time: what a server gets out of virtual threads. */
package dev.sluice.bench.slow;
