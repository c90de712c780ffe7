package dev.sluice.bench.textbook;

import dev.sluice.UnsupportedMechanismException;
import dev.sluice.bench.cell.Direction;
import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.count.Strace;
import dev.sluice.bench.count.SystemCallCounter;
import dev.sluice.bench.count.SystemCalls;
import dev.sluice.bench.fixture.Workspace;
import dev.sluice.bench.loop.RoundSize;
import dev.sluice.bench.measure.Digests;
import dev.sluice.bench.measure.RefusedCallException;
import dev.sluice.bench.measure.Usage;
import dev.sluice.bench.report.MechanismResult;
import dev.sluice.bench.report.MechanismResult.Seen;
import dev.sluice.bench.report.MechanismResult.Sharing;
import dev.sluice.bench.report.MechanismResult.SystemCall;
import dev.sluice.bench.report.Outcome;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * The table that textbooks print, measured. Each implementation is compiled, moves the same file
 * several times, and the kernel's own counters tell what that took. A figure that the kernel does
 * not give is left out.
 */
public final class TextbookTable {
  /** The name of the table for {@code --only}. */
  public static final String NAME = "textbook";

  private static final List<Direction> DIRECTIONS =
      List.of(
          Direction.FILE_TO_SOCKET,
          Direction.FILE_TO_FILE,
          Direction.SOCKET_TO_FILE,
          Direction.SOCKET_TO_SOCKET);

  /** The steps of the progress that the table takes: its directions. */
  public static final int STEPS = DIRECTIONS.size();

  /** Passes that are measured, and as many again that are traced. */
  static final int PASSES = 10;

  private final Workspace workspace;
  private final SystemCalls systemCalls;
  private final boolean sluice;

  public TextbookTable(Workspace workspace, SystemCalls systemCalls, boolean sluice) {
    this.workspace = workspace;
    this.systemCalls = systemCalls;
    this.sluice = sluice;
  }

  /**
   * Measures every row, and hands each over as it is done.
   *
   * @param begun told the title of each direction as it begins
   */
  public void measure(Consumer<String> begun, Consumer<MechanismResult> rows) throws IOException {
    try (PrivateFileCopy privateCopy =
        PrivateFileCopy.of(workspace.file(), workspace.directory())) {
      for (Direction direction : DIRECTIONS) {
        begun.accept("the textbook's table: " + direction.title());
        Map<String, List<List<SystemCall>>> straced = straced(direction, privateCopy);
        for (Implementation implementation : TextbookPass.implementations(direction, sluice)) {
          rows.accept(
              row(
                  direction,
                  implementation,
                  privateCopy,
                  straced.getOrDefault(implementation.name(), List.of())));
        }
      }
    }
  }

  /**
   * The system calls of each implementation by strace, if the kernel lets no process count its own
   * and strace is there.
   */
  private Map<String, List<List<SystemCall>>> straced(
      Direction direction, PrivateFileCopy privateCopy) {
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
      List<List<SystemCall>> straced) {
    Seen seen = null;
    Outcome outcome = Outcome.MEASURED;
    String reason = null;
    try (TextbookPass pass = TextbookPass.open(direction, implementation, privateCopy.path())) {
      seen = seen(direction, pass, privateCopy, straced);
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

  private Seen seen(
      Direction direction,
      TextbookPass pass,
      PrivateFileCopy privateCopy,
      List<List<SystemCall>> straced)
      throws IOException {
    RoundSize once = TextbookPass.once(privateCopy.bytes());
    pass.warmUp(once);
    List<Usage> usages = new ArrayList<>();
    for (int i = 0; i < PASSES; i++) {
      usages.add(pass.usage(once));
    }
    return PassSummary.of(
        once.bytes(),
        usages,
        systemCalls.areCounted() ? traced(pass, once) : straced,
        coldBlockReads(direction, pass, once, privateCopy));
  }

  /** The system calls of each pass of which the kernel lost none. */
  private List<List<SystemCall>> traced(TextbookPass pass, RoundSize once) throws IOException {
    List<List<SystemCall>> traced = new ArrayList<>();
    try (SystemCallCounter counter = systemCalls.counter()) {
      for (int i = 0; i < PASSES; i++) {
        pass.fixture().begin(once);
        List<SystemCall> made = counter.during(pass.fixture(), () -> pass.move(once));
        pass.fixture().finish();
        pass.fixture().tidy();
        if (made != null) {
          traced.add(made);
        }
      }
    }
    return traced;
  }

  /**
   * The blocks that a pass reads from the device when the file is not in the page cache. Null where
   * another process reads the file, where memory is all the device there is, or where the file
   * could not be dropped.
   */
  private static Long coldBlockReads(
      Direction direction, TextbookPass pass, RoundSize once, PrivateFileCopy privateCopy)
      throws IOException {
    boolean readsTheFile =
        direction == Direction.FILE_TO_SOCKET || direction == Direction.FILE_TO_FILE;
    if (!readsTheFile || !privateCopy.hasDevice() || !privateCopy.isDroppedFromCache()) {
      return null;
    }
    long blocks = pass.usage(once).blockReads();
    try (FileChannel channel = FileChannel.open(privateCopy.path(), StandardOpenOption.READ)) {
      Digests.sha256(channel, privateCopy.bytes());
    }
    return blocks;
  }
}
