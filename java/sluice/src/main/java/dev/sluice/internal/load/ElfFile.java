package dev.sluice.internal.load;

import java.io.EOFException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;

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

  private ElfFile() {}

  /**
   * Throws unless a file is a 64-bit shared library that is as long as its headers say.
   *
   * @throws IOException if the file is something else, or too short, or cannot be read
   */
  static void ensureComplete(Path path) throws IOException {
    // A FileChannel would be closed where this thread is interrupted.
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      ByteBuffer header = read(file, 0, HEADER, path);
      if (header.order(ByteOrder.BIG_ENDIAN).getInt(0) != MAGIC
          || header.get(4) != CLASS_64
          || header.get(5) != LITTLE_ENDIAN
          || header.order(ByteOrder.LITTLE_ENDIAN).getShort(16) != SHARED_OBJECT) {
        throw new IOException(path + " is not a 64-bit ELF shared library");
      }
      ensureForThisProcessor(header.getShort(18) & 0xffff, path);
      ensureSegmentsInside(file, header, path);
      long sections = header.getLong(40);
      int sectionSize = header.getShort(58) & 0xffff;
      int sectionCount = header.getShort(60) & 0xffff;
      ensureInside(file, sections, (long) sectionSize * sectionCount, path);
    }
  }

  private static void ensureForThisProcessor(int machine, Path path) throws IOException {
    ElfHeader program = ProcessFiles.ofThisProcess().program();
    if (program != null && program.machine() != machine) {
      throw new IOException(
          path
              + " is for another processor (e_machine "
              + machine
              + "): this JVM runs on "
              + program.processor()
              + ", e_machine "
              + program.machine());
    }
  }

  private static void ensureSegmentsInside(RandomAccessFile file, ByteBuffer header, Path path)
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

  private static void ensureInside(RandomAccessFile file, long offset, long length, Path path)
      throws IOException {
    if (offset < 0 || length < 0 || offset > file.length() - length) {
      throw new IOException(
          path
              + " is damaged: it ends at byte "
              + file.length()
              + ", before what its headers name");
    }
  }

  private static ByteBuffer read(RandomAccessFile file, long offset, int length, Path path)
      throws IOException {
    byte[] bytes = new byte[length];
    try {
      file.seek(offset);
      file.readFully(bytes);
    } catch (EOFException e) {
      throw new IOException(path + " is damaged: it ends within its headers", e);
    }
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
