/** What it costs to relay between two sockets, by the CPU time of the relaying process. */
package dev.sluice.bench.relay;
