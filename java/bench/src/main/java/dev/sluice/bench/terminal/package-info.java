/**
 * The report as the terminal shows it, the difference of two reports, and the progress meanwhile.
 */
package dev.sluice.bench.terminal;
