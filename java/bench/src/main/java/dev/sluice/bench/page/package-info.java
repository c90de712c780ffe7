/**
 * The report as people read it: the page {@code index.html}, its charts, and how figures are
 * written there and on the terminal.
 */
package dev.sluice.bench.page;
