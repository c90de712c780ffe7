package dev.sluice.internal.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** The platform is that of the process, whatever properties and unused files say. */
class PlatformTest {
  private static final int LITTLE = 1;
  private static final int BIG = 2;
  private static final int BITS_32 = 1;
  private static final int BITS_64 = 2;

  private static final String GLIBC = "/usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2";
  private static final String MUSL = "/lib/ld-musl-x86_64.so.1";
  private static final String GCOMPAT = "/lib/libgcompat.so.0";
  private static final String JVM = "/usr/lib/jvm/java/lib/server/libjvm.so";

  /** A process as it shows itself. */
  private static final class Fake {
    private @Nullable ElfHeader program = header(BITS_64, LITTLE, 62);
    private final List<String> maps = new ArrayList<>();
    private List<String> jvmNeeds = List.of();
    private @Nullable String emulator;
    private List<String> release = List.of();
    private String osName = "linux";
    private String osArch = "amd64";

    Fake(String... mapped) {
      int address = 0x1000;
      for (String file : mapped) {
        maps.add(
            String.format("%x-%x r-xp 00000000 08:01 12   %s", address, address + 0x1000, file));
        address += 0x1000;
      }
    }

    Fake maps(String line) {
      maps.add(line);
      return this;
    }

    Fake program(@Nullable ElfHeader header) {
      program = header;
      return this;
    }

    Fake needs(String... libraries) {
      jvmNeeds = List.of(libraries);
      return this;
    }

    Fake emulator(String by) {
      emulator = by;
      return this;
    }

    Fake release(String... lines) {
      release = List.of(lines);
      return this;
    }

    Fake says(String name, String architecture) {
      osName = name;
      osArch = architecture;
      return this;
    }

    Platform platform() {
      return Platform.of(
          new ProcessFiles(
              program,
              "/proc/self/exe",
              ProcessFiles.executable(maps),
              jvmNeeds,
              emulator,
              release,
              osName,
              osArch));
    }
  }

  private record Case(String what, Fake fake, String expected) {}

  private static final List<Case> CASES =
      List.of(
          new Case("glibc", new Fake(JVM, GLIBC), "linux-x86_64"),
          new Case("glibc before 2.34", new Fake("/lib64/ld-2.17.so"), "linux-x86_64"),
          new Case("musl", new Fake(JVM, MUSL), "linux-x86_64-musl"),
          new Case(
              "musl on aarch64",
              new Fake("/lib/ld-musl-aarch64.so.1")
                  .program(header(BITS_64, LITTLE, 183))
                  .says("linux", "aarch64"),
              "linux-aarch_64-musl"),
          new Case(
              "musl's loader as data of a process with glibc",
              new Fake(GLIBC).maps("7f00-7f10 r--p 00000000 08:01 13   " + MUSL),
              "linux-x86_64"),
          new Case(
              "glibc's loader as data of a process with musl",
              new Fake(MUSL).maps("7f00-7f10 rw-s 00000000 08:01 13   " + GLIBC),
              "linux-x86_64-musl"),
          new Case(
              "a file that is named like a loader",
              new Fake(GLIBC).maps("7f00-7f10 r-xp 00000000 08:01 13   /x/ld-musl-x86_64.so.1.bak"),
              "linux-x86_64"),
          new Case("uClibc", new Fake("/lib/ld64-uClibc-1.0.so"), "linux-x86_64-uclibc"),
          new Case(
              "Android",
              new Fake("/apex/com.android.runtime/bin/linker64")
                  .program(header(BITS_64, LITTLE, 183))
                  .says("linux", "aarch64"),
              "linux-aarch_64-bionic"),
          new Case(
              "os.arch of another processor",
              new Fake(GLIBC).says("linux", "s390x"),
              "linux-x86_64 (os.arch=s390x does not count)"),
          new Case(
              "os.name of another system", new Fake(GLIBC).says("plan 9", "amd64"), "linux-x86_64"),
          new Case(
              "a 32-bit JVM on a 64-bit kernel",
              new Fake("/lib/ld-linux.so.2")
                  .program(header(BITS_32, LITTLE, 3))
                  .says("linux", "i386"),
              "linux-x86_32 (32-bit)"),
          new Case(
              "a big-endian JVM",
              new Fake("/lib64/ld64.so.1").program(header(BITS_64, BIG, 21)).says("linux", "ppc64"),
              "linux-ppc_64 (big-endian)"),
          new Case(
              "a little-endian one of the same processor",
              new Fake("/lib64/ld64.so.2")
                  .program(header(BITS_64, LITTLE, 21))
                  .says("linux", "ppc64le"),
              "linux-ppcle_64"),
          new Case(
              "a processor without a name",
              new Fake(GLIBC).program(header(BITS_64, BIG, 9999)).says("linux", "new"),
              "linux-machine9999_64-be (big-endian, os.arch=new does not count)"),
          new Case(
              "qemu",
              new Fake("/lib/ld-linux-aarch64.so.1")
                  .program(header(BITS_64, LITTLE, 183))
                  .says("linux", "aarch64")
                  .emulator("/usr/bin/qemu-aarch64 on x86_64"),
              "linux-aarch_64 (emulated by /usr/bin/qemu-aarch64 on x86_64)"),
          new Case(
              "an emulator that imitates all of /proc",
              new Fake(GLIBC, "/run/rosetta/rosetta"),
              "linux-x86_64 (emulated by /run/rosetta/rosetta)"),
          new Case(
              "without /proc, and the JDK's library says which processor",
              new Fake().release("LIBC=\"gnu\"").says("linux", "s390x"),
              "linux-x86_64 (os.arch=s390x does not count)"),
          new Case(
              "without /proc, on musl",
              new Fake().release("JAVA_VERSION=\"21\"", "LIBC=\"musl\""),
              "linux-x86_64-musl"),
          new Case("without /proc or the JDK's files", new Fake().program(null), "linux-x86_64"),
          new Case(
              "another system",
              new Fake().program(null).says("mac os x", "aarch64"),
              "mac_os_x-aarch_64"));

