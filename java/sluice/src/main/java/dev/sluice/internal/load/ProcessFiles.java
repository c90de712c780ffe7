package dev.sluice.internal.load;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
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
 * @param release the lines of the JDK's file {@code release}, for want of a loader among {@code
 *     mapped}
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
    Path programSeenIn = PROGRAM;
    ElfHeader program = ElfHeader.of(PROGRAM);
    String gcompat = gcompatIn(mapped);
    Path jvm = program == null || gcompat != null ? jvm(mapped, home) : null;
    if (program == null && jvm != null) {
      programSeenIn = jvm;
      program = ElfHeader.of(jvm);
    }
    return new ProcessFiles(
        program,
        programSeenIn.toString(),
        mapped,
        gcompat == null || jvm == null ? List.of() : ElfDependencies.of(jvm),
        emulator(program),
        CLibrary.isSeenIn(mapped) ? List.of() : lines(home.resolve("release")),
        property("os.name"),
        property("os.arch"));
  }

  /** The files that are mapped to be executed, in a list in the form of {@code proc(5)}. */
  static List<String> executable(List<String> maps) {
    Set<String> files = new LinkedHashSet<>();
    for (String line : maps) {
      // The last of the permissions before the letter for private or shared.
      if (line.startsWith("x", line.indexOf(' ') + 3)) {
        String file = line.substring(field(line, 5)).strip();
        if (file.startsWith("/")) {
          files.add(file);
        }
      }
    }
    return List.copyOf(files);
  }

  /** Where a field of a line begins, or the line's length; spaces part the fields. */
  private static int field(String line, int number) {
    int at = 0;
    for (int field = 0; field < number; field++) {
      while (at < line.length() && line.charAt(at) != ' ') {
        at++;
      }
      while (at < line.length() && line.charAt(at) == ' ') {
        at++;
      }
    }
    return at;
  }

  /** The library of the JVM: the mapped one, or that of the JDK; null if none can be read. */
  private static @Nullable Path jvm(List<String> mapped, Path home) {
    List<String> names = new ArrayList<>();
    for (String file : mapped) {
      if (file.endsWith("/libjvm.so")) {
        names.add(file);
      }
    }
    names.addAll(JVMS);
    for (String name : names) {
      try {
        Path path = home.resolve(name);
        if (Files.isReadable(path)) {
          return path;
        }
      } catch (InvalidPathException e) {
        // The name has bytes that are no characters here.
      }
    }
    return null;
  }

  /** The layer that shows glibc's names on musl, or null. A JVM for musl may have it too. */
  private static @Nullable String gcompatIn(List<String> mapped) {
    for (String file : mapped) {
      if (file.contains("/libgcompat.so")) {
        return file;
      }
    }
    return null;
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
    // Paths may have any bytes, and a channel would be closed where this thread is interrupted.
    try (InputStream in = new FileInputStream(file.toString())) {
      return Lines.of(in.readAllBytes());
    } catch (IOException | RuntimeException e) {
      return List.of();
    }
  }

  private static String property(String name) {
    return System.getProperty(name, "").toLowerCase(Locale.ROOT);
  }
}
