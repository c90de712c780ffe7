package dev.sluice.internal.load;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The libraries that a shared library needs: the entries {@code DT_NEEDED} of {@code elf(5)}. They
 * tell for which C library it was built, as {@code libc.so.6} is glibc's name.
 */
final class ElfDependencies {
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final long DT_NEEDED = 1;
  private static final long DT_STRTAB = 5;
  private static final int SEGMENT = 56;
  private static final int ENTRY = 16;

  /** Beyond what a library has; a damaged file may claim more. */
  private static final long LONGEST = 1 << 20;

  private ElfDependencies() {}

  /** The names, or none if the file is no 64-bit little-endian ELF file, or cannot be read. */
  static List<String> of(Path path) {
    ElfHeader header = ElfHeader.of(path);
    if (header == null || !header.is64Bit() || header.isBigEndian()) {
      return List.of();
    }
    try (RandomAccessFile file = new RandomAccessFile(path.toFile(), "r")) {
      ByteBuffer start = read(file, 0, 64);
      int count = start.getShort(56) & 0xffff;
      ByteBuffer segments = read(file, start.getLong(32), (long) count * SEGMENT);
      List<String> names = new ArrayList<>();
      for (int at = 0; at < segments.limit(); at += SEGMENT) {
        if (segments.getInt(at) == PT_DYNAMIC) {
          ByteBuffer entries = read(file, segments.getLong(at + 8), segments.getLong(at + 32));
          long strings = offset(segments, first(entries, DT_STRTAB));
          for (int entry = 0; entry + ENTRY <= entries.limit(); entry += ENTRY) {
            if (entries.getLong(entry) == DT_NEEDED) {
              names.add(text(file, strings + entries.getLong(entry + 8)));
            }
          }
        }
      }
      return names;
    } catch (IOException | RuntimeException e) {
      return List.of();
    }
  }

  /** The value of the first entry with a tag. */
  private static long first(ByteBuffer entries, long tag) throws IOException {
    for (int at = 0; at + ENTRY <= entries.limit(); at += ENTRY) {
      if (entries.getLong(at) == tag) {
        return entries.getLong(at + 8);
      }
    }
    throw new IOException();
  }

  /** The place in the file of an address. */
  private static long offset(ByteBuffer segments, long address) throws IOException {
    for (int at = 0; at < segments.limit(); at += SEGMENT) {
      long inside = address - segments.getLong(at + 16);
      if (segments.getInt(at) == PT_LOAD && inside >= 0 && inside < segments.getLong(at + 32)) {
        return segments.getLong(at + 8) + inside;
      }
    }
    throw new IOException();
  }

  private static String text(RandomAccessFile file, long offset) throws IOException {
    file.seek(offset);
    StringBuilder text = new StringBuilder();
    for (int c = file.read(); c > 0 && text.length() < LONGEST; c = file.read()) {
      text.append((char) c);
    }
    return text.toString();
  }

  private static ByteBuffer read(RandomAccessFile file, long offset, long length)
      throws IOException {
    byte[] bytes = new byte[(int) Math.min(length, LONGEST)];
    file.seek(offset);
    file.readFully(bytes);
    return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
  }
}
