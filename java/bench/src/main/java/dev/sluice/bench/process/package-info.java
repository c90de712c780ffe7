/** The other Java processes that the comparison starts. */
package dev.sluice.bench.process;
