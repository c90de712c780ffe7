package dev.sluice.bench.run;

import dev.sluice.bench.report.Run;

/**
 * What one fresh JVM measured.
 *
 * @param jvm counts from 1
 * @param run null where the JVM left none
 * @param failure why it ended before it was done, else null
 */
public record RunPart(int jvm, Run run, String failure) {}
