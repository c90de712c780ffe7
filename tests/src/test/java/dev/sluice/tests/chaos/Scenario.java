package dev.sluice.tests.chaos;

import dev.sluice.Mechanism;
import java.util.List;
import java.util.StringJoiner;

/**
 * One random case: two channels, the transfers, and what other threads do to the channels
 * meanwhile.
 */
record Scenario(
    ChannelSetup channels,
    How how,
    Supply supply,
    Drain drain,
    Meanwhile meanwhile,
    List<Integer> counts) {

  /** Kinds of channel. */
  enum Kind {
    TCP,
    UNIX,
    PIPE,
    /** Opened by its path, as a file. */
    FIFO,
    FILE;

    boolean isSocket() {
      return this == TCP || this == UNIX;
    }

    boolean isSelectable() {
      return isSocket() || this == PIPE;
    }

    boolean isStream() {
      return this != FILE;
    }
  }

  /** By which method. */
  enum Way {
    TRANSFER,
    /** {@code transferTo} or {@code transferFrom}, where one side is a file. */
    POSITIONED,
    EXPLAINED,
    WRAPPED,
    REGION,
    /** {@code Sluice.transfer} under a limit, which is called again when the limit has ended it. */
    LIMITED,
    /**
     * A head, parts of the file and a trailer by {@code Composite}, where a file goes to a socket.
     */
    COMPOSITE,
    /** As {@link #POSITIONED}, with {@code TransferOption.uncached}. */
    UNCACHED;

    /** Whether files are read and written at their own positions. */
    boolean isAtOwnPosition() {
      return this == TRANSFER || this == LIMITED;
    }
  }

  /** How the stream that is the source ends. */
  enum Ending {
    STAYS_OPEN,
    HALF_CLOSE,
    CLOSE,
    RESET
  }

  /** What the reader of the target does after it has stalled. */
  enum Then {
    READ_ALL,
    CLOSE,
    RESET
  }

  /** What happens while the transfer runs. */
  enum Event {
    NOTHING,
    CLOSE_SOURCE,
    CLOSE_TARGET,
    INTERRUPT,
    SHUTDOWN_OUTPUT,
    SHUTDOWN_INPUT
  }

  /** Other users of the channels, by plain NIO. */
  enum Foreign {
    NOBODY,
    READER,
    WRITER
  }

  record ChannelSetup(
      Kind source,
      Kind target,
      boolean sourceBlocks,
      boolean targetBlocks,
      boolean smallBuffers,
      boolean locked) {}

  record How(boolean virtual, Way way, Mechanism mechanism) {}

  record Supply(int bytes, Ending ending, int stallAfter, int stallMillis) {}

  record Drain(int stallAfter, int stallMillis, Then then) {}

  record Meanwhile(Event event, int afterMillis, Foreign foreign, boolean owedToNio) {}

  /** What differs between scenarios that were made at random and those that make sense. */
  Scenario sensible() {
    Kind source = channels.source;
    Kind target = channels.target;
    Ending ending = supply.ending;
    if (ending == Ending.RESET && source != Kind.TCP) {
      ending = Ending.CLOSE;
    }
    Foreign foreign = meanwhile.foreign;
    boolean isServed = foreign == Foreign.READER ? source.isSelectable() : target.isSelectable();
    if (!isServed) {
      foreign = Foreign.NOBODY;
    }
    if (foreign == Foreign.READER && ending == Ending.STAYS_OPEN) {
      // The bytes that the other reader takes are missing at the end of a transfer that counts on
      // them.
      ending = Ending.HALF_CLOSE;
    }
    Event event = meanwhile.event;
    if (event == Event.SHUTDOWN_OUTPUT && !target.isSocket()
        || event == Event.SHUTDOWN_INPUT && !source.isSocket()) {
      event = Event.NOTHING;
    }
    Then then = drain.then;
    if (target == Kind.FILE) {
      then = Then.READ_ALL;
    } else if (then == Then.RESET && target != Kind.TCP) {
      then = Then.CLOSE;
    }
    Way way = how.way;
    boolean hasFile = source == Kind.FILE || target == Kind.FILE;
    boolean isComposable = source == Kind.FILE && target.isSocket();
    if (!way.isAtOwnPosition() && !hasFile
        || way == Way.REGION && source != Kind.FILE
        || way == Way.COMPOSITE && !isComposable) {
      way = Way.TRANSFER;
    }
    Mechanism mechanism =
        way == Way.TRANSFER || way == Way.POSITIONED ? how.mechanism : Mechanism.AUTO;
    if (way == Way.REGION && event == Event.CLOSE_SOURCE) {
      event = Event.NOTHING;
    }
    return new Scenario(
        new ChannelSetup(
            source,
            target,
            channels.sourceBlocks || !source.isSelectable(),
            channels.targetBlocks || !target.isSelectable(),
            channels.smallBuffers,
            channels.locked && hasFile),
        new How(how.virtual && DaemonThreads.HAVE_VIRTUAL, way, mechanism),
        new Supply(supply.bytes, ending, supply.stallAfter, supply.stallMillis),
        new Drain(drain.stallAfter, drain.stallMillis, then),
        new Meanwhile(event, meanwhile.afterMillis, foreign, meanwhile.owedToNio),
        counts);
  }

  /** The nearest one that {@link ReadWriteLoop} can play. */
  Scenario plain() {
    return new Scenario(
            new ChannelSetup(
                channels.source,
                channels.target,
                true,
                true,
                channels.smallBuffers,
                channels.locked),
            new How(how.virtual, Way.TRANSFER, Mechanism.AUTO),
            supply,
            drain,
            new Meanwhile(meanwhile.event, meanwhile.afterMillis, meanwhile.foreign, true),
            counts)
        .sensible();
  }

  /**
   * Whether nothing but the end of the source can keep a call from all that it is asked for. An
   * exact mechanism may be refused in the middle, and has no other to fall back on.
   */
  boolean isUndisturbed() {
    return how.way != Way.LIMITED
        && (how.mechanism == Mechanism.AUTO || how.mechanism == Mechanism.READ_WRITE)
        && channels.sourceBlocks
        && channels.targetBlocks
        && meanwhile.event == Event.NOTHING
        && meanwhile.foreign == Foreign.NOBODY
        && supply.ending != Ending.RESET
        && drain.then == Then.READ_ALL;
  }

  /** The scenario in a few lines, without the parts that do not matter. */
  String described() {
    StringJoiner text = new StringJoiner("\n  ", "  ", "");
    text.add(
        (how.mechanism == Mechanism.AUTO ? "" : how.mechanism + " ")
            + how.way
            + " from "
            + side(channels.source, channels.sourceBlocks)
            + " to "
            + side(channels.target, channels.targetBlocks)
            + (how.virtual ? " on a virtual thread" : "")
            + (channels.smallBuffers ? ", small buffers" : "")
            + (channels.locked ? ", file locked" : ""));
    text.add("counts " + counts);
    text.add(
        "source has "
            + supply.bytes
            + " bytes"
            + stall(supply.stallAfter, supply.stallMillis)
            + (channels.source.isStream() ? ", then " + supply.ending : ""));
    if (channels.target.isStream()) {
      text.add(
          "reader of target" + stall(drain.stallAfter, drain.stallMillis) + ", then " + drain.then);
    }
    if (meanwhile.event != Event.NOTHING) {
      text.add(meanwhile.event + " after " + meanwhile.afterMillis + " ms");
    }
    if (meanwhile.foreign != Foreign.NOBODY) {
      text.add("a foreign " + meanwhile.foreign);
    }
    return text.toString();
  }

  private static String side(Kind kind, boolean blocks) {
    return kind + (blocks ? "" : " (non-blocking)");
  }

  private static String stall(int after, int millis) {
    return millis == 0 ? "" : ", stalls for " + millis + " ms after " + after;
  }
}
