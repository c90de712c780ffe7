package dev.sluice.tests.channel;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The end of a transfer that was closed, interrupted or left by its peer.
 *
 * @param end "count", or the simple name of the exception's class
 * @param count the bytes that the transfer answered, or -1
 * @param message of the exception, or where a transfer hangs, or null
 * @param transferMillis from the act to the end of the transfer, or -1 where it hung
 * @param actorMillis how long the act took, or -1 where it hung
 * @param sourceOpen whether the source was open afterwards
 * @param targetOpen whether the target was open afterwards
 * @param interrupted whether the thread's interrupt status was set afterwards
 * @param arrived the bytes that the target's peer got, or that the target file has; -1 where that
 *     does not tell
 */
record GuardOutcome(
    String end,
    long count,
    String message,
    long transferMillis,
    long actorMillis,
    boolean sourceOpen,
    boolean targetOpen,
    boolean interrupted,
    long arrived) {

  private static final Pattern STORED = Pattern.compile("(\\d+) bytes reached the target");

  /** The bytes that an exception says were stored. */
  long stored() {
    Matcher stored = STORED.matcher(message == null ? "" : message);
    return stored.find() ? Long.parseLong(stored.group(1)) : 0;
  }

  boolean hung() {
    return transferMillis < 0 || actorMillis < 0;
  }
}
