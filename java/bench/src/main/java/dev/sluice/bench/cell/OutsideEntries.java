package dev.sluice.bench.cell;

import dev.sluice.bench.c.CLoops;
import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.fixture.OwnFixture;
import dev.sluice.bench.linker.LinkerLoops;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.netty.NettyFileRegionFixture;
import dev.sluice.bench.netty.NettyResponseFixture;
import dev.sluice.bench.netty.NettySpliceFixture;
import dev.sluice.bench.netty.NettyTransport;
import dev.sluice.bench.report.Role;
import java.util.function.Function;
import java.util.function.Supplier;

/** The entries of the same calls from outside Java, and of Netty. */
final class OutsideEntries {
  static final ImplementationEntry C_SENDFILE =
      new ImplementationEntry("C sendfile", Role.C, "SENDFILE", CLoops::sendfile);
  static final ImplementationEntry C_RESPONSE =
      new ImplementationEntry("C send + sendfile", Role.C, "SENDFILE", CLoops::response);
  static final ImplementationEntry C_COPY_FILE_RANGE =
      new ImplementationEntry(
          "C copy_file_range", Role.C, "COPY_FILE_RANGE", CLoops::copyFileRange);
  static final ImplementationEntry C_RECEIVE_AND_WRITE =
      new ImplementationEntry("C recv + pwrite", Role.C, "READ_WRITE", CLoops::receiveAndWrite);

  static final ImplementationEntry FFM_SENDFILE =
      new ImplementationEntry("FFM sendfile", Role.FFM, "SENDFILE", LinkerLoops::sendfile);
  static final ImplementationEntry FFM_RESPONSE =
      new ImplementationEntry("FFM send + sendfile", Role.FFM, "SENDFILE", LinkerLoops::response);
  static final ImplementationEntry FFM_COPY_FILE_RANGE =
      new ImplementationEntry(
          "FFM copy_file_range", Role.FFM, "COPY_FILE_RANGE", LinkerLoops::copyFileRange);
  static final ImplementationEntry FFM_RECEIVE_AND_WRITE =
      new ImplementationEntry(
          "FFM recv + pwrite", Role.FFM, "READ_WRITE", LinkerLoops::receiveAndWrite);

  static final ImplementationEntry NETTY_EPOLL =
      fileRegion("epoll", each -> NettyFileRegionFixture.opener(NettyTransport.EPOLL, each));
  static final ImplementationEntry NETTY_NIO =
      fileRegion("NIO", each -> NettyFileRegionFixture.opener(NettyTransport.NIO, each));

  /** As many threads as the other contenders of the cell have. */
  static final ImplementationEntry NETTY_ONE_LOOP_EPOLL =
      fileRegion(
          "epoll, one event loop",
          each -> NettyFileRegionFixture.openerOfOneLoop(NettyTransport.EPOLL, each));

  static final ImplementationEntry NETTY_ONE_LOOP_NIO =
      fileRegion(
          "NIO, one event loop",
          each -> NettyFileRegionFixture.openerOfOneLoop(NettyTransport.NIO, each));

  static final ImplementationEntry NETTY_RESPONSE_EPOLL =
      response("epoll", each -> NettyResponseFixture.opener(NettyTransport.EPOLL, each));
  static final ImplementationEntry NETTY_RESPONSE_NIO =
      response("NIO", each -> NettyResponseFixture.opener(NettyTransport.NIO, each));

  static final ImplementationEntry NETTY_SPLICE =
      new ImplementationEntry("Netty splice", Role.NETTY, null, null, NettySpliceFixture::opener);

  /**
   * Netty makes calls as large as the socket takes them. That says nothing of small pieces, and
   * where a piece is the region as a whole it is the same as {@link #NETTY_EPOLL}.
   */
  static final ImplementationEntry NETTY_ONE_REGION =
      new ImplementationEntry(
          "Netty one FileRegion, epoll",
          Role.NETTY,
          "SENDFILE",
          null,
          conditions -> NettyFileRegionFixture.openerInOneRegion(NettyTransport.EPOLL, conditions));

  private OutsideEntries() {}

  private static ImplementationEntry fileRegion(
      String name, Function<Conditions, OwnFixture.Opener> opener) {
    return new ImplementationEntry(
        "Netty FileRegion, " + name, Role.NETTY, "SENDFILE", null, opener);
  }

  private static ImplementationEntry response(
      String name, Function<Conditions, OwnFixture.Opener> opener) {
    return new ImplementationEntry(
        "Netty ByteBuf + FileRegion, " + name, Role.NETTY, "SENDFILE", null, opener);
  }

  static ImplementationEntry linkerSplice(Supplier<Supplier<Loop>> loops) {
    return new ImplementationEntry("FFM splice", Role.FFM, "SPLICE", loops);
  }

  static ImplementationEntry cSplice(Supplier<Supplier<Loop>> loops) {
    return new ImplementationEntry("C splice", Role.C, "SPLICE", loops);
  }
}
