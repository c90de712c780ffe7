package dev.sluice.tests.chaos;

import static dev.sluice.tests.chaos.RuleViolation.check;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.chaos.RuleViolation.Rule;
import dev.sluice.tests.chaos.Scenario.Ending;
import dev.sluice.tests.chaos.Scenario.Event;
import dev.sluice.tests.chaos.Scenario.Foreign;
import dev.sluice.tests.chaos.Scenario.Kind;
import dev.sluice.tests.chaos.Scenario.Then;
import dev.sluice.tests.chaos.Scenario.Way;
import java.io.IOException;
import java.nio.channels.AsynchronousCloseException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** The rules, each looked at where it can be seen. */
final class Checks {
  private static final String IO = "java.io.IOException";
  private static final String SOCKET = "java.net.SocketException";
  private static final String RESET_OF_READ = "Connection reset";
  private static final String RESET_OF_WRITE = "Connection reset by peer";
  private static final String BROKEN_PIPE = "Broken pipe";
  private static final String FULL = "the target is in non-blocking mode and full";

  private final Scenario scenario;
  private final TransferThread mover;
  private final ReadableByteChannel source;
  private final WritableByteChannel target;

  /** Bytes that were read by Sluice to see what it owes. */
  private volatile long readAfterwards;

  private volatile @Nullable IOException resetWas;
  private volatile boolean answersAnEnd;

  Checks(
      Scenario scenario,
      TransferThread mover,
      ReadableByteChannel source,
      WritableByteChannel target) {
    this.scenario = scenario;
    this.mover = mover;
    this.source = source;
    this.target = target;
  }

  private List<ReportedResult> told() {
    return mover.told();
  }

  private long moved() {
    return told().stream().mapToLong(ReportedResult::moved).sum();
  }

  private long stranded() {
    return told().stream().mapToLong(ReportedResult::stranded).sum();
  }

  private boolean isExact() {
    return told().stream().allMatch(ReportedResult::isExact);
  }

  private @Nullable ReportedResult failed() {
    return told().stream().filter(told -> told.failure() != null).findFirst().orElse(null);
  }

  private boolean has(Event event) {
    return scenario.meanwhile().event() == event;
  }

  void closedByInterrupt() throws RuleViolation {
    ReportedResult failed = failed();
    if (failed == null || !failed.isFailure(ClosedByInterruptException.class)) {
      return;
    }
    check(has(Event.INTERRUPT), Rule.REASON, "nobody interrupted: " + told());
    check(mover.isInterrupted, Rule.INTERRUPT, "the status is not set: " + told());
    boolean isRegion = scenario.how().way() == Way.REGION;
    check(!target.isOpen(), Rule.INTERRUPT, "the target is open: " + told());
    check(isRegion || !source.isOpen(), Rule.INTERRUPT, "the source is open: " + told());
  }

  /** A lock of this process on the file is a line of {@code /proc/locks}. */
  void locks(FileChannel file, Path path) throws RuleViolation, IOException {
    if (file.isOpen()) {
      String inode = ":" + Files.getAttribute(path, "unix:ino") + " ";
      check(
          Files.readAllLines(Path.of("/proc/locks")).stream().anyMatch(l -> l.contains(inode)),
          Rule.LOCK,
          "the file is not locked any more: " + told());
    }
  }

  /** What came out behind the target. */
  void received(CollectedBytes all, @Nullable ForeignWriter writer) throws RuleViolation {
    CollectedBytes bytes = writer == null ? all : all.only(false);
    counts();
    Foreign foreign = scenario.meanwhile().foreign();
    if (foreign != Foreign.READER) {
      int wrong = ContentPattern.mismatch(bytes, 0);
      check(
          wrong < 0,
          Rule.SUM,
          "byte " + wrong + " of " + bytes.size() + " that arrived is another: " + told());
    }
    long asked =
        told().isEmpty() ? 0 : told().stream().mapToLong(ReportedResult::asked).max().getAsLong();
    check(
        bytes.size() <= Math.max(moved(), asked) || told().size() > 1,
        Rule.COUNT,
        bytes.size() + " bytes arrived: " + told());
    boolean isAllRead = scenario.drain().then() == Then.READ_ALL;
    if (isExact()) {
      check(
          isAllRead ? bytes.size() == moved() : bytes.size() <= moved(),
          Rule.SUM,
          bytes.size() + " bytes arrived, " + moved() + " were told: " + told());
    } else if (isAllRead) {
      check(
          bytes.size() >= moved(),
          Rule.SUM,
          bytes.size() + " bytes arrived, " + moved() + " were told: " + told());
    }
    if (writer != null) {
      CollectedBytes foreignBytes = all.only(true);
      check(
          ContentPattern.foreignMismatch(foreignBytes) < 0,
          Rule.SUM,
          "the bytes of the foreign writer are not what it wrote: " + told());
      check(
          isAllRead ? foreignBytes.size() == writer.written : foreignBytes.size() <= writer.written,
          Rule.SUM,
          foreignBytes.size() + " foreign bytes arrived, " + writer.written + " were written");
    }
  }

