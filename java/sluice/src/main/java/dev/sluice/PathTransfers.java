package dev.sluice;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.IllegalBlockingModeException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.SelectableChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Transfers of whole files by their paths. */
final class PathTransfers {
  private PathTransfers() {}

  static long send(Path source, WritableByteChannel target, TransferOption... options)
      throws IOException {
    ensureBlocking(Objects.requireNonNull(target, "target"));
    try (FileChannel file = FileChannel.open(source, StandardOpenOption.READ)) {
      return Sluice.transferTo(file, 0, Long.MAX_VALUE, target, options);
    }
  }

  static long receive(ReadableByteChannel source, Path target, OpenOption... options)
      throws IOException {
    ensureBlocking(Objects.requireNonNull(source, "source"));
    Set<OpenOption> opened = new HashSet<>(List.of(options));
    TransferOption[] kept =
        opened.remove(Uncached.UNCACHED)
            ? new TransferOption[] {TransferOption.uncached()}
            : new TransferOption[0];
    if (opened.isEmpty()) {
      opened.add(StandardOpenOption.CREATE);
      opened.add(StandardOpenOption.TRUNCATE_EXISTING);
    } else if (opened.contains(StandardOpenOption.READ)) {
      throw new IllegalArgumentException("READ not allowed");
    }
    opened.add(StandardOpenOption.WRITE);
    try (FileChannel file = FileChannel.open(target, opened)) {
      return Sluice.transfer(source, file, Long.MAX_VALUE, kept);
    }
  }

  /** What a channel in non-blocking mode leaves could not be moved by another call. */
  private static void ensureBlocking(Object channel) {
    if (channel instanceof SelectableChannel selectable && !selectable.isBlocking()) {
      throw new IllegalBlockingModeException();
    }
  }
}
