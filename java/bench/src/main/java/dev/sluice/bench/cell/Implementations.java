package dev.sluice.bench.cell;

import dev.sluice.Mechanism;
import dev.sluice.bench.c.CLoops;
import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.linker.LinkerLoops;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.PathCopier;
import dev.sluice.bench.loop.SmallFiles;
import dev.sluice.bench.netty.NettyFileRegionFixture;
import dev.sluice.bench.netty.NettySpliceFixture;
import dev.sluice.bench.netty.NettyTransport;
import dev.sluice.bench.nio.NioLoops;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.sluice.SluiceLoops;
import java.nio.file.CopyOption;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The table of implementations: what NIO offers for a direction, what Sluice does, and the same
 * calls from outside Java. A mechanism that Sluice gains joins by itself. An implementation that
 * cannot serve a cell finds out there, and is left out with its reason.
 */
public final class Implementations {
  private static final String NIO_LOOP_64 = "NIO loop, 64 KiB buffer";
  private static final String NIO_LOOP_256 = "NIO loop, 256 KiB buffer";

  private static final ImplementationEntry C_SENDFILE =
      new ImplementationEntry("C sendfile", Role.C, "SENDFILE", CLoops::sendfile);
  private static final ImplementationEntry C_COPY_FILE_RANGE =
      new ImplementationEntry(
          "C copy_file_range", Role.C, "COPY_FILE_RANGE", CLoops::copyFileRange);
  private static final ImplementationEntry C_RECEIVE_AND_WRITE =
      new ImplementationEntry("C recv + pwrite", Role.C, "READ_WRITE", CLoops::receiveAndWrite);

  private static final ImplementationEntry FFM_SENDFILE =
      new ImplementationEntry("FFM sendfile", Role.FFM, "SENDFILE", LinkerLoops::sendfile);
  private static final ImplementationEntry FFM_COPY_FILE_RANGE =
      new ImplementationEntry(
          "FFM copy_file_range", Role.FFM, "COPY_FILE_RANGE", LinkerLoops::copyFileRange);
  private static final ImplementationEntry FFM_RECEIVE_AND_WRITE =
      new ImplementationEntry(
          "FFM recv + pwrite", Role.FFM, "READ_WRITE", LinkerLoops::receiveAndWrite);

  private static final ImplementationEntry NETTY_EPOLL = fileRegion("epoll", NettyTransport.EPOLL);
  private static final ImplementationEntry NETTY_NIO = fileRegion("NIO", NettyTransport.NIO);
  private static final ImplementationEntry NETTY_SPLICE =
      new ImplementationEntry("Netty splice", Role.NETTY, null, null, NettySpliceFixture::opener);

  /**
   * Netty makes calls as large as the socket takes them. That says nothing of small pieces, and
   * where a piece is the region as a whole it is the same as {@link #NETTY_EPOLL}.
   */
  private static final ImplementationEntry NETTY_ONE_REGION =
      new ImplementationEntry(
          "Netty one FileRegion, epoll",
          Role.NETTY,
          "SENDFILE",
          null,
          conditions -> NettyFileRegionFixture.openerInOneRegion(NettyTransport.EPOLL, conditions));

  private static final ImplementationEntry NIO_MAPPED =
      new ImplementationEntry("NIO map + write", Role.JDK, null, NioLoops::mappedTo);
  private static final ImplementationEntry NIO_STANDING_MAP =
      new ImplementationEntry("NIO standing map + write", Role.JDK, null, NioLoops::standingMap);
  private static final ImplementationEntry SLUICE_REGION =
      new ImplementationEntry(
          "Sluice MappedRegion", Role.MECHANISM, "MMAP_WRITE", SluiceLoops::regionTransferTo);

  /**
   * Those whose mapping of the file outlives a round. No page of a mapped file leaves the page
   * cache, so that they take no part where the file has to.
   */
  private static final Set<ImplementationEntry> MAPPING =
      Set.of(NIO_MAPPED, NIO_STANDING_MAP, SLUICE_REGION);

  private final List<ImplementationEntry> nio;
  private final List<ImplementationEntry> sluice;
  private final List<ImplementationEntry> outside;

  private Implementations(
      List<ImplementationEntry> nio,
      List<ImplementationEntry> sluice,
      List<ImplementationEntry> outside) {
    this.nio = nio;
    this.sluice = sluice;
    this.outside = outside;
  }

  /**
   * The implementations that take part in a cell, in the order of the report. Each call makes new
   * ones, whose loops are of new classes.
   *
   * @param sluice whether Sluice can take part
   */
  public static List<Implementation> of(Cell cell, boolean sluice) {
    Conditions conditions = cell.applied();
    boolean inOneRegion = !cell.pieceSize().isSmall() && cell.pieceSize() != PieceSize.WHOLE;
    return of(cell.direction(), conditions, sluice)
        .filter(entry -> entry.canTakePart(cell.concurrency()))
        .filter(entry -> !conditions.coldSource() || canReadCold(entry))
        .filter(entry -> inOneRegion || !entry.equals(NETTY_ONE_REGION))
        .map(entry -> entry.implementation(conditions))
        .toList();
  }

