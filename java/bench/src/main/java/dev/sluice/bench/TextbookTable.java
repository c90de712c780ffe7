package dev.sluice.bench;

import dev.sluice.UnsupportedMechanismException;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.MechanismResult.Seen;
import dev.sluice.bench.report.MechanismResult.Sharing;
import dev.sluice.bench.report.MechanismResult.SystemCall;
import dev.sluice.bench.report.Outcome;
import dev.sluice.bench.report.Role;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * The table that textbooks print, measured: each way to move bytes moves the same file once, and
 * the kernel's own counters tell what it took. A figure that the kernel does not give is left out.
 */
final class TextbookTable {
  /** As {@code --only} names it. */
  static final String NAME = "textbook";

  private static final List<Direction> DIRECTIONS =
      List.of(
          Direction.FILE_TO_SOCKET,
          Direction.FILE_TO_FILE,
          Direction.SOCKET_TO_FILE,
          Direction.SOCKET_TO_SOCKET);

  /** How far the progress goes meanwhile. */
  static final int STEPS = DIRECTIONS.size();

  private static final long PIECE = 1 << 20;
  private static final int WARM_UP_PASSES = 4;
  private static final int COUNTED_PASSES = 4;

  /** Calls whose answer is the number of bytes that went through memory of the process. */
  private static final Set<String> THROUGH_USER_SPACE =
      Set.of(
          "read",
          "pread64",
          "readv",
          "preadv",
          "preadv2",
          "recvfrom",
          "recvmsg",
          "write",
          "pwrite64",
          "writev",
          "pwritev",
          "pwritev2",
          "sendto",
          "sendmsg");

  private final Workspace workspace;
  private final SystemCalls systemCalls;
  private final boolean sluice;

  TextbookTable(Workspace workspace, SystemCalls systemCalls, boolean sluice) {
    this.workspace = workspace;
    this.systemCalls = systemCalls;
    this.sluice = sluice;
  }

  /** Measures every row, and hands each over as it is done. */
  void measure(Progress progress, Consumer<MechanismResult> rows) throws IOException {
    try (PrivateFileCopy privateCopy =
        PrivateFileCopy.of(workspace.file(), workspace.directory())) {
      for (Direction direction : DIRECTIONS) {
        progress.cell("the textbook's table: " + direction.title());
        Map<String, List<SystemCall>> straced = straced(direction, privateCopy);
        for (Implementation implementation : implementations(direction, sluice)) {
          rows.accept(
              row(direction, implementation, privateCopy, straced.get(implementation.name())));
        }
      }
    }
  }

  /** Those that textbooks speak of: not the same calls from elsewhere. */
  static List<Implementation> implementations(Direction direction, boolean sluice) {
    return Implementations.of(direction, Concurrency.ALONE, sluice).stream()
        .filter(each -> each.role() != Role.C && each.role() != Role.FFM)
        .toList();
  }

  /** A pass over a file of this size. */
  static RoundSize once(long bytes) {
    return new RoundSize(bytes, Math.min(PIECE, bytes), 1);
  }

  /** Where the kernel lets nobody count from inside, and strace may look. */
  private Map<String, List<SystemCall>> straced(Direction direction, PrivateFileCopy privateCopy) {
    if (systemCalls.areCounted() || !Strace.isThere()) {
      return Map.of();
    }
    try {
      return StracedPasses.of(direction, privateCopy.path());
    } catch (IOException e) {
      return Map.of();
    }
  }

