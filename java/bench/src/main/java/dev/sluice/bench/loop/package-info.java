/**
 * What a loop is that moves the pieces of a file, and what loops share. Nothing but the transfer
 * calls may happen in a loop.
 */
package dev.sluice.bench.loop;
