/**
 * The textbook's table, measured: what each way to move bytes costs, beside what textbooks claim.
 */
package dev.sluice.bench.textbook;
