/**
 * The comparison: Sluice side by side with the JDK's own NIO, Netty and C, on a real file.
 *
 * <p>One way through it: {@link dev.sluice.bench.Compare} reads the command line, {@link
 * dev.sluice.bench.Matrix} says which cells there are and {@link dev.sluice.bench.LineUp} who takes
 * part, {@link dev.sluice.bench.JdkRun} has {@link dev.sluice.bench.CellRun} verify, warm up and
 * measure one cell after another over a {@link dev.sluice.bench.Fixture}, and {@link
 * dev.sluice.bench.TextbookTable} count what each way costs; {@link dev.sluice.bench.Statistics}
 * makes figures of the rounds. The result is the plain model in {@link dev.sluice.bench.report},
 * shown by {@link dev.sluice.bench.TerminalTable}, {@link dev.sluice.bench.JsonReport} and the page
 * of {@code dev.sluice.bench.page}.
 */
package dev.sluice.bench;
