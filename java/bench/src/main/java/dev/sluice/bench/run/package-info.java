/**
 * One run of the comparison on a JDK: cell after cell, round after round, and what it makes of
 * them.
 */
package dev.sluice.bench.run;