  /** What the target file holds. */
  void stored(Path path) throws RuleViolation, IOException {
    counts();
    byte[] content = Files.readAllBytes(path);
    int start = (int) ScenarioRun.start(Kind.FILE);
    CollectedBytes bytes = new CollectedBytes();
    if (content.length > start) {
      bytes.write(content, start, content.length - start);
    }
    if (scenario.meanwhile().foreign() != Foreign.READER) {
      int wrong = ContentPattern.mismatch(bytes, 0);
      check(
          wrong < 0,
          Rule.SUM,
          "byte " + wrong + " of " + bytes.size() + " in the file is another: " + told());
    }
    check(
        isExact() ? bytes.size() == moved() : bytes.size() >= moved(),
        Rule.SUM,
        bytes.size() + " bytes are in the file, " + moved() + " were told: " + told());
    FileChannel file = (FileChannel) target;
    if (file.isOpen() && isExact()) {
      boolean isOwn =
          scenario.how().way() == Way.TRANSFER || scenario.channels().source() == Kind.FILE;
      long expected = start + (isOwn ? moved() : 0);
      check(
          file.position() == expected,
          Rule.POSITION,
          "the target stands at " + file.position() + ", not at " + expected + ": " + told());
    }
  }

  /** A file that is the source. */
  void sourceFile() throws RuleViolation, IOException {
    FileChannel file = (FileChannel) source;
    check(stranded() == 0, Rule.SUM, "a file can be read again: " + told());
    if (file.isOpen() && isExact()) {
      long start = ScenarioRun.start(Kind.FILE);
      long expected = start + (scenario.how().way() == Way.TRANSFER ? moved() : 0);
      check(
          file.position() == expected,
          Rule.POSITION,
          "the source stands at " + file.position() + ", not at " + expected + ": " + told());
    }
  }

  /**
   * Reads by Sluice what a stream has left that gets reset: after it nothing but an exception is a
   * truthful answer.
   */
  void owedToSluice(FileChannel scratch, BooleanSupplier isReset) {
    boolean blocks = scenario.channels().sourceBlocks();
    for (int zeros = 0; zeros < (blocks ? 1 : 20); ) {
      try {
        boolean wasReset = isReset.getAsBoolean();
        long moved = Sluice.transfer(source, scratch, 1 << 20);
        readAfterwards += moved;
        zeros += moved == 0 && (blocks || wasReset) ? 1 : 0;
      } catch (IOException e) {
        ReportedResult told = ReportedResult.thrown(1 << 20, e);
        readAfterwards += told.moved() + told.stranded();
        resetWas = e;
        return;
      }
    }
    answersAnEnd = true;
  }

  /** What came of it. */
  void owed() throws RuleViolation {
    check(
        !answersAnEnd || hasToldReset(),
        Rule.OWED,
        "the source was reset, and after "
            + readAfterwards
            + " bytes more Sluice answers 0, as at an end: "
            + told());
    IOException reset = resetWas;
    check(
        reset == null
            || hasFailed()
            || ReportedResult.thrown(0, reset).isFailure(SOCKET, RESET_OF_READ),
        Rule.REASON,
        reset,
        "after a reset the next call threw " + reset + ": " + told());
  }

  private boolean hasFailed() {
    return failed() != null;
  }

  private boolean hasToldReset() {
    return resetWas != null || hasFailed();
  }

