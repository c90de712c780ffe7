/**
 * Which cells there are and which implementations take part in them. A cell is a direction, a size
 * of pieces and a number of threads.
 */
package dev.sluice.bench.cell;
