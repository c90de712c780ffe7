package dev.sluice.bench;

import dev.sluice.Mechanism;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.Loops;
import dev.sluice.bench.report.Role;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/** Who takes part in a direction: what NIO offers, what Sluice does, the same from outside Java. */
record LineUp(List<Seat> nio, List<Seat> sluice, List<Seat> outside) {
  private static final String NIO_LOOP_64 = "NIO loop, 64 KiB buffer";
  private static final String NIO_LOOP_256 = "NIO loop, 256 KiB buffer";

  private static final Seat C_SENDFILE =
      new Seat("C sendfile", Role.C, "SENDFILE", Loops::cSendfile);
  private static final Seat C_COPY_FILE_RANGE =
      new Seat("C copy_file_range", Role.C, "COPY_FILE_RANGE", Loops::cCopyFileRange);
  private static final Seat C_RECEIVE_AND_WRITE =
      new Seat("C recv + pwrite", Role.C, "READ_WRITE", Loops::cReceiveAndWrite);

  private static final Seat FFM_SENDFILE =
      new Seat("FFM sendfile", Role.FFM, "SENDFILE", Loops::linkerSendfile);
  private static final Seat FFM_COPY_FILE_RANGE =
      new Seat("FFM copy_file_range", Role.FFM, "COPY_FILE_RANGE", Loops::linkerCopyFileRange);
  private static final Seat FFM_RECEIVE_AND_WRITE =
      new Seat("FFM recv + pwrite", Role.FFM, "READ_WRITE", Loops::linkerReceiveAndWrite);

  private static final Seat NETTY_EPOLL = fileRegion("epoll", NettyTransport.EPOLL);
  private static final Seat NETTY_NIO = fileRegion("NIO", NettyTransport.NIO);
  private static final Seat NETTY_SPLICE =
      new Seat("Netty splice", Role.NETTY, null, null, NettySpliceFixture::opener);
  private static final Seat NIO_MAPPED =
      new Seat("NIO map + write", Role.JDK, null, Loops::mappedTo);

  /**
   * A contender's place, whose loops are of a class made anew for each cell.
   *
   * @param classes makes what makes the loops, or null
   * @param own makes what opens fixtures of its own, or null
   */
  record Seat(
      String name,
      Role role,
      String mechanism,
      Supplier<Supplier<Loop>> classes,
      Supplier<OwnFixture.Opener> own) {
    Seat(String name, Role role, String mechanism, Supplier<Supplier<Loop>> classes) {
      this(name, role, mechanism, classes, null);
    }

    Contender taken() {
      return new Contender(
          name,
          role,
          mechanism,
          classes == null ? null : classes.get(),
          own == null ? null : own.get());
    }

    /**
     * A call from outside says nothing of virtual threads. Nor does Netty, whose event loops are
     * platform threads: those of a crew would only wait for them, of whichever kind they are. The
     * linker is newer than 17.
     */
    boolean canTakePart(Concurrency concurrency) {
      return switch (role) {
        case NETTY, C -> !concurrency.isVirtual();
        case FFM -> HAS_LINKER && !concurrency.isVirtual();
        default -> true;
      };
    }
  }

  private static final boolean HAS_LINKER = Runtime.version().feature() >= 22;

  /** The table: a direction, the methods that serve it, the system calls that do. */
  static LineUp of(Direction direction) {
    return switch (direction) {
      case FILE_TO_SOCKET -> transferTo(NETTY_EPOLL, NETTY_NIO, FFM_SENDFILE, C_SENDFILE);
      case FILE_TO_UNIX -> transferTo(FFM_SENDFILE, C_SENDFILE);
      case FILE_TO_FILE ->
          transferTo(FFM_COPY_FILE_RANGE, FFM_SENDFILE, C_COPY_FILE_RANGE, C_SENDFILE);
      case FILE_TO_OTHER -> transferTo(FFM_SENDFILE, C_SENDFILE);
      case FILE_FROM_FILE -> transferFrom(FFM_COPY_FILE_RANGE, C_COPY_FILE_RANGE);
      case SOCKET_TO_FILE ->
          transferFrom(
              NETTY_SPLICE,
              FFM_RECEIVE_AND_WRITE,
              linkerSplice(Loops::linkerSpliceToFile),
              C_RECEIVE_AND_WRITE,
              cSplice(Loops::cSpliceToFile));
      case SOCKET_TO_SOCKET ->
          transfer(linkerSplice(Loops::linkerSpliceToStream), cSplice(Loops::cSpliceToStream));
      case FILE_TO_PIPE ->
          transferTo(
              linkerSplice(Loops::linkerSpliceIntoPipe),
              FFM_SENDFILE,
              cSplice(Loops::cSpliceIntoPipe),
              C_SENDFILE);
      case PIPE_TO_FILE ->
          transferFrom(
              linkerSplice(Loops::linkerSpliceOutOfPipe), cSplice(Loops::cSpliceOutOfPipe));
      case MAP_READ -> mapRead();
      case SPARSE_COPY -> copy();
    };
  }

