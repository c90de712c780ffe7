/** What a comparison found, as plain values that know nothing of how they are printed. */
package dev.sluice.bench.report;
