package dev.sluice.bench.cell;

import static dev.sluice.bench.cell.OutsideEntries.C_COPY_FILE_RANGE;
import static dev.sluice.bench.cell.OutsideEntries.C_RECEIVE_AND_WRITE;
import static dev.sluice.bench.cell.OutsideEntries.C_RESPONSE;
import static dev.sluice.bench.cell.OutsideEntries.C_SENDFILE;
import static dev.sluice.bench.cell.OutsideEntries.FFM_COPY_FILE_RANGE;
import static dev.sluice.bench.cell.OutsideEntries.FFM_RECEIVE_AND_WRITE;
import static dev.sluice.bench.cell.OutsideEntries.FFM_RESPONSE;
import static dev.sluice.bench.cell.OutsideEntries.FFM_SENDFILE;
import static dev.sluice.bench.cell.OutsideEntries.NETTY_EPOLL;
import static dev.sluice.bench.cell.OutsideEntries.NETTY_NIO;
import static dev.sluice.bench.cell.OutsideEntries.NETTY_ONE_LOOP_EPOLL;
import static dev.sluice.bench.cell.OutsideEntries.NETTY_ONE_LOOP_NIO;
import static dev.sluice.bench.cell.OutsideEntries.NETTY_ONE_REGION;
import static dev.sluice.bench.cell.OutsideEntries.NETTY_RESPONSE_EPOLL;
import static dev.sluice.bench.cell.OutsideEntries.NETTY_RESPONSE_NIO;
import static dev.sluice.bench.cell.OutsideEntries.NETTY_SPLICE;
import static dev.sluice.bench.cell.OutsideEntries.cSplice;
import static dev.sluice.bench.cell.OutsideEntries.linkerSplice;

import dev.sluice.Mechanism;
import dev.sluice.bench.c.CLoops;
import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.linker.LinkerLoops;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.PathCopier;
import dev.sluice.bench.loop.SmallFiles;
import dev.sluice.bench.nio.NioLoops;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.selector.SelectorFixture;
import dev.sluice.bench.selector.SocketSend;
import dev.sluice.bench.sluice.SluiceLoops;
import java.nio.file.CopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * The table of implementations: what NIO offers for a direction, what Sluice does, and the same
 * calls from outside Java. A mechanism that Sluice gains joins by itself. An implementation that
 * cannot serve a cell finds out there, and is left out with its reason.
 */
record ImplementationTable(
    List<ImplementationEntry> nio,
    List<ImplementationEntry> sluice,
    List<ImplementationEntry> outside) {
  private static final String NIO_LOOP_64 = "NIO loop, 64 KiB buffer";
  private static final String NIO_LOOP_256 = "NIO loop, 256 KiB buffer";

  /** Leaves a mapping to the collector with each call. */
  static final ImplementationEntry NIO_MAPPED =
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
  static final Set<ImplementationEntry> MAPPING =
      Set.of(NIO_MAPPED, NIO_STANDING_MAP, SLUICE_REGION);

  /** For each direction, the methods that serve it, and the system calls that do the same. */
  static ImplementationTable of(Direction direction, Conditions conditions) {
    return switch (direction) {
      case FILE_TO_SOCKET ->
          transferTo(NETTY_EPOLL, NETTY_ONE_REGION, NETTY_NIO, FFM_SENDFILE, C_SENDFILE);
      case FILE_TO_SELECTOR -> selector(NETTY_ONE_LOOP_EPOLL, NETTY_ONE_LOOP_NIO);
      case RESPONSE -> response(NETTY_RESPONSE_EPOLL, NETTY_RESPONSE_NIO, FFM_RESPONSE, C_RESPONSE);
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

  private static ImplementationTable transferTo(ImplementationEntry... outside) {
    return new ImplementationTable(
        List.of(
            new ImplementationEntry("NIO transferTo", Role.NIO, null, NioLoops::transferTo),
            new ImplementationEntry(NIO_LOOP_256, Role.LOOP, null, NioLoops::bufferedTo),
            NIO_MAPPED,
            NIO_STANDING_MAP),
        withRegion(sluice(SluiceLoops::mechanismTransferTo, SluiceLoops::transferTo)),
        List.of(outside));
  }

  /** A head and the rest of a piece, which arrive as the piece. */
  private static ImplementationTable response(ImplementationEntry... outside) {
    return new ImplementationTable(
        List.of(
            new ImplementationEntry("NIO write + transferTo", Role.NIO, null, NioLoops::response),
            new ImplementationEntry(NIO_LOOP_256, Role.LOOP, null, NioLoops::bufferedResponse)),
        List.of(
            new ImplementationEntry("Sluice Composite", Role.AUTO, null, SluiceLoops::response)),
        List.of(outside));
  }

  private static ImplementationTable selector(ImplementationEntry... outside) {
    return new ImplementationTable(
        List.of(
            selector("NIO transferTo", Role.NIO, SocketSend::nio),
            selector(NIO_LOOP_256, Role.LOOP, SocketSend::buffered)),
        List.of(selector("Sluice AUTO", Role.AUTO, SocketSend::sluice)),
        List.of(outside));
  }

  private static ImplementationEntry selector(String name, Role role, Supplier<SocketSend> ways) {
    return new ImplementationEntry(
        name, role, null, null, conditions -> SelectorFixture.opener(ways, conditions));
  }

  private static ImplementationTable transferFrom(ImplementationEntry... outside) {
    return new ImplementationTable(
        List.of(
            new ImplementationEntry("NIO transferFrom", Role.NIO, null, NioLoops::transferFrom),
            new ImplementationEntry(NIO_LOOP_256, Role.LOOP, null, NioLoops::bufferedFrom)),
        sluice(SluiceLoops::mechanismTransferFrom, SluiceLoops::transferFrom),
        List.of(outside));
  }

  /**
   * NIO has no method between two sockets, so the loop that one writes by hand stands in for it.
   */
  private static ImplementationTable transfer(ImplementationEntry... outside) {
    return new ImplementationTable(
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
  private static ImplementationTable mapRead() {
    List<ImplementationEntry> jdk = new ArrayList<>();
    jdk.add(new ImplementationEntry("MappedByteBuffer get", Role.NIO, null, NioLoops::mappedGet));
    jdk.add(new ImplementationEntry("FileChannel read", Role.LOOP, null, NioLoops::channelRead));
    if (ImplementationEntry.HAS_LINKER) {
      jdk.add(
          new ImplementationEntry("MemorySegment copy", Role.JDK, null, LinkerLoops::segmentCopy));
    }
    return new ImplementationTable(
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
  private static ImplementationTable mapClose() {
    List<ImplementationEntry> jdk = new ArrayList<>();
    jdk.add(
        new ImplementationEntry("FileChannel map, get", Role.NIO, null, NioLoops::mapAndForget));
    jdk.add(new ImplementationEntry("FileChannel read", Role.LOOP, null, NioLoops::channelRead));
    if (ImplementationEntry.HAS_LINKER) {
      jdk.add(
          new ImplementationEntry(
              "MemorySegment map, copy, close", Role.JDK, null, LinkerLoops::segmentMapAndClose));
    }
    return new ImplementationTable(
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
  private static ImplementationTable copy(
      Conditions conditions,
      Function<PathCopier, Supplier<Loop>> loops,
      Supplier<Supplier<Loop>> program) {
    CopyOption[] options = conditions.copyOptions();
    return new ImplementationTable(
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
  private static ImplementationTable sparseCopy() {
    return new ImplementationTable(
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
}
