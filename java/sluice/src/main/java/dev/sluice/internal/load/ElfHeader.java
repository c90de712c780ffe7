package dev.sluice.internal.load;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * The fields of an ELF header ({@code elf(5)}) that tell for which processor a file was made.
 *
 * @param is64Bit {@code EI_CLASS}
 * @param isBigEndian {@code EI_DATA}
 * @param machine {@code e_machine}
 */
record ElfHeader(boolean is64Bit, boolean isBigEndian, int machine) {
  private static final int LENGTH = 20;
  private static final int MAGIC = 0x7f454c46;
  private static final int CLASS_64 = 2;
  private static final int BIG_ENDIAN = 2;

  /** The header at the begin of a file, or null if the file is no ELF file or cannot be read. */
  static @Nullable ElfHeader of(Path file) {
    // A FileChannel would be closed where this thread is interrupted.
    try (InputStream in = new FileInputStream(file.toString())) {
      return of(ByteBuffer.wrap(in.readNBytes(LENGTH)));
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** The header that a buffer begins with, or null if it begins with something else. */
  static @Nullable ElfHeader of(ByteBuffer start) {
    ByteBuffer bytes = start.duplicate().order(ByteOrder.BIG_ENDIAN);
    if (bytes.remaining() < LENGTH || bytes.getInt(0) != MAGIC) {
      return null;
    }
    boolean isBigEndian = bytes.get(5) == BIG_ENDIAN;
    bytes.order(isBigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    return new ElfHeader(bytes.get(4) == CLASS_64, isBigEndian, bytes.getShort(18) & 0xffff);
  }

  /**
   * Whether two programs are for the same processor. The {@code equals} of a record keeps its class
   * loader from being collected.
   */
  boolean isSameAs(ElfHeader other) {
    return is64Bit == other.is64Bit && isBigEndian == other.isBigEndian && machine == other.machine;
  }

  /** The processor as the folders of the jar name it, such as {@code x86_64}. */
  String processor() {
    return Processors.name(machine, is64Bit, isBigEndian);
  }
}
