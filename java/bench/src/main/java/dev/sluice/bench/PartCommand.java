package dev.sluice.bench;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * What a fresh JVM is told to measure.
 *
 * @param directory for the files that are written
 * @param report where the JVM leaves its report
 * @param only the cells that were asked for; empty for all
 * @param against the jar of another build of Sluice, or null
 * @param seconds the time that a cell gets in all JVMs together
 */
record PartCommand(
    Path file,
    Path directory,
    Path report,
    boolean full,
    List<String> only,
    Path against,
    int jvms,
    double seconds) {

  /** The arguments of the JVM of a number, which counts from 1. */
  List<String> arguments(int jvm) {
    List<String> arguments =
        new ArrayList<>(
            List.of(
                "--part",
                report.toString(),
                "--jvm",
                String.valueOf(jvm),
                "--jvms",
                String.valueOf(jvms),
                "--file",
                file.toString(),
                "--out",
                directory.toString(),
                "--seconds",
                String.valueOf(seconds)));
    if (full) {
      arguments.add("--full");
    }
    if (against != null) {
      arguments.addAll(List.of("--against", against.toString()));
    }
    if (!only.isEmpty()) {
      arguments.addAll(List.of("--only", String.join(",", only)));
    }
    return arguments;
  }
}
