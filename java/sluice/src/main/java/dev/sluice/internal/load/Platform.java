package dev.sluice.internal.load;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The platform that this JVM runs on, found by what the process has mapped rather than by
 * properties.
 *
 * @param name the platform as the folders of the jar name it, such as {@code linux-x86_64}: the
 *     system, the processor, and {@code -musl} where the process runs on that C library
 * @param notes what the name does not say; empty as a rule
 * @param processor the processor, and the file that shows it
 * @param cLibrary the C library, and the file that shows it
 * @param emulator the emulator of the processor, or null
 * @param gcompat the layer by which a JVM that was built for glibc runs on musl, or null
 */
record Platform(
    String name,
    List<String> notes,
    String processor,
    String cLibrary,
    @Nullable String emulator,
    @Nullable String gcompat) {
  /** Parts of paths that emulators which imitate all of {@code /proc} are known by. */
  private static final List<String> EMULATORS = List.of("/rosetta", "/box64", "/FEXInterpreter");

  /** The platform of this process. */
  static Platform current() {
    return of(ProcessFiles.ofThisProcess());
  }

  static Platform of(ProcessFiles process) {
    List<String> notes = new ArrayList<>();
    ElfHeader program = process.program();
    String byProperty = Processors.name(process.osArch());
    String processor = program == null ? byProperty : program.processor();
    if (program != null && !program.is64Bit()) {
      notes.add("32-bit");
    }
    if (program != null && program.isBigEndian()) {
      notes.add("big-endian");
    }
    if (!processor.equals(byProperty)) {
      notes.add("os.arch=" + process.osArch() + " does not count");
    }
    String emulator = process.emulator();
    if (emulator == null) {
      emulator = containingOneOf(EMULATORS, process.mapped());
    }
    if (emulator != null) {
      notes.add("emulated by " + emulator);
    }

    CLibrary cLibrary = null;
    String loader = null;
    for (CLibrary each : CLibrary.values()) {
      if (loader == null) {
        loader = each.loaderIn(process.mapped());
        cLibrary = each;
      }
    }
    boolean isLinux = loader != null || process.osName().equals("linux");
    if (loader == null) {
      boolean isMusl = process.release().contains("LIBC=\"musl\"");
      cLibrary = isMusl ? CLibrary.MUSL : CLibrary.GLIBC;
    }
    String seenIn =
        loader != null ? loader : process.release().isEmpty() ? "default" : "java.home/release";
    return new Platform(
        (isLinux ? "linux" : process.osName().replace(' ', '_'))
            + "-"
            + processor
            + (isLinux ? cLibrary.suffix : ""),
        List.copyOf(notes),
        processor + ", by " + (program == null ? "os.arch" : process.programSeenIn()),
        isLinux ? cLibrary + ", by " + seenIn : "not looked at",
        emulator,
        process.gcompat());
  }

  private static @Nullable String containingOneOf(List<String> parts, List<String> files) {
    for (String file : files) {
      for (String part : parts) {
        if (file.contains(part)) {
          return file;
        }
      }
    }
    return null;
  }

  /** The name, and the notes in brackets. */
  @Override
  public String toString() {
    return notes.isEmpty() ? name : name + " (" + String.join(", ", notes) + ")";
  }
}
