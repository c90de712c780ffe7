package dev.sluice.tests.chaos;

import static dev.sluice.tests.chaos.RuleViolation.check;

import dev.sluice.UnsupportedMechanismException;
import dev.sluice.tests.chaos.RuleViolation.Rule;
import dev.sluice.tests.chaos.Scenario.Ending;
import dev.sluice.tests.chaos.Scenario.Foreign;
import dev.sluice.tests.chaos.Scenario.Kind;
import dev.sluice.tests.chaos.Scenario.Then;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** The rules about bytes and counts: each byte arrives once, in order, and is counted. */
final class ByteChecks {
  private final ScenarioResult result;
  private final ResetChecks resets;

  ByteChecks(ScenarioResult result, ResetChecks resets) {
    this.result = result;
    this.resets = resets;
  }

  /** A lock of this process on the file is a line of {@code /proc/locks}. */
  void locks(FileChannel file, Path path) throws RuleViolation, IOException {
    if (file.isOpen()) {
      String inode = ":" + Files.getAttribute(path, "unix:ino") + " ";
      check(
          Files.readAllLines(Path.of("/proc/locks")).stream().anyMatch(l -> l.contains(inode)),
          Rule.LOCK,
          "the file is not locked any more: " + result.told());
    }
  }

  /** Checks the bytes that came out behind the target. */
  void received(CollectedBytes all, @Nullable ForeignWriter writer) throws RuleViolation {
    CollectedBytes bytes = writer == null ? all : all.only(false);
    counts();
    Foreign foreign = result.scenario().meanwhile().foreign();
    if (foreign != Foreign.READER) {
      int wrong = ContentPattern.mismatch(bytes, 0);
      check(
          wrong < 0,
          Rule.SUM,
          "byte " + wrong + " of " + bytes.size() + " that arrived is another: " + result.told());
    }
    long asked =
        result.told().isEmpty()
            ? 0
            : result.told().stream().mapToLong(ReportedResult::asked).max().getAsLong();
    check(
        bytes.size() <= Math.max(result.moved(), asked) || result.told().size() > 1,
        Rule.COUNT,
        bytes.size() + " bytes arrived: " + result.told());
    boolean isAllRead = result.scenario().drain().then() == Then.READ_ALL;
    if (result.isExact()) {
      check(
          isAllRead ? bytes.size() == result.moved() : bytes.size() <= result.moved(),
          Rule.SUM,
          bytes.size() + " bytes arrived, " + result.moved() + " were told: " + result.told());
    } else if (isAllRead) {
      check(
          bytes.size() >= result.moved(),
          Rule.SUM,
          bytes.size() + " bytes arrived, " + result.moved() + " were told: " + result.told());
    }
    if (writer != null) {
      CollectedBytes foreignBytes = all.only(true);
      check(
          ContentPattern.foreignMismatch(foreignBytes) < 0,
          Rule.SUM,
          "the bytes of the foreign writer are not what it wrote: " + result.told());
      check(
          isAllRead ? foreignBytes.size() == writer.written : foreignBytes.size() <= writer.written,
          Rule.SUM,
          foreignBytes.size() + " foreign bytes arrived, " + writer.written + " were written");
    }
  }

  /** Checks the bytes that the target file holds. */
  void stored(Path path) throws RuleViolation, IOException {
    counts();
    byte[] content = Files.readAllBytes(path);
    int start = (int) ScenarioRun.start(Kind.FILE);
    CollectedBytes bytes = new CollectedBytes();
    if (content.length > start) {
      bytes.write(content, start, content.length - start);
    }
    if (result.scenario().meanwhile().foreign() != Foreign.READER) {
      int wrong = ContentPattern.mismatch(bytes, 0);
      check(
          wrong < 0,
          Rule.SUM,
          "byte " + wrong + " of " + bytes.size() + " in the file is another: " + result.told());
    }
    check(
        result.isExact() ? bytes.size() == result.moved() : bytes.size() >= result.moved(),
        Rule.SUM,
        bytes.size()
            + " bytes are in the file, "
            + result.moved()
            + " were told: "
            + result.told());
    FileChannel file = (FileChannel) result.target();
    if (file.isOpen() && result.isExact()) {
      boolean isOwn =
          result.scenario().how().way().isAtOwnPosition()
              || result.scenario().channels().source() == Kind.FILE;
      long expected = start + (isOwn ? result.moved() : 0);
      check(
          file.position() == expected,
          Rule.POSITION,
          "the target stands at "
              + file.position()
              + ", not at "
              + expected
              + ": "
              + result.told());
    }
  }

  /** Checks a source that is a file. */
  void sourceFile() throws RuleViolation, IOException {
    FileChannel file = (FileChannel) result.source();
    check(result.stranded() == 0, Rule.SUM, "a file can be read again: " + result.told());
    if (file.isOpen() && result.isExact()) {
      long start = ScenarioRun.start(Kind.FILE);
      long expected =
          start + (result.scenario().how().way().isAtOwnPosition() ? result.moved() : 0);
      check(
          file.position() == expected,
          Rule.POSITION,
          "the source stands at "
              + file.position()
              + ", not at "
              + expected
              + ": "
              + result.told());
    }
  }

  /** Checks the sum of a source that is a stream. */
  void sum(long fed, @Nullable PlainReader rest) throws RuleViolation {
    check(
        result.moved() + result.stranded() <= fed,
        Rule.SUM,
        "more than the " + fed + " bytes that were sent: " + result.told());
    if (rest == null || !result.isExact()) {
      return;
    }
    CollectedBytes left = rest.taken();
    long taken = result.moved() + result.stranded() + resets.readAfterwards();
    boolean isReset = result.scenario().supply().ending() == Ending.RESET;
    if (result.scenario().meanwhile().foreign() != Foreign.READER) {
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
              + result.told());
    }
    check(
        isReset ? taken + left.size() <= fed : taken + left.size() == fed,
        Rule.SUM,
        fed + " bytes were sent, " + left.size() + " were left: " + result.told());
    if (isReset) {
      check(
          rest.failure != null || resets.hasToldReset(),
          Rule.OWED,
          "the source was reset, and a plain read answers -1, as at an end: " + result.told());
    }
  }

  private void counts() throws RuleViolation {
    long place = 0;
    for (ReportedResult told : result.told()) {
      check(
          told.moved() <= told.asked() && told.moved() >= 0,
          Rule.COUNT,
          "too many: " + result.told());
      check(
          told.isToldWell(),
          Rule.STRANDED,
          told.failure(),
          "stranded bytes are not told as they should be: " + result.told());
      if (result.scenario().isUndisturbed()
          && !told.isFailure(UnsupportedMechanismException.class)) {
        long expected = Math.min(told.asked(), result.scenario().supply().bytes() - place);
        check(
            told.failure() == null && told.moved() == expected,
            told.failure() == null ? Rule.COMPLETE : Rule.REASON,
            told.failure(),
            "nothing disturbed a transfer that should give " + expected + ": " + result.told());
      }
      place += told.moved();
    }
  }
}
