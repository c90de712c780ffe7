/** Netty, on connections and event loops of its own. */
package dev.sluice.bench.netty;
