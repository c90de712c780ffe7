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

  /** A contender's place, whose loop is made anew for each cell. */
  record Seat(String name, Role role, String mechanism, Supplier<Loop> loop) {
    Contender taken() {
      return new Contender(name, role, mechanism, loop.get());
    }
  }

  /** The table: a direction, the methods that serve it, the system calls that do. */
  static LineUp of(Direction direction) {
    return switch (direction) {
      case FILE_TO_SOCKET -> transferTo(C_SENDFILE);
      case FILE_TO_FILE -> transferTo(C_COPY_FILE_RANGE, C_SENDFILE);
      case FILE_FROM_FILE -> transferFrom(C_COPY_FILE_RANGE);
      case SOCKET_TO_FILE -> transferFrom(C_RECEIVE_AND_WRITE, cSplice(Loops::cSpliceToFile));
      case SOCKET_TO_SOCKET -> transfer(cSplice(Loops::cSpliceToStream));
      case FILE_TO_PIPE -> transferTo(cSplice(Loops::cSpliceIntoPipe), C_SENDFILE);
      case PIPE_TO_FILE -> transferFrom(cSplice(Loops::cSpliceOutOfPipe));
      case SPARSE_COPY -> copy();
    };
  }

  private static LineUp transferTo(Seat... c) {
    return new LineUp(
        List.of(
            new Seat("NIO transferTo", Role.NIO, null, Loops::nioTransferTo),
            new Seat(NIO_LOOP_256, Role.LOOP, null, Loops::bufferedTo)),
        withRegion(sluice(Loops::mechanismTransferTo, Loops::sluiceTransferTo)),
        List.of(c));
  }

  private static LineUp transferFrom(Seat... c) {
    return new LineUp(
        List.of(
            new Seat("NIO transferFrom", Role.NIO, null, Loops::nioTransferFrom),
            new Seat(NIO_LOOP_256, Role.LOOP, null, Loops::bufferedFrom)),
        sluice(Loops::mechanismTransferFrom, Loops::sluiceTransferFrom),
        List.of(c));
  }

  /** NIO has no such method: the loop that everybody writes stands in for it. */
  private static LineUp transfer(Seat... c) {
    return new LineUp(
        List.of(
            new Seat(NIO_LOOP_64, Role.NIO, null, () -> Loops.bufferedBetween(64 * 1024)),
            new Seat(NIO_LOOP_256, Role.LOOP, null, () -> Loops.bufferedBetween(256 * 1024))),
        sluice(Loops::mechanismTransfer, Loops::sluiceTransfer),
        List.of(c));
  }

  private static LineUp copy() {
    return new LineUp(
        List.of(new Seat("Files.copy", Role.NIO, null, Loops::filesCopy)),
        List.of(new Seat("Sluice.copy", Role.AUTO, null, Loops::sluiceCopy)),
        List.of(new Seat("cp", Role.PROGRAM, null, Loops::copyProgram)));
  }

  private static List<Seat> sluice(Function<Mechanism, Loop> exact, Supplier<Loop> auto) {
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

  private static Seat cSplice(Supplier<Loop> loop) {
    return new Seat("C splice", Role.C, "SPLICE", loop);
  }
}
