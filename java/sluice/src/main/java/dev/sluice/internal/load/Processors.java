package dev.sluice.internal.load;

import java.util.List;
import java.util.Map;

/** The names of processors, as the folders of the jar have them. */
final class Processors {
  private static final boolean BIG = true;
  private static final boolean LITTLE = false;

  /** By {@code e_machine}, width and byte order of {@code elf(5)}. */
  private static final List<Processor> ALL =
      List.of(
          new Processor(62, 64, LITTLE, "x86_64"),
          new Processor(62, 32, LITTLE, "x86_64-x32"),
          new Processor(3, 32, LITTLE, "x86_32"),
          new Processor(183, 64, LITTLE, "aarch_64"),
          new Processor(183, 64, BIG, "aarch_64-be"),
          new Processor(40, 32, LITTLE, "arm_32"),
          new Processor(40, 32, BIG, "arm_32-be"),
          new Processor(243, 64, LITTLE, "riscv64"),
          new Processor(243, 32, LITTLE, "riscv32"),
          new Processor(258, 64, LITTLE, "loongarch_64"),
          new Processor(21, 64, LITTLE, "ppcle_64"),
          new Processor(21, 64, BIG, "ppc_64"),
          new Processor(20, 32, BIG, "ppc_32"),
          new Processor(22, 64, BIG, "s390_64"),
          new Processor(22, 32, BIG, "s390_32"),
          new Processor(8, 64, LITTLE, "mipsel_64"),
          new Processor(8, 64, BIG, "mips_64"),
          new Processor(8, 32, LITTLE, "mipsel_32"),
          new Processor(8, 32, BIG, "mips_32"),
          new Processor(43, 64, BIG, "sparc_64"));

  /** By {@code os.arch}, where the JDK has another name. */
  private static final Map<String, String> BY_PROPERTY =
      Map.of(
          "amd64", "x86_64",
          "i386", "x86_32",
          "x86", "x86_32",
          "aarch64", "aarch_64",
          "arm", "arm_32",
          "loongarch64", "loongarch_64",
          "ppc64le", "ppcle_64",
          "ppc64", "ppc_64",
          "s390x", "s390_64");

  private Processors() {}

  private record Processor(int machine, int bits, boolean isBigEndian, String name) {}

  static String name(int machine, boolean is64Bit, boolean isBigEndian) {
    int bits = is64Bit ? 64 : 32;
    for (Processor each : ALL) {
      if (each.machine == machine && each.bits == bits && each.isBigEndian == isBigEndian) {
        return each.name;
      }
    }
    return "machine" + machine + "_" + bits + (isBigEndian ? "-be" : "");
  }

  /** The name of a value of {@code os.arch}. */
  static String name(String osArch) {
    return BY_PROPERTY.getOrDefault(osArch, osArch);
  }
}
