package dev.sluice.bench.textbook;

import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.report.MechanismResult.Book;
import java.util.Map;

/** The figures that textbooks give, for one pass of a buffer from a disk to a network card. */
final class TextbookClaims {
  private static final Book READ_AND_WRITE = new Book("2", "2", "4");
  private static final Book SENDFILE = new Book("1, 0 with gather DMA", "2", "2");
  private static final Book MMAP = new Book("1", "2", "4");
  private static final Book SPLICE = new Book("0", "2", "2");

  private static final Map<String, Book> BY_NAME =
      Map.ofEntries(
          Map.entry("NIO transferTo", SENDFILE),
          Map.entry("NIO transferFrom", SENDFILE),
          Map.entry("NIO loop, 64 KiB buffer", READ_AND_WRITE),
          Map.entry("NIO loop, 256 KiB buffer", READ_AND_WRITE),
          Map.entry("NIO map + write", MMAP),
          Map.entry("Netty FileRegion, epoll", SENDFILE),
          Map.entry("Netty FileRegion, NIO", SENDFILE),
          Map.entry("Netty splice", SPLICE),
          Map.entry("Sluice READ_WRITE", READ_AND_WRITE),
          Map.entry("Sluice MMAP_WRITE", MMAP),
          Map.entry("Sluice MappedRegion", MMAP),
          Map.entry("Sluice SENDFILE", SENDFILE),
          Map.entry("Sluice SPLICE", SPLICE),
          Map.entry("Sluice COPY_FILE_RANGE", new Book("1, 0 where cloned", "2", "2")),
          Map.entry("Sluice REFLINK", new Book("0, what is changed", "0", "2")),
          Map.entry("Sluice DIRECT_IO", new Book("1, no page cache", "2", "4")));

  private TextbookClaims() {}

  /** The claims on an implementation; null where textbooks are silent. */
  static Book on(Implementation implementation) {
    return BY_NAME.get(implementation.name());
  }
}
