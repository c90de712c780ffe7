package dev.sluice.tests;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.SluiceFileChannel;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** What the one body of cases runs over. A mechanism joins by one line. */
enum Subject {
  NIO(FileChannel::transferTo, FileChannel::transferFrom, Serves.ALL_TARGETS, Serves.ALL_SOURCES),
  SLUICE(Sluice::transferTo, Sluice::transferFrom, Serves.ALL_TARGETS, Serves.ALL_SOURCES),
  SLUICE_FILE_CHANNEL(
      (source, position, count, target) ->
          SluiceFileChannel.wrap(source).transferTo(position, count, target),
      (target, source, position, count) ->
          SluiceFileChannel.wrap(target).transferFrom(source, position, count),
      Serves.ALL_TARGETS,
      Serves.ALL_SOURCES),
  READ_WRITE(Mechanism.READ_WRITE, Serves.NOT_DATAGRAM_TARGETS, Serves.NOT_DATAGRAM_SOURCES),
  MMAP_WRITE(Mechanism.MMAP_WRITE, Serves.KERNELS_TARGETS, Serves.FILE_SOURCES),
  SENDFILE(Mechanism.SENDFILE, Serves.SENDFILE_TARGETS, Serves.NO_SOURCES),
  SPLICE(Mechanism.SPLICE, Serves.STREAM_TARGETS, Serves.STREAM_SOURCES),
  COPY_FILE_RANGE(Mechanism.COPY_FILE_RANGE, Serves.FILE_TARGETS, Serves.FILE_SOURCES),
  REFLINK(Mechanism.REFLINK, Serves.NO_TARGETS, Serves.NO_SOURCES),
  DIRECT_IO(Mechanism.DIRECT_IO, Serves.KERNELS_TARGETS, Serves.KERNELS_SOURCES);

  private final TransferTo transferTo;
  private final TransferFrom transferFrom;
  private final Set<Ends.TargetKind> targets;
  private final Set<Ends.SourceKind> sources;

  Subject(Mechanism mechanism, Set<Ends.TargetKind> targets, Set<Ends.SourceKind> sources) {
    this(mechanism::transferTo, mechanism::transferFrom, targets, sources);
  }

  Subject(
      TransferTo transferTo,
      TransferFrom transferFrom,
      Set<Ends.TargetKind> targets,
      Set<Ends.SourceKind> sources) {
    this.transferTo = transferTo;
    this.transferFrom = transferFrom;
    this.targets = targets;
    this.sources = sources;
  }

  static List<Subject> besidesNio() {
    return List.of(values()).subList(1, values().length);
  }

  boolean serves(Ends.TargetKind kind) {
    return targets.contains(kind);
  }

  boolean serves(Ends.SourceKind kind) {
    return sources.contains(kind);
  }

  long transferTo(FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    return transferTo.run(source, position, count, target);
  }

  long transferFrom(FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    return transferFrom.run(target, source, position, count);
  }

  /** Which kinds of channel a mechanism serves. */
  private static final class Serves {
    static final Set<Ends.TargetKind> ALL_TARGETS = EnumSet.allOf(Ends.TargetKind.class);
    static final Set<Ends.SourceKind> ALL_SOURCES = EnumSet.allOf(Ends.SourceKind.class);
    static final Set<Ends.TargetKind> NOT_DATAGRAM_TARGETS =
        EnumSet.complementOf(EnumSet.of(Ends.TargetKind.DATAGRAM));
    static final Set<Ends.SourceKind> NOT_DATAGRAM_SOURCES =
        EnumSet.complementOf(EnumSet.of(Ends.SourceKind.DATAGRAM));
    static final Set<Ends.TargetKind> NO_TARGETS = EnumSet.noneOf(Ends.TargetKind.class);
    static final Set<Ends.SourceKind> NO_SOURCES = EnumSet.noneOf(Ends.SourceKind.class);

    /** Those with a descriptor, datagrams excepted. */
    static final Set<Ends.TargetKind> KERNELS_TARGETS =
        EnumSet.complementOf(
            EnumSet.of(
                Ends.TargetKind.DATAGRAM, Ends.TargetKind.ARBITRARY, Ends.TargetKind.FOREIGN_FILE));

    static final Set<Ends.SourceKind> KERNELS_SOURCES =
        EnumSet.complementOf(
            EnumSet.of(
                Ends.SourceKind.DATAGRAM, Ends.SourceKind.ARBITRARY, Ends.SourceKind.FOREIGN_FILE));

    /** copy_file_range(2) refuses O_APPEND. */
    static final Set<Ends.TargetKind> FILE_TARGETS =
        EnumSet.of(
            Ends.TargetKind.FILE, Ends.TargetKind.FILE_IN_THE_MIDDLE, Ends.TargetKind.WRAPPED_FILE);

    static final Set<Ends.SourceKind> FILE_SOURCES =
        EnumSet.of(
            Ends.SourceKind.FILE, Ends.SourceKind.FILE_IN_THE_MIDDLE, Ends.SourceKind.WRAPPED_FILE);

    /** sendfile(2) refuses O_APPEND, and needs a descriptor. */
    static final Set<Ends.TargetKind> SENDFILE_TARGETS =
        without(KERNELS_TARGETS, EnumSet.of(Ends.TargetKind.APPEND));

    static final Set<Ends.TargetKind> STREAM_TARGETS = without(SENDFILE_TARGETS, FILE_TARGETS);

    static final Set<Ends.SourceKind> STREAM_SOURCES = without(KERNELS_SOURCES, FILE_SOURCES);

    private static <K extends Enum<K>> Set<K> without(Set<K> all, Set<K> some) {
      EnumSet<K> rest = EnumSet.copyOf(all);
      rest.removeAll(some);
      return rest;
    }
  }

  private interface TransferTo {
    long run(FileChannel source, long position, long count, WritableByteChannel target)
        throws IOException;
  }

  private interface TransferFrom {
    long run(FileChannel target, ReadableByteChannel source, long position, long count)
        throws IOException;
  }
}
