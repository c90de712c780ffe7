package dev.sluice.bench;

import dev.sluice.Mechanism;
import dev.sluice.bench.loop.Loops;
import dev.sluice.bench.report.Role;
import java.util.ArrayList;
import java.util.List;

/**
 * Who takes part where. A mechanism that Sluice gains joins by itself; one that cannot serve a cell
 * is found out there, and left out with its reason.
 */
final class Contenders {
  private static final String LOOP = "NIO loop, 256 KiB buffer";
  private static final String AUTO = "Sluice AUTO";

  private Contenders() {}

  /**
   * Fresh contenders for a cell of this direction, in the order of the table.
   *
   * @param sluice whether Sluice can take part
   */
  static List<Contender> of(Direction direction, boolean sluice) {
    List<Contender> contenders = new ArrayList<>();
    if (direction == Direction.SOCKET_TO_FILE) {
      contenders.add(new Contender("NIO transferFrom", Role.NIO, null, Loops.nioTransferFrom()));
      contenders.add(new Contender(LOOP, Role.LOOP, null, Loops.bufferedFrom()));
    } else {
      contenders.add(new Contender("NIO transferTo", Role.NIO, null, Loops.nioTransferTo()));
      contenders.add(new Contender(LOOP, Role.LOOP, null, Loops.bufferedTo()));
    }
    if (sluice) {
      contenders.addAll(sluice(direction));
    }
    switch (direction) {
      case FILE_TO_SOCKET:
        contenders.add(new Contender("C sendfile", Role.C, "SENDFILE", Loops.cSendfile()));
        break;
      case FILE_TO_FILE:
        contenders.add(
            new Contender("C copy_file_range", Role.C, "COPY_FILE_RANGE", Loops.cCopyFileRange()));
        contenders.add(new Contender("C sendfile", Role.C, "SENDFILE", Loops.cSendfile()));
        break;
      case SOCKET_TO_FILE:
        contenders.add(
            new Contender("C recv + pwrite", Role.C, "READ_WRITE", Loops.cReceiveAndWrite()));
        contenders.add(new Contender("C splice", Role.C, "SPLICE", Loops.cSplice()));
        break;
    }
    return contenders;
  }

  private static List<Contender> sluice(Direction direction) {
    boolean from = direction == Direction.SOCKET_TO_FILE;
    List<Contender> contenders = new ArrayList<>();
    for (Mechanism mechanism : Mechanism.values()) {
      if (mechanism != Mechanism.AUTO) {
        contenders.add(
            new Contender(
                "Sluice " + mechanism,
                Role.MECHANISM,
                mechanism.name(),
                from
                    ? Loops.mechanismTransferFrom(mechanism)
                    : Loops.mechanismTransferTo(mechanism)));
      }
    }
    contenders.add(
        new Contender(
            AUTO,
            Role.AUTO,
            Mechanism.AUTO.name(),
            from ? Loops.sluiceTransferFrom() : Loops.sluiceTransferTo()));
    return contenders;
  }
}