  /** Of the stream that is the source. */
  void sum(long fed, @Nullable PlainReader rest) throws RuleViolation {
    check(
        moved() + stranded() <= fed,
        Rule.SUM,
        "more than the " + fed + " bytes that were sent: " + told());
    if (rest == null || !isExact()) {
      return;
    }
    CollectedBytes left = rest.taken();
    long taken = moved() + stranded() + readAfterwards;
    boolean isReset = scenario.supply().ending() == Ending.RESET;
    if (scenario.meanwhile().foreign() != Foreign.READER) {
      int wrong = ContentPattern.mismatch(left, taken);
      check(
          wrong < 0,
          Rule.SUM,
          "byte "
              + wrong
              + " of the "
              + left.size()
              + " left in the source is not the "
              + (taken + Math.max(0, wrong))
              + "th that was sent: "
              + told());
    }
    check(
        isReset ? taken + left.size() <= fed : taken + left.size() == fed,
        Rule.SUM,
        fed + " bytes were sent, " + left.size() + " were left: " + told());
    if (isReset) {
      check(
          rest.failure != null || hasToldReset(),
          Rule.OWED,
          "the source was reset, and a plain read answers -1, as at an end: " + told());
    }
  }

  private void counts() throws RuleViolation {
    long place = 0;
    for (ReportedResult told : told()) {
      check(told.moved() <= told.asked() && told.moved() >= 0, Rule.COUNT, "too many: " + told());
      check(
          told.isToldWell(),
          Rule.STRANDED,
          told.failure(),
          "stranded bytes are not told as they should be: " + told());
      if (scenario.isUndisturbed() && !told.isFailure(UnsupportedMechanismException.class)) {
        long expected = Math.min(told.asked(), scenario.supply().bytes() - place);
        check(
            told.failure() == null && told.moved() == expected,
            told.failure() == null ? Rule.COMPLETE : Rule.REASON,
            told.failure(),
            "nothing disturbed a transfer that should give " + expected + ": " + told());
      }
      place += told.moved();
    }
  }

  /** Whether the exception is one that what happened explains. */
  void reasons(boolean foreignMetTheError) throws RuleViolation {
    ReportedResult failed = failed();
    if (failed == null) {
      return;
    }
    check(
        isExplained(failed, foreignMetTheError),
        Rule.REASON,
        failed.failure(),
        "nothing explains " + told());
  }

  private boolean isExplained(ReportedResult failed, boolean foreignMetTheError) {
    boolean isClosed = has(Event.CLOSE_SOURCE) || has(Event.CLOSE_TARGET);
    if (failed.isFailure(AsynchronousCloseException.class)
        || failed.isFailure(ClosedChannelException.class)) {
      return isClosed || has(Event.SHUTDOWN_OUTPUT);
    }
    if (failed.isFailure(ClosedByInterruptException.class)) {
      return has(Event.INTERRUPT);
    }
    if (failed.isFailure(UnsupportedMechanismException.class)) {
      return scenario.how().mechanism() != Mechanism.AUTO
          && failed.moved() + failed.stranded() == 0;
    }
    if (failed.isFailure(SOCKET, RESET_OF_READ)) {
      return scenario.supply().ending() == Ending.RESET;
    }
    if (failed.isFailure(IO, FULL)) {
      return isContended() && failed.stranded() > 0;
    }
    boolean isGone = scenario.drain().then() != Then.READ_ALL;
    if (failed.isFailure(IO, RESET_OF_WRITE)) {
      // The close of a unix-domain socket with bytes unread resets its peer, which a write that
      // waits is told.
      Kind target = scenario.channels().target();
      return isGone && (target == Kind.TCP || target == Kind.UNIX);
    }
    if (failed.isFailure(IO, BROKEN_PIPE)) {
      // A reset is ECONNRESET to whoever meets it first, and EPIPE to everybody after.
      return isGone
          && (scenario.drain().then() != Then.RESET || foreignMetTheError || kernelMetTheError());
    }
    return false;
  }

  /**
   * Whether sendfile or splice may have lost the reset: they send several times in one call, and
   * answer what went before. An ordinary write keeps the error for the next call.
   */
  private boolean kernelMetTheError() {
    Mechanism mechanism = scenario.how().mechanism();
    return (mechanism == Mechanism.AUTO
            || mechanism == Mechanism.SENDFILE
            || mechanism == Mechanism.SPLICE)
        && told().stream().anyMatch(told -> told.moved() > 0 && told.moved() < told.asked());
  }

  /**
   * Whether another thread may fill a target in non-blocking mode between a transfer's look at it
   * and its write: without the JDK's internals nothing keeps it away.
   */
  private boolean isContended() {
    return "off".equals(System.getProperty("dev.sluice.internals"))
        && scenario.meanwhile().foreign() == Foreign.WRITER
        && !scenario.channels().targetBlocks();
  }
}
