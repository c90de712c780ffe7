package dev.sluice.tests.chaos;

import org.jspecify.annotations.Nullable;

/** A rule that did not hold. */
final class RuleViolation extends Exception {
  private static final long serialVersionUID = 1;

  /** The rules that have to hold after every scenario. */
  enum Rule {
    /** No call moves more than it was asked to. */
    COUNT,
    /** Taken is delivered and stranded: each byte is where it was told to be. */
    SUM,
    /** Two channels in blocking mode that nobody disturbs give and take all. */
    COMPLETE,
    /** An error of a socket is thrown once at least, by Sluice or by the JDK. */
    OWED,
    /** The exception is the one that the Javadoc names, with the JDK's text. */
    REASON,
    /** Stranded bytes are told by the public exception, suppressed in the true reason. */
    STRANDED,
    /** Files stand where they should. */
    POSITION,
    /** An interrupt leaves the status set and both channels closed. */
    INTERRUPT,
    /** A lock of a file outlives the transfer. */
    LOCK,
    /** Every transfer, and every plain call after it, ends. */
    END,
    /** No descriptor is left open. */
    DESCRIPTORS
  }

  /** Breaks of one rule that have another cause differ in this. */
  private final String kind;

  RuleViolation(Rule rule, String text) {
    super(rule + ": " + text);
    kind = rule.name();
  }

  private RuleViolation(Rule rule, String text, Throwable failure) {
    super(rule + ": " + text);
    kind = rule + String.valueOf(failure).replaceAll("\\d+", "");
  }

  /** Of which kind it is. */
  String kind() {
    return kind;
  }

  /** As {@link #check}, with the exception that a call threw. */
  static void check(boolean holds, Rule rule, @Nullable Throwable failure, String text)
      throws RuleViolation {
    if (!holds) {
      throw failure == null
          ? new RuleViolation(rule, text)
          : new RuleViolation(rule, text, failure);
    }
  }

  static void check(boolean holds, Rule rule, String text) throws RuleViolation {
    if (!holds) {
      throw new RuleViolation(rule, text);
    }
  }
}
