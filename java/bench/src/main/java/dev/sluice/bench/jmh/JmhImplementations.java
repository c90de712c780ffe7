package dev.sluice.bench.jmh;

import dev.sluice.Mechanism;
import dev.sluice.bench.loop.CLoops;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.Loops;

/**
 * The values of the parameter {@code way}: NIO, LOOP (a plain loop through a direct buffer of 256
 * KiB), C, FFM (the linker of the JDK, from 22 on) or a mechanism of Sluice's by name.
 */
final class JmhImplementations {
  private JmhImplementations() {}

  static Loop to(String way) {
    return switch (way) {
      case "NIO" -> Loops.nioTransferTo().get();
      case "LOOP" -> Loops.bufferedTo().get();
      case "C" -> CLoops.sendfile().get();
      case "FFM" -> Loops.linkerSendfile().get();
      case "AUTO" -> Loops.sluiceTransferTo().get();
      default -> Loops.mechanismTransferTo(Mechanism.valueOf(way)).get();
    };
  }

  static Loop from(String way) {
    return switch (way) {
      case "NIO" -> Loops.nioTransferFrom().get();
      case "LOOP" -> Loops.bufferedFrom().get();
      case "C" -> CLoops.spliceToFile().get();
      case "AUTO" -> Loops.sluiceTransferFrom().get();
      default -> Loops.mechanismTransferFrom(Mechanism.valueOf(way)).get();
    };
  }

  /** Between two sockets, where NIO has no call. */
  static Loop between(String way) {
    return switch (way) {
      case "LOOP" -> Loops.bufferedBetween(Loop.BUFFER_BYTES).get();
      case "C" -> CLoops.spliceToStream().get();
      case "AUTO" -> Loops.sluiceTransfer().get();
      default -> Loops.mechanismTransfer(Mechanism.valueOf(way)).get();
    };
  }
}
