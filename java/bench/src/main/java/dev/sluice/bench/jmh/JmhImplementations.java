package dev.sluice.bench.jmh;

import dev.sluice.Mechanism;
import dev.sluice.bench.c.CLoops;
import dev.sluice.bench.linker.LinkerLoops;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.nio.NioLoops;
import dev.sluice.bench.sluice.SluiceLoops;

/**
 * The values of the parameter {@code way}: NIO, LOOP (a plain loop through a direct buffer of 256
 * KiB), C, FFM (the linker of the JDK, from 22 on) or a mechanism of Sluice's by name.
 */
final class JmhImplementations {
  private JmhImplementations() {}

  static Loop to(String way) {
    return switch (way) {
      case "NIO" -> NioLoops.transferTo().get();
      case "LOOP" -> NioLoops.bufferedTo().get();
      case "C" -> CLoops.sendfile().get();
      case "FFM" -> LinkerLoops.sendfile().get();
      case "AUTO" -> SluiceLoops.transferTo().get();
      default -> SluiceLoops.mechanismTransferTo(Mechanism.valueOf(way)).get();
    };
  }

  static Loop from(String way) {
    return switch (way) {
      case "NIO" -> NioLoops.transferFrom().get();
      case "LOOP" -> NioLoops.bufferedFrom().get();
      case "C" -> CLoops.spliceToFile().get();
      case "AUTO" -> SluiceLoops.transferFrom().get();
      default -> SluiceLoops.mechanismTransferFrom(Mechanism.valueOf(way)).get();
    };
  }

  /** Between two sockets, where NIO has no call. */
  static Loop between(String way) {
    return switch (way) {
      case "LOOP" -> NioLoops.bufferedBetween(Loop.BUFFER_BYTES).get();
      case "C" -> CLoops.spliceToStream().get();
      case "AUTO" -> SluiceLoops.transfer().get();
      default -> SluiceLoops.mechanismTransfer(Mechanism.valueOf(way)).get();
    };
  }
}