  /** All that take part in some cell of the direction, with threads that nobody places. */
  public static List<Implementation> of(
      Direction direction, Concurrency concurrency, boolean sluice) {
    Conditions conditions = Conditions.UNPLACED;
    return of(direction, conditions, sluice)
        .filter(entry -> entry.canTakePart(concurrency))
        .map(entry -> entry.implementation(conditions))
        .toList();
  }

  private static Stream<ImplementationEntry> of(
      Direction direction, Conditions conditions, boolean sluice) {
    Implementations table = of(direction, conditions);
    return Stream.of(
            table.nio, sluice ? table.sluice : List.<ImplementationEntry>of(), table.outside)
        .flatMap(List::stream);
  }

  /** Netty's fixtures open the file themselves, which may be mapped by anybody. */
  private static boolean canReadCold(ImplementationEntry entry) {
    return entry.role() != Role.NETTY && !MAPPING.contains(entry);
  }

  /** For each direction, the methods that serve it, and the system calls that do the same. */
  private static Implementations of(Direction direction, Conditions conditions) {
    return switch (direction) {
      case FILE_TO_SOCKET ->
          transferTo(NETTY_EPOLL, NETTY_ONE_REGION, NETTY_NIO, FFM_SENDFILE, C_SENDFILE);
      case FILE_TO_UNIX -> transferTo(FFM_SENDFILE, C_SENDFILE);
      case FILE_TO_FILE ->
          transferTo(FFM_COPY_FILE_RANGE, FFM_SENDFILE, C_COPY_FILE_RANGE, C_SENDFILE);
      case FILE_TO_OTHER -> transferTo(FFM_SENDFILE, C_SENDFILE);
      case FILE_FROM_FILE -> transferFrom(FFM_COPY_FILE_RANGE, C_COPY_FILE_RANGE);
      case SOCKET_TO_FILE ->
          transferFrom(
              NETTY_SPLICE,
              FFM_RECEIVE_AND_WRITE,
              linkerSplice(LinkerLoops::spliceToFile),
              C_RECEIVE_AND_WRITE,
              cSplice(CLoops::spliceToFile));
      case SOCKET_TO_SOCKET ->
          transfer(linkerSplice(LinkerLoops::spliceToStream), cSplice(CLoops::spliceToStream));
      case FILE_TO_PIPE ->
          transferTo(
              linkerSplice(LinkerLoops::spliceIntoPipe),
              FFM_SENDFILE,
              cSplice(CLoops::spliceIntoPipe),
              C_SENDFILE);
      case PIPE_TO_FILE ->
          transferFrom(
              linkerSplice(LinkerLoops::spliceOutOfPipe), cSplice(CLoops::spliceOutOfPipe));
      case MAP_READ -> mapRead();
      case MAP_CLOSE -> mapClose();
      case COPY -> copy(conditions, PathCopier::loops, CLoops::copyProgram);
      case SMALL_FILES -> copy(conditions, SmallFiles::loops, CLoops::copyProgramForDirectories);
      case SPARSE_COPY -> sparseCopy();
    };
  }

  private static Implementations transferTo(ImplementationEntry... outside) {
    return new Implementations(
        List.of(
            new ImplementationEntry("NIO transferTo", Role.NIO, null, NioLoops::transferTo),
            new ImplementationEntry(NIO_LOOP_256, Role.LOOP, null, NioLoops::bufferedTo),
            NIO_MAPPED,
            NIO_STANDING_MAP),
        withRegion(sluice(SluiceLoops::mechanismTransferTo, SluiceLoops::transferTo)),
        List.of(outside));
  }

  private static Implementations transferFrom(ImplementationEntry... outside) {
    return new Implementations(
        List.of(
            new ImplementationEntry("NIO transferFrom", Role.NIO, null, NioLoops::transferFrom),
            new ImplementationEntry(NIO_LOOP_256, Role.LOOP, null, NioLoops::bufferedFrom)),
        sluice(SluiceLoops::mechanismTransferFrom, SluiceLoops::transferFrom),
        List.of(outside));
  }

  /**
   * NIO has no method between two sockets, so the loop that one writes by hand stands in for it.
   */
  private static Implementations transfer(ImplementationEntry... outside) {
    return new Implementations(
        List.of(
            new ImplementationEntry(
                NIO_LOOP_64, Role.NIO, null, () -> NioLoops.bufferedBetween(64 * 1024)),
            new ImplementationEntry(
                NIO_LOOP_256, Role.LOOP, null, () -> NioLoops.bufferedBetween(256 * 1024))),
        sluice(SluiceLoops::mechanismTransfer, SluiceLoops::transfer),
        List.of(outside));
  }