  @TestFactory
  Stream<DynamicTest> thePlatformIsThatOfTheProcess() {
    return CASES.stream()
        .map(
            each ->
                dynamicTest(
                    each.what, () -> assertEquals(each.expected, each.fake.platform().toString())));
  }

  @Test
  void gcompatCountsOnlyUnderAJvmThatWasBuiltForGlibc() {
    assertEquals(
        GCOMPAT, new Fake(MUSL, GCOMPAT).needs("libdl.so.2", "libc.so.6").platform().gcompat());
    assertNull(new Fake(MUSL, GCOMPAT).needs("libc.musl-x86_64.so.1").platform().gcompat());
    assertNull(new Fake(MUSL).platform().gcompat());
  }

  @Test
  void thisProcessIsLookedAt() {
    Platform platform = Platform.current();
    assertTrue(platform.name().matches("linux-(x86_64|aarch_64)(-musl)?"), platform.name());
    assertTrue(platform.processor().endsWith(", by /proc/self/exe"), platform.processor());
    assertTrue(platform.cLibrary().contains(", by /"), platform.cLibrary());
  }

  @Test
  void theLibrariesThatTheJvmNeedsAreRead() {
    Path jvm = Path.of(System.getProperty("java.home"), "lib/server/libjvm.so");
    List<String> needs = ElfDependencies.of(jvm);
    assertTrue(
        needs.stream().anyMatch(name -> name.matches("libc\\.(so\\.6|musl-.*)")), needs.toString());
    assertEquals(List.of(), ElfDependencies.of(Path.of("/proc/self/maps")));
    assertEquals(List.of(), ElfDependencies.of(Path.of("/missing")));
  }

  @Test
  void whatIsNoElfHeaderIsNone() {
    assertNotNull(ElfHeader.of(bytes(BITS_64, LITTLE, 62)));
    assertNull(ElfHeader.of(bytes(BITS_64, LITTLE, 62).limit(19)));
    assertNull(ElfHeader.of(ByteBuffer.allocate(20)));
    assertNull(ElfHeader.of(Path.of("/missing")));
    assertNull(ElfHeader.of(Path.of("/proc/self")));
  }

  private static ElfHeader header(int width, int order, int machine) {
    ElfHeader header = ElfHeader.of(bytes(width, order, machine));
    if (header == null) {
      throw new AssertionError("no header");
    }
    return header;
  }

  private static ByteBuffer bytes(int width, int order, int machine) {
    ByteBuffer bytes = ByteBuffer.allocate(20).put(0, (byte) 0x7f);
    bytes.put(1, (byte) 'E').put(2, (byte) 'L').put(3, (byte) 'F');
    bytes.put(4, (byte) width).put(5, (byte) order);
    int low = order == LITTLE ? 18 : 19;
    bytes.put(low, (byte) machine).put(low ^ 1, (byte) (machine >> 8));
    return bytes;
  }
}
