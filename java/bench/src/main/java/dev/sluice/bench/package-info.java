/**
 * The comparison: Sluice side by side with the JDK's own NIO and with C, on a real file.
 *
 * <p>One way through it: {@link dev.sluice.bench.Compare} reads the command line, {@link
 * dev.sluice.bench.Matrix} says which cells there are and {@link dev.sluice.bench.LineUp} who takes
 * part, {@link dev.sluice.bench.CellRun} verifies, warms up and measures one cell over a {@link
 * dev.sluice.bench.Route}, {@link dev.sluice.bench.Statistics} makes figures of the rounds. The
 * result is the plain model in {@link dev.sluice.bench.report}, printed by {@link
 * dev.sluice.bench.TerminalTable} and {@link dev.sluice.bench.JsonReport}.
 */
package dev.sluice.bench;
