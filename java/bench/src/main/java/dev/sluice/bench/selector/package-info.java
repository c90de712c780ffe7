/** Sockets in non-blocking mode, served by one thread that waits for them in a selector. */
package dev.sluice.bench.selector;
