package dev.sluice.internal.load;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What this process shows of itself. Properties can be set to anything, and a file may lie about
 * that nothing uses; what is mapped is what runs.
 *
 * @param program the header of the program, which is {@code java} or embeds a JVM
 * @param programSeenIn the file that {@code program} was read from
 * @param mapped the files that are mapped to be executed; empty without {@code /proc}
 * @param jvmNeeds the libraries that the JVM was linked with, looked at only beside gcompat
 * @param emulator the program that the kernel runs, where that is an emulator
 * @param release the lines of the JDK's file {@code release}, for want of {@code /proc}
 * @param osName the property {@code os.name} in lower case
 * @param osArch the property {@code os.arch} in lower case
 */
record ProcessFiles(
    @Nullable ElfHeader program,
    String programSeenIn,
    List<String> mapped,
    List<String> jvmNeeds,
    @Nullable String emulator,
    List<String> release,
    String osName,
    String osArch) {
  private static final Path PROGRAM = Path.of("/proc/self/exe");

  /** Shows the program that the kernel runs; qemu imitates only the paths of the whole process. */
  private static final Path PROGRAM_OF_KERNEL = Path.of("/proc/thread-self/exe");

  private static final List<String> JVMS =
      List.of("lib/server/libjvm.so", "lib/client/libjvm.so", "lib/minimal/libjvm.so");

  static ProcessFiles ofThisProcess() {
    List<String> mapped = executable(lines(Path.of("/proc/self/maps")));
    Path home = Path.of(System.getProperty("java.home", ""));
    List<Path> jvms = jvms(mapped, home);
    Path programSeenIn = PROGRAM;
    ElfHeader program = ElfHeader.of(PROGRAM);
    if (program == null && !jvms.isEmpty()) {
      programSeenIn = jvms.get(0);
      program = ElfHeader.of(programSeenIn);
    }
    return new ProcessFiles(
        program,
        programSeenIn.toString(),
        mapped,
        gcompatIn(mapped) == null || jvms.isEmpty() ? List.of() : ElfDependencies.of(jvms.get(0)),
        emulator(program),
        lines(home.resolve("release")),
        property("os.name"),
        property("os.arch"));
  }

  /** The files that are mapped to be executed, in a list in the form of {@code proc(5)}. */
  static List<String> executable(List<String> maps) {
    return maps.stream()
        .map(line -> line.split(" +", 6))
        .filter(fields -> fields.length == 6 && fields[1].contains("x"))
        .map(fields -> fields[5].strip())
        .filter(file -> file.startsWith("/"))
        .distinct()
        .toList();
  }

  /** The libraries of the JVM: the mapped one, and those of the JDK. */
  private static List<Path> jvms(List<String> mapped, Path home) {
    return Stream.concat(
            mapped.stream().filter(file -> file.endsWith("/libjvm.so")).flatMap(ProcessFiles::path),
            JVMS.stream().map(home::resolve))
        .filter(Files::isReadable)
        .toList();
  }

  private static Stream<Path> path(String name) {
    try {
      return Stream.of(Path.of(name));
    } catch (InvalidPathException e) {
      return Stream.empty();
    }
  }

  /** The layer that shows glibc's names on musl, or null. A JVM for musl may have it too. */
  private static @Nullable String gcompatIn(List<String> mapped) {
    return mapped.stream().filter(file -> file.contains("/libgcompat.so")).findFirst().orElse(null);
  }

  /** The layer by which a JVM that was built for glibc runs on musl, or null. */
  @Nullable String gcompat() {
    return jvmNeeds.contains("libc.so.6") ? gcompatIn(mapped) : null;
  }

  private static @Nullable String emulator(@Nullable ElfHeader program) {
    ElfHeader run = ElfHeader.of(PROGRAM_OF_KERNEL);
    if (program == null || run == null || run.isSameAs(program)) {
      return null;
    }
    try {
      return Files.readSymbolicLink(PROGRAM_OF_KERNEL) + " on " + run.processor();
    } catch (IOException | RuntimeException e) {
      return run.processor();
    }
  }

  private static List<String> lines(Path file) {
    try {
      // Paths may have any bytes, and Files.lines would be closed where this thread is interrupted.
      return Files.readAllLines(file, StandardCharsets.ISO_8859_1);
    } catch (IOException | RuntimeException e) {
      return List.of();
    }
  }

  private static String property(String name) {
    return System.getProperty(name, "").toLowerCase(Locale.ROOT);
  }
}
