/**
 * The JMH suite: what single calls cost. {@code ./gradlew jmh -Pinclude=REGEX} runs it; the report
 * is {@code build/reports/jmh/jmh.json}.
 */
package dev.sluice.bench.jmh;