  /**
   * The drop-in is for {@code FileChannel.map}. In a region's own read, a truncated file is an
   * {@code IOException}.
   */
  private static Implementations mapRead() {
    List<ImplementationEntry> jdk = new ArrayList<>();
    jdk.add(new ImplementationEntry("MappedByteBuffer get", Role.NIO, null, NioLoops::mappedGet));
    jdk.add(new ImplementationEntry("FileChannel read", Role.LOOP, null, NioLoops::channelRead));
    if (ImplementationEntry.HAS_LINKER) {
      jdk.add(
          new ImplementationEntry("MemorySegment copy", Role.JDK, null, LinkerLoops::segmentCopy));
    }
    return new Implementations(
        jdk,
        List.of(
            new ImplementationEntry(
                "Sluice MappedRegion read", Role.MECHANISM, null, SluiceLoops::regionRead),
            new ImplementationEntry("Sluice.map get", Role.AUTO, null, SluiceLoops::mappedGet)),
        List.of());
  }

  /**
   * A piece mapped, read and given back. {@code FileChannel.map} gives nothing back by itself. A
   * region of Sluice's and an arena of the JDK's unmap at once.
   */
  private static Implementations mapClose() {
    List<ImplementationEntry> jdk = new ArrayList<>();
    jdk.add(
        new ImplementationEntry("FileChannel map, get", Role.NIO, null, NioLoops::mapAndForget));
    jdk.add(new ImplementationEntry("FileChannel read", Role.LOOP, null, NioLoops::channelRead));
    if (ImplementationEntry.HAS_LINKER) {
      jdk.add(
          new ImplementationEntry(
              "MemorySegment map, copy, close", Role.JDK, null, LinkerLoops::segmentMapAndClose));
    }
    return new Implementations(
        jdk,
        List.of(
            new ImplementationEntry(
                "Sluice MappedRegion map, read, close",
                Role.AUTO,
                null,
                SluiceLoops::regionMapAndClose)),
        List.of());
  }

  /**
   * The copies of paths. All replace a file that exists.
   *
   * @param loops makes loops of what copies a file
   */
  private static Implementations copy(
      Conditions conditions,
      Function<PathCopier, Supplier<Loop>> loops,
      Supplier<Supplier<Loop>> program) {
    CopyOption[] options =
        conditions.newTarget()
            ? new CopyOption[0]
            : new CopyOption[] {StandardCopyOption.REPLACE_EXISTING};
    return new Implementations(
        List.of(
            new ImplementationEntry(
                "Files.copy", Role.NIO, null, () -> loops.apply(NioLoops.filesCopy(options))),
            new ImplementationEntry(
                NIO_LOOP_256, Role.LOOP, null, () -> loops.apply(NioLoops.bufferedCopy()))),
        List.of(
            new ImplementationEntry(
                "Sluice.copy", Role.AUTO, null, () -> loops.apply(SluiceLoops.copy(options)))),
        List.of(new ImplementationEntry("cp", Role.PROGRAM, null, program)));
  }

  /** A loop of reads and writes has nothing to say here: it writes the holes out, as NIO does. */
  private static Implementations sparseCopy() {
    return new Implementations(
        List.of(
            new ImplementationEntry(
                "Files.copy", Role.NIO, null, () -> PathCopier.loops(NioLoops.filesCopy()))),
        List.of(
            new ImplementationEntry(
                "Sluice.copy", Role.AUTO, null, () -> PathCopier.loops(SluiceLoops.copy()))),
        List.of(new ImplementationEntry("cp", Role.PROGRAM, null, CLoops::copyProgram)));
  }

  private static List<ImplementationEntry> sluice(
      Function<Mechanism, Supplier<Loop>> exact, Supplier<Supplier<Loop>> auto) {
    List<ImplementationEntry> entries = new ArrayList<>();
    for (Mechanism mechanism : Mechanism.values()) {
      boolean chooses = mechanism == Mechanism.AUTO;
      entries.add(
          new ImplementationEntry(
              "Sluice " + mechanism,
              chooses ? Role.AUTO : Role.MECHANISM,
              mechanism.name(),
              chooses ? auto : () -> exact.apply(mechanism)));
    }
    // AUTO is what a user gets, so it ends the part of Sluice.
    entries.add(entries.remove(Mechanism.AUTO.ordinal()));
    return entries;
  }

  /** Adds the mapping that stays, beside the mechanism that maps and unmaps at each call. */
  private static List<ImplementationEntry> withRegion(List<ImplementationEntry> sluice) {
    sluice.add(Mechanism.MMAP_WRITE.ordinal(), SLUICE_REGION);
    return sluice;
  }

  private static ImplementationEntry fileRegion(String name, NettyTransport transport) {
    return new ImplementationEntry(
        "Netty FileRegion, " + name,
        Role.NETTY,
        "SENDFILE",
        null,
        conditions -> NettyFileRegionFixture.opener(transport, conditions));
  }

  private static ImplementationEntry linkerSplice(Supplier<Supplier<Loop>> loops) {
    return new ImplementationEntry("FFM splice", Role.FFM, "SPLICE", loops);
  }

  private static ImplementationEntry cSplice(Supplier<Supplier<Loop>> loops) {
    return new ImplementationEntry("C splice", Role.C, "SPLICE", loops);
  }
}
