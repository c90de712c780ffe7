/** The loops over the JDK's own calls, and those that one writes by hand. */
package dev.sluice.bench.nio;
