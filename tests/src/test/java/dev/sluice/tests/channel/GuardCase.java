package dev.sluice.tests.channel;

import dev.sluice.Mechanism;
import dev.sluice.tests.support.Internals;
import dev.sluice.tests.support.ThreadKind;
import dev.sluice.tests.support.VirtualThreads;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One case of the table of events that may end a transfer.
 *
 * @param mechanism what moves the bytes
 * @param flow from what to what
 * @param pace whether the transfer waits or moves when it happens
 * @param act what happens
 * @param carried by what sort of thread
 */
public record GuardCase(Mechanism mechanism, Flow flow, Pace pace, Act act, ThreadKind carried) {
  enum Kind {
    FILE,
    TCP,
    UNIX,
    PIPE,
    FIFO;

    boolean isSocket() {
      return this == TCP || this == UNIX;
    }
  }

  /** Which of the methods: NIO has the first two. */
  enum Method {
    TRANSFER_TO,
    TRANSFER_FROM,
    TRANSFER
  }

  /** The kinds of source and target, the method, and the side that a stalled transfer waits for. */
  enum Flow {
    FILE_TO_TCP(Method.TRANSFER_TO, Kind.FILE, Kind.TCP, true),
    FILE_TO_UNIX(Method.TRANSFER_TO, Kind.FILE, Kind.UNIX, true),
    FILE_TO_PIPE(Method.TRANSFER_TO, Kind.FILE, Kind.PIPE, true),
    FILE_TO_FIFO(Method.TRANSFER_TO, Kind.FILE, Kind.FIFO, true),
    FILE_TO_FILE(Method.TRANSFER_TO, Kind.FILE, Kind.FILE, false),
    TCP_TO_FILE(Method.TRANSFER_FROM, Kind.TCP, Kind.FILE, false),
    UNIX_TO_FILE(Method.TRANSFER_FROM, Kind.UNIX, Kind.FILE, false),
    PIPE_TO_FILE(Method.TRANSFER_FROM, Kind.PIPE, Kind.FILE, false),
    FILE_FROM_FILE(Method.TRANSFER_FROM, Kind.FILE, Kind.FILE, false),
    IDLE_TCP_TO_TCP(Method.TRANSFER, Kind.TCP, Kind.TCP, false),
    TCP_TO_FULL_TCP(Method.TRANSFER, Kind.TCP, Kind.TCP, true),
    PIPE_TO_FULL_UNIX(Method.TRANSFER, Kind.PIPE, Kind.UNIX, true),
    IDLE_UNIX_TO_PIPE(Method.TRANSFER, Kind.UNIX, Kind.PIPE, false),
    FILE_AT_ITS_POSITION_TO_TCP(Method.TRANSFER, Kind.FILE, Kind.TCP, true),
    PIPE_TO_FILE_AT_ITS_POSITION(Method.TRANSFER, Kind.PIPE, Kind.FILE, false),
    FILE_TO_FILE_AT_THEIR_POSITIONS(Method.TRANSFER, Kind.FILE, Kind.FILE, false),
    IDLE_UNIX_TO_FIFO(Method.TRANSFER, Kind.UNIX, Kind.FIFO, false),
    IDLE_TCP_TO_NON_BLOCKING_TCP(Method.TRANSFER, Kind.TCP, Kind.TCP, false, Waits.FOR_SOURCE),
    IDLE_UNIX_TO_NON_BLOCKING_PIPE(Method.TRANSFER, Kind.UNIX, Kind.PIPE, false, Waits.FOR_SOURCE),
    IDLE_PIPE_TO_NON_BLOCKING_UNIX(Method.TRANSFER, Kind.PIPE, Kind.UNIX, false, Waits.FOR_SOURCE),
    NON_BLOCKING_TCP_TO_FULL_TCP(Method.TRANSFER, Kind.TCP, Kind.TCP, true, Waits.FOR_TARGET),
    NON_BLOCKING_PIPE_TO_FULL_UNIX(Method.TRANSFER, Kind.PIPE, Kind.UNIX, true, Waits.FOR_TARGET),
    NON_BLOCKING_UNIX_TO_FULL_PIPE(Method.TRANSFER, Kind.UNIX, Kind.PIPE, true, Waits.FOR_TARGET);

    /** Which of its sides are in blocking mode. */
    enum Waits {
      FOR_BOTH,
      FOR_SOURCE,
      FOR_TARGET
    }

    final Method method;
    final Kind source;
    final Kind target;

    /** Whether it is the target that does not take, rather than the source that does not give. */
    final boolean isFull;

    final Waits waits;

    Flow(Method method, Kind source, Kind target, boolean isFull) {
      this(method, source, target, isFull, Waits.FOR_BOTH);
    }

    Flow(Method method, Kind source, Kind target, boolean isFull, Waits waits) {
      this.waits = waits;
      this.method = method;
      this.source = source;
      this.target = target;
      this.isFull = isFull;
    }

