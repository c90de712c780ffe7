package dev.sluice.tests;

import dev.sluice.Mechanism;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * One cell of the table of what may happen to a transfer.
 *
 * @param mechanism what moves the bytes
 * @param flow from what to what
 * @param pace whether the transfer waits or moves when it happens
 * @param act what happens
 * @param carried by what sort of thread
 */
record GuardCase(Mechanism mechanism, Flow flow, Pace pace, Act act, Carried carried) {
  enum Kind {
    FILE,
    TCP,
    UNIX,
    PIPE;

    boolean isSocket() {
      return this == TCP || this == UNIX;
    }
  }

  /** From what to what, and which of them a stalled transfer waits for. */
  enum Flow {
    FILE_TO_TCP(Kind.FILE, Kind.TCP, true),
    FILE_TO_UNIX(Kind.FILE, Kind.UNIX, true),
    FILE_TO_PIPE(Kind.FILE, Kind.PIPE, true),
    TCP_TO_FILE(Kind.TCP, Kind.FILE, false),
    UNIX_TO_FILE(Kind.UNIX, Kind.FILE, false),
    PIPE_TO_FILE(Kind.PIPE, Kind.FILE, false),
    IDLE_TCP_TO_TCP(Kind.TCP, Kind.TCP, false),
    TCP_TO_FULL_TCP(Kind.TCP, Kind.TCP, true),
    PIPE_TO_FULL_UNIX(Kind.PIPE, Kind.UNIX, true),
    IDLE_UNIX_TO_PIPE(Kind.UNIX, Kind.PIPE, false),
    FILE_TO_FILE(Kind.FILE, Kind.FILE, false);

    final Kind source;
    final Kind target;

    /** Whether it is the target that does not take, rather than the source that does not give. */
    final boolean isFull;

    Flow(Kind source, Kind target, boolean isFull) {
      this.source = source;
      this.target = target;
      this.isFull = isFull;
    }

    /** Whether NIO has a method for it. */
    boolean isKnownToNio() {
      return source == Kind.FILE || target == Kind.FILE;
    }

    boolean isBetweenStreams() {
      return source != Kind.FILE && target != Kind.FILE;
    }
  }

  enum Pace {
    /** It has moved what fits, and waits. */
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
        case PEER_RESET -> flow != Flow.FILE_TO_FILE;
        case PEER_END -> flow.source != Kind.FILE && !flow.isFull;
      };
    }
  }

  enum Carried {
    PLATFORM,
    VIRTUAL
  }

  /** What closes or interrupts: the acts that every exact mechanism is put through. */
  private static final Set<Act> ENDS =
      EnumSet.of(Act.CLOSE_SOURCE, Act.CLOSE_TARGET, Act.INTERRUPT);

  /** Every cell of the running JDK. */
  static List<GuardCase> all() {
    List<GuardCase> cases = new ArrayList<>();
    for (Carried carried : Carried.values()) {
      if (carried == Carried.VIRTUAL && Runtime.version().feature() < 21) {
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
            cases.add(new GuardCase(exact, flow, paces(flow).get(0), act, carried));
          }
        }
      }
    }
    return cases;
  }

  /** Nothing stalls two files. */
  private static List<Pace> paces(Flow flow) {
    if (flow == Flow.FILE_TO_FILE) {
      return List.of(Pace.MOVING);
    }
    return flow.source == Kind.FILE
        ? List.of(Pace.STALLED, Pace.MOVING, Pace.FULL)
        : List.of(Pace.STALLED, Pace.MOVING);
  }

  private static List<Mechanism> exact(Flow flow) {
    List<Mechanism> exact = new ArrayList<>(List.of(Mechanism.READ_WRITE));
    if (flow.source == Kind.FILE) {
      exact.addAll(List.of(Mechanism.MMAP_WRITE, Mechanism.SENDFILE));
    }
    exact.add(flow == Flow.FILE_TO_FILE ? Mechanism.COPY_FILE_RANGE : Mechanism.SPLICE);
    // Without the JDK's internals it cannot be told whether it would release file locks.
    boolean isFile = flow.source == Kind.FILE || flow.target == Kind.FILE;
    if (isFile && !"off".equals(System.getProperty("dev.sluice.internals"))) {
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
        Carried.valueOf(words[4]));
  }
}