  private static LineUp transferTo(Seat... outside) {
    return new LineUp(
        List.of(
            new Seat("NIO transferTo", Role.NIO, null, Loops::nioTransferTo),
            new Seat(NIO_LOOP_256, Role.LOOP, null, Loops::bufferedTo),
            NIO_MAPPED),
        withRegion(sluice(Loops::mechanismTransferTo, Loops::sluiceTransferTo)),
        List.of(outside));
  }

  private static LineUp transferFrom(Seat... outside) {
    return new LineUp(
        List.of(
            new Seat("NIO transferFrom", Role.NIO, null, Loops::nioTransferFrom),
            new Seat(NIO_LOOP_256, Role.LOOP, null, Loops::bufferedFrom)),
        sluice(Loops::mechanismTransferFrom, Loops::sluiceTransferFrom),
        List.of(outside));
  }

  /** NIO has no such method: the loop that everybody writes stands in for it. */
  private static LineUp transfer(Seat... outside) {
    return new LineUp(
        List.of(
            new Seat(NIO_LOOP_64, Role.NIO, null, () -> Loops.bufferedBetween(64 * 1024)),
            new Seat(NIO_LOOP_256, Role.LOOP, null, () -> Loops.bufferedBetween(256 * 1024))),
        sluice(Loops::mechanismTransfer, Loops::sluiceTransfer),
        List.of(outside));
  }

  /** The drop-in is for {@code FileChannel.map}; a region's own read has the kernel check. */
  private static LineUp mapRead() {
    List<Seat> jdk = new ArrayList<>();
    jdk.add(new Seat("MappedByteBuffer get", Role.NIO, null, Loops::mappedGet));
    jdk.add(new Seat("FileChannel read", Role.LOOP, null, Loops::channelRead));
    if (HAS_LINKER) {
      jdk.add(new Seat("MemorySegment copy", Role.JDK, null, Loops::segmentCopy));
    }
    return new LineUp(
        jdk,
        List.of(
            new Seat("Sluice MappedRegion read", Role.MECHANISM, null, Loops::regionRead),
            new Seat("Sluice.map get", Role.AUTO, null, Loops::sluiceMappedGet)),
        List.of());
  }

  private static LineUp copy() {
    return new LineUp(
        List.of(new Seat("Files.copy", Role.NIO, null, Loops::filesCopy)),
        List.of(new Seat("Sluice.copy", Role.AUTO, null, Loops::sluiceCopy)),
        List.of(new Seat("cp", Role.PROGRAM, null, Loops::copyProgram)));
  }

  private static List<Seat> sluice(
      Function<Mechanism, Supplier<Loop>> exact, Supplier<Supplier<Loop>> auto) {
    List<Seat> seats = new ArrayList<>();
    for (Mechanism mechanism : Mechanism.values()) {
      boolean chooses = mechanism == Mechanism.AUTO;
      seats.add(
          new Seat(
              "Sluice " + mechanism,
              chooses ? Role.AUTO : Role.MECHANISM,
              mechanism.name(),
              chooses ? auto : () -> exact.apply(mechanism)));
    }
    // The table ends with what a user gets.
    seats.add(seats.remove(Mechanism.AUTO.ordinal()));
    return seats;
  }

  /** Beside the mechanism that maps and unmaps at each call, the mapping that stays. */
  private static List<Seat> withRegion(List<Seat> sluice) {
    sluice.add(
        Mechanism.MMAP_WRITE.ordinal(),
        new Seat("Sluice MappedRegion", Role.MECHANISM, "MMAP_WRITE", Loops::regionTransferTo));
    return sluice;
  }

  private static Seat fileRegion(String name, NettyTransport transport) {
    return new Seat(
        "Netty FileRegion, " + name,
        Role.NETTY,
        "SENDFILE",
        null,
        () -> NettyFileRegionFixture.opener(transport));
  }

  private static Seat linkerSplice(Supplier<Supplier<Loop>> loops) {
    return new Seat("FFM splice", Role.FFM, "SPLICE", loops);
  }

  private static Seat cSplice(Supplier<Supplier<Loop>> loops) {
    return new Seat("C splice", Role.C, "SPLICE", loops);
  }
}