    /** Whether NIO has a method for it. */
    boolean isKnownToNio() {
      return method != Method.TRANSFER;
    }

    boolean isBetweenFiles() {
      return source == Kind.FILE && target == Kind.FILE;
    }

    boolean isBetweenStreams() {
      return source != Kind.FILE && target != Kind.FILE;
    }
  }

  enum Pace {
    /** The transfer has moved as many bytes as the target has room for, and waits. */
    STALLED,

    /** Bytes pass, a little at a time. */
    MOVING,

    /** The target was full before it began: nothing moves, unless its buffer grows. */
    FULL
  }

  enum Act {
    CLOSE_SOURCE,
    CLOSE_TARGET,
    INTERRUPT,
    SHUTDOWN_INPUT,
    SHUTDOWN_OUTPUT,
    PEER_RESET,
    PEER_END;

    /** Whether this can happen to a flow. */
    boolean concerns(Flow flow) {
      return switch (this) {
        case CLOSE_SOURCE, CLOSE_TARGET, INTERRUPT -> true;
        case SHUTDOWN_INPUT -> flow.source.isSocket() && !flow.isFull;
        case SHUTDOWN_OUTPUT -> flow.target.isSocket();
        case PEER_RESET -> !flow.isBetweenFiles();
        case PEER_END -> flow.source != Kind.FILE && !flow.isFull;
      };
    }
  }

  /** Closes and interrupts: every exact mechanism meets each of these. */
  private static final Set<Act> ENDS =
      EnumSet.of(Act.CLOSE_SOURCE, Act.CLOSE_TARGET, Act.INTERRUPT);

  /** Every cell of the running JDK. */
  static List<GuardCase> all() {
    List<GuardCase> cases = new ArrayList<>();
    for (ThreadKind carried : ThreadKind.values()) {
      if (carried == ThreadKind.VIRTUAL && !VirtualThreads.ARE_THERE) {
        continue;
      }
      for (Flow flow : Flow.values()) {
        for (Act act : Act.values()) {
          if (act.concerns(flow)) {
            for (Pace pace : paces(flow)) {
              cases.add(new GuardCase(Mechanism.AUTO, flow, pace, act, carried));
            }
          }
        }
        for (Mechanism exact : exact(flow)) {
          for (Act act : ENDS) {
            for (Pace pace : paces(flow)) {
              if (pace != Pace.FULL || flow.waits != Flow.Waits.FOR_BOTH) {
                cases.add(new GuardCase(exact, flow, pace, act, carried));
              }
            }
          }
        }
      }
    }
    return cases;
  }

  /** How a transfer is made to wait. */
  static Pace stalling(Flow flow) {
    return flow.isFull && flow.waits != Flow.Waits.FOR_BOTH ? Pace.FULL : Pace.STALLED;
  }

  /**
   * Nothing stalls two files. A transfer returns after its first bytes where one side does not
   * block.
   */
  private static List<Pace> paces(Flow flow) {
    if (flow.waits != Flow.Waits.FOR_BOTH) {
      return List.of(stalling(flow));
    }
    if (flow.isBetweenFiles()) {
      return List.of(Pace.MOVING);
    }
    if (flow.target == Kind.FIFO) {
      return List.of(Pace.STALLED, Pace.MOVING);
    }
    return flow.source == Kind.FILE
        ? List.of(Pace.STALLED, Pace.MOVING, Pace.FULL)
        : List.of(Pace.STALLED, Pace.MOVING);
  }

  private static List<Mechanism> exact(Flow flow) {
    List<Mechanism> exact = new ArrayList<>(List.of(Mechanism.READ_WRITE));
    if (flow.waits != Flow.Waits.FOR_BOTH || flow.target == Kind.FIFO) {
      return exact;
    }
    if (flow.source == Kind.FILE) {
      exact.add(Mechanism.MMAP_WRITE);
      if (flow.method != Method.TRANSFER_FROM) {
        exact.add(Mechanism.SENDFILE);
      }
    }
    exact.add(flow.isBetweenFiles() ? Mechanism.COPY_FILE_RANGE : Mechanism.SPLICE);
    // Without the JDK's guards it cannot be told whether it would release file locks.
    boolean isFile = flow.source == Kind.FILE || flow.target == Kind.FILE;
    if (isFile && Internals.has("files")) {
      exact.add(Mechanism.DIRECT_IO);
    }
    return exact;
  }

  @Override
  public String toString() {
    return mechanism + " " + flow + " " + pace + ", " + act + ", " + carried;
  }

  /** As arguments of a child JVM. */
  List<String> words() {
    return List.of(mechanism.name(), flow.name(), pace.name(), act.name(), carried.name());
  }

  static GuardCase of(String... words) {
    return new GuardCase(
        Mechanism.valueOf(words[0]),
        Flow.valueOf(words[1]),
        Pace.valueOf(words[2]),
        Act.valueOf(words[3]),
        ThreadKind.valueOf(words[4]));
  }
}
