/**
 * The loops that are measured, one for each way to move a file's pieces. Nothing but the transfer
 * calls may happen in here.
 */
package dev.sluice.bench.loop;
