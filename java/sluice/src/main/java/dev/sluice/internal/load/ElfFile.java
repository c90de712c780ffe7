package dev.sluice.internal.load;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Map;

/**
 * The part of the ELF format ({@code elf(5)}) that tells a whole shared library from a truncated
 * one. The dynamic linker does not check this. It maps the missing part of the file, and the
 * process dies of SIGBUS.
 */
final class ElfFile {
  private static final int HEADER = 64;
  private static final int MAGIC = 0x7f454c46;
  private static final int CLASS_64 = 2;
  private static final int LITTLE_ENDIAN = 1;
  private static final short SHARED_OBJECT = 3;

  /** The values of {@code e_machine} by {@code os.arch}. */
  private static final Map<String, Short> MACHINES =
      Map.of("amd64", (short) 62, "aarch64", (short) 183);

  private ElfFile() {}

  /**
   * Throws unless a file is a 64-bit shared library that is as long as its headers say.
   *
   * @throws IOException if the file is something else, or too short, or cannot be read
   */
  static void ensureComplete(Path path) throws IOException {
    try (FileChannel file = FileChannel.open(path)) {
      ByteBuffer header = read(file, 0, HEADER, path);
      if (header.order(ByteOrder.BIG_ENDIAN).getInt(0) != MAGIC
          || header.get(4) != CLASS_64
          || header.get(5) != LITTLE_ENDIAN
          || header.order(ByteOrder.LITTLE_ENDIAN).getShort(16) != SHARED_OBJECT) {
        throw new IOException(path + " is not a 64-bit ELF shared library");
      }
      ensureForThisProcessor(header.getShort(18), path);
      ensureSegmentsInside(file, header, path);
      long sections = header.getLong(40);
      int sectionSize = header.getShort(58) & 0xffff;
      int sectionCount = header.getShort(60) & 0xffff;
      ensureInside(file, sections, (long) sectionSize * sectionCount, path);
    }
  }

  private static void ensureForThisProcessor(short machine, Path path) throws IOException {
    String architecture = System.getProperty("os.arch");
    Short expected = MACHINES.get(architecture);
    if (expected != null && expected != machine) {
      throw new IOException(
          path
              + " is for another processor (e_machine "
              + machine
              + "): this JVM runs on "
              + architecture
              + ", e_machine "
              + expected);
    }
  }

  private static void ensureSegmentsInside(FileChannel file, ByteBuffer header, Path path)
      throws IOException {
    long table = header.getLong(32);
    int size = header.getShort(54) & 0xffff;
    int count = header.getShort(56) & 0xffff;
    ensureInside(file, table, (long) size * count, path);
    if (size < 56) {
      throw new IOException(path + " is damaged: its program headers have " + size + " bytes");
    }
    ByteBuffer segments = read(file, table, size * count, path);
    for (int at = 0; at < size * count; at += size) {
      ensureInside(file, segments.getLong(at + 8), segments.getLong(at + 32), path);
    }
  }

  private static void ensureInside(FileChannel file, long offset, long length, Path path)
      throws IOException {
    if (offset < 0 || length < 0 || offset > file.size() - length) {
      throw new IOException(
          path + " is damaged: it ends at byte " + file.size() + ", before what its headers name");
    }
  }

  private static ByteBuffer read(FileChannel file, long offset, int length, Path path)
      throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length).order(ByteOrder.LITTLE_ENDIAN);
    while (buffer.hasRemaining()) {
      if (file.read(buffer, offset + buffer.position()) < 0) {
        throw new IOException(path + " is damaged: it ends within its headers");
      }
    }
    return buffer.flip();
  }
}
