/**
 * The comparison: Sluice side by side with the JDK's own NIO, Netty and C, on a real file.
 *
 * <p>One way through it: {@link dev.sluice.bench.Compare} reads the command line. Its {@code
 * FreshJvms} run the same command several times, each for a part of the rounds, and {@link
 * dev.sluice.bench.run.MergedRun} makes one run of the parts. In each JVM {@link
 * dev.sluice.bench.cell.Matrix} says which cells there are, and {@link
 * dev.sluice.bench.cell.Implementations} which implementations take part. {@link
 * dev.sluice.bench.run.JdkRun} has {@link dev.sluice.bench.run.CellRun} verify, warm up and measure
 * one cell after another over a {@link dev.sluice.bench.fixture.Fixture}, and {@link
 * dev.sluice.bench.textbook.TextbookTable} count what each way costs. {@link
 * dev.sluice.bench.run.CellFigures} makes figures of the rounds. The result is the plain model in
 * {@link dev.sluice.bench.report}, shown by {@link dev.sluice.bench.terminal.TerminalTable}, {@link
 * dev.sluice.bench.report.JsonReport} and the page of {@code dev.sluice.bench.page}.
 *
 * <p>The packages stand on floors, and imports go down only: {@code report, process}; {@code
 * measure, slow, page}; {@code loop}; {@code fixture} and the loops by origin, {@code nio, sluice,
 * c, linker}; {@code netty, count, jmh}; {@code cell}; {@code terminal, textbook}; {@code run}; and
 * {@code Compare} on top. {@code launch} knows none of them: it runs them out of one jar.
 */
package dev.sluice.bench;
