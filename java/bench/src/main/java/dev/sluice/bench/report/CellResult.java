package dev.sluice.bench.report;

import java.util.List;
import java.util.Optional;

/**
 * One cell of the matrix.
 *
 * @param id the name for {@code --only}
 * @param directionId the part of the id before the first slash
 * @param direction in words, the heading over the cell
 * @param piece in words
 * @param pieceBytes what each call asks for
 * @param regionBytes the part of the file that each connection moves, from its beginning
 * @param passes how often a round moves the region
 * @param thread the kind of the threads that call, {@code platform} or {@code virtual}
 * @param connections moved at the same time, each by a thread of its own
 * @param cpu the owner of the CPU time: {@code thread}, or {@code process} where several threads
 *     transfer
 * @param sha256 of the region
 * @param warmUpRounds made by each contender before the first measured one
 * @param rounds measured, of each contender
 * @param compilerMillis what the JIT compiler still worked while the rounds were measured
 * @param verdict on AUTO against NIO, or null where either is missing
 * @param ratioToLoop speed of AUTO over the loop written by hand, or null where either is missing
 * @param failure why the cell could not be measured at all, else null
 */
public record CellResult(
    String id,
    String directionId,
    String direction,
    String piece,
    long pieceBytes,
    long regionBytes,
    int passes,
    String thread,
    int connections,
    String cpu,
    String sha256,
    int warmUpRounds,
    int rounds,
    long compilerMillis,
    Verdict verdict,
    Interval ratioToLoop,
    String failure,
    List<ContenderResult> contenders) {

  /** Whether everything that took part was measured, and every byte arrived. */
  public boolean sound() {
    return failure == null && contenders.stream().noneMatch(c -> c.outcome() == Outcome.FAILED);
  }

  /** The contender in a role that only one has. */
  public Optional<ContenderResult> contender(Role role) {
    return contenders.stream()
        .filter(c -> c.role() == role && c.outcome() == Outcome.MEASURED)
        .findFirst();
  }

  /** Whether the loop written by hand does as well as AUTO, or better. */
  public boolean loopIsEnough() {
    return ratioToLoop != null && Verdict.of(ratioToLoop) != Verdict.WIN;
  }

  /**
   * In words, what the cell is beside its direction: the piece, and the threads where there is not
   * just one platform thread.
   */
  public String what() {
    return piece
        + (connections > 1 ? ", " + connections + " connections" : "")
        + (thread.equals("virtual") ? ", virtual threads" : "");
  }
}