  private MechanismResult row(
      Direction direction,
      Implementation implementation,
      PrivateFileCopy privateCopy,
      List<SystemCall> straced) {
    Seen seen = null;
    Outcome outcome = Outcome.MEASURED;
    String reason = null;
    try (Fixture fixture = open(direction, implementation, privateCopy.path())) {
      Loop loop =
          implementation.ownFixture() == null ? implementation.loops().get() : (Loop) fixture;
      seen = seen(direction, fixture, loop, privateCopy, straced);
    } catch (UnsupportedMechanismException | RefusedCallException e) {
      outcome = Outcome.LEFT_OUT;
      reason = e.getMessage();
    } catch (IOException | RuntimeException | LinkageError e) {
      outcome = Outcome.FAILED;
      reason = e.toString();
    }
    List<Sharing> sharing =
        outcome == Outcome.MEASURED
            ? SharingProof.of(direction, implementation, privateCopy)
            : List.of();
    return new MechanismResult(
        direction.id(),
        direction.title(),
        implementation.name(),
        implementation.role(),
        TextbookClaims.on(implementation),
        outcome,
        reason,
        seen,
        sharing);
  }

  static Fixture open(Direction direction, Implementation implementation, Path file)
      throws IOException {
    Path targets = file.getParent();
    return implementation.ownFixture() == null
        ? direction.open(new Workspace(file, targets, null))
        : implementation.ownFixture().open(file, targets);
  }

  private Seen seen(
      Direction direction,
      Fixture fixture,
      Loop loop,
      PrivateFileCopy privateCopy,
      List<SystemCall> straced)
      throws IOException {
    RoundSize once = once(privateCopy.bytes());
    pass(fixture, loop, new RoundSize(once.region(), once.piece(), WARM_UP_PASSES));
    List<SystemCall> made = systemCalls.areCounted() ? traced(fixture, loop, once) : straced;
    RoundSize counted = new RoundSize(once.region(), once.piece(), COUNTED_PASSES);
    Usage usage = pass(fixture, loop, counted);
    long passes = counted.passes();
    return new Seen(
        once.bytes(),
        made,
        made == null ? null : throughUserSpace(made),
        usage.userMicros() / passes,
        usage.systemMicros() / passes,
        usage.voluntarySwitches() / passes,
        usage.involuntarySwitches() / passes,
        usage.minorFaults() / passes,
        usage.majorFaults() / passes,
        cold(direction, fixture, loop, once, privateCopy));
  }

  private List<SystemCall> traced(Fixture fixture, Loop loop, RoundSize once) throws IOException {
    fixture.begin(once);
    List<SystemCall> made = systemCalls.during(fixture, () -> move(fixture, loop, once));
    fixture.finish();
    fixture.tidy();
    return made;
  }

  /** What the transferring thread used for it. */
  static Usage pass(Fixture fixture, Loop loop, RoundSize roundSize) throws IOException {
    fixture.begin(roundSize);
    Usage before = fixture.inWorker(Usage::ofThread);
    move(fixture, loop, roundSize);
    Usage used = fixture.inWorker(Usage::ofThread).since(before);
    fixture.finish();
    fixture.tidy();
    return used;
  }

  static void move(Fixture fixture, Loop loop, RoundSize roundSize) throws IOException {
    OpenChannels channels = fixture.channels();
    for (int pass = 0; pass < roundSize.passes(); pass++) {
      channels.rewind();
      loop.run(channels, roundSize.region(), roundSize.piece());
    }
  }

  /**
   * Null where it is another process that reads the file, memory is all the device there is, or the
   * file could not be dropped.
   */
  private static Long cold(
      Direction direction, Fixture fixture, Loop loop, RoundSize once, PrivateFileCopy privateCopy)
      throws IOException {
    boolean readsTheFile =
        direction == Direction.FILE_TO_SOCKET || direction == Direction.FILE_TO_FILE;
    if (!readsTheFile || !privateCopy.hasDevice() || !privateCopy.isDroppedFromCache()) {
      return null;
    }
    long blocks = pass(fixture, loop, once).blockReads();
    try (FileChannel channel = FileChannel.open(privateCopy.path(), StandardOpenOption.READ)) {
      Digests.sha256(channel, privateCopy.bytes());
    }
    return blocks;
  }

  private static long throughUserSpace(List<SystemCall> made) {
    return made.stream()
        .filter(call -> THROUGH_USER_SPACE.contains(call.name()))
        .mapToLong(SystemCall::answered)
        .sum();
  }
}
