/** The loops over Sluice: its drop-in, each of its mechanisms, and its mapped regions. */
package dev.sluice.bench.sluice;
