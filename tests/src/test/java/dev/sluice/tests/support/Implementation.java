package dev.sluice.tests.support;

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

/**
 * The implementations of a transfer that one body of cases runs over. A new mechanism adds one
 * line.
 */
public enum Implementation {
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
  private final Set<ChannelKinds.TargetKind> targets;
  private final Set<ChannelKinds.SourceKind> sources;

  Implementation(
      Mechanism mechanism,
      Set<ChannelKinds.TargetKind> targets,
      Set<ChannelKinds.SourceKind> sources) {
    this(mechanism::transferTo, mechanism::transferFrom, targets, sources);
  }

  Implementation(
      TransferTo transferTo,
      TransferFrom transferFrom,
      Set<ChannelKinds.TargetKind> targets,
      Set<ChannelKinds.SourceKind> sources) {
    this.transferTo = transferTo;
    this.transferFrom = transferFrom;
    this.targets = targets;
    this.sources = sources;
  }

  public static List<Implementation> besidesNio() {
    return List.of(values()).subList(1, values().length);
  }

  public boolean serves(ChannelKinds.TargetKind kind) {
    return targets.contains(kind);
  }

  public boolean serves(ChannelKinds.SourceKind kind) {
    return sources.contains(kind);
  }

  public long transferTo(FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    return transferTo.run(source, position, count, target);
  }

  public long transferFrom(
      FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    return transferFrom.run(target, source, position, count);
  }

  /** Which kinds of channel a mechanism serves. */
  private static final class Serves {
    static final Set<ChannelKinds.TargetKind> ALL_TARGETS =
        EnumSet.allOf(ChannelKinds.TargetKind.class);
    static final Set<ChannelKinds.SourceKind> ALL_SOURCES =
        EnumSet.allOf(ChannelKinds.SourceKind.class);
    static final Set<ChannelKinds.TargetKind> NOT_DATAGRAM_TARGETS =
        EnumSet.complementOf(EnumSet.of(ChannelKinds.TargetKind.DATAGRAM));
    static final Set<ChannelKinds.SourceKind> NOT_DATAGRAM_SOURCES =
        EnumSet.complementOf(EnumSet.of(ChannelKinds.SourceKind.DATAGRAM));
    static final Set<ChannelKinds.TargetKind> NO_TARGETS =
        EnumSet.noneOf(ChannelKinds.TargetKind.class);
    static final Set<ChannelKinds.SourceKind> NO_SOURCES =
        EnumSet.noneOf(ChannelKinds.SourceKind.class);

    /** Those with a descriptor, datagrams excepted. */
    static final Set<ChannelKinds.TargetKind> KERNELS_TARGETS =
        EnumSet.complementOf(
            EnumSet.of(
                ChannelKinds.TargetKind.DATAGRAM,
                ChannelKinds.TargetKind.ARBITRARY,
                ChannelKinds.TargetKind.FOREIGN_FILE));

    static final Set<ChannelKinds.SourceKind> KERNELS_SOURCES =
        EnumSet.complementOf(
            EnumSet.of(
                ChannelKinds.SourceKind.DATAGRAM,
                ChannelKinds.SourceKind.ARBITRARY,
                ChannelKinds.SourceKind.FOREIGN_FILE));

    /** copy_file_range(2) refuses O_APPEND. */
    static final Set<ChannelKinds.TargetKind> FILE_TARGETS =
        EnumSet.of(
            ChannelKinds.TargetKind.FILE,
            ChannelKinds.TargetKind.FILE_IN_THE_MIDDLE,
            ChannelKinds.TargetKind.WRAPPED_FILE);

    static final Set<ChannelKinds.SourceKind> FILE_SOURCES =
        EnumSet.of(
            ChannelKinds.SourceKind.FILE,
            ChannelKinds.SourceKind.FILE_IN_THE_MIDDLE,
            ChannelKinds.SourceKind.WRAPPED_FILE);

    /** sendfile(2) refuses O_APPEND, and needs a descriptor. */
    static final Set<ChannelKinds.TargetKind> SENDFILE_TARGETS =
        without(KERNELS_TARGETS, EnumSet.of(ChannelKinds.TargetKind.APPEND));

    static final Set<ChannelKinds.TargetKind> STREAM_TARGETS =
        without(SENDFILE_TARGETS, FILE_TARGETS);

    static final Set<ChannelKinds.SourceKind> STREAM_SOURCES =
        without(KERNELS_SOURCES, FILE_SOURCES);

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
