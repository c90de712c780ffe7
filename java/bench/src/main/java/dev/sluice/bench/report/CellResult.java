package dev.sluice.bench.report;

import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;

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
 * @param conditions what holds for every contender of the cell, by name
 * @param sha256 of the region
 * @param warmUpRounds made by each contender before the first measured one, in each JVM
 * @param rounds measured, of all JVMs
 * @param sharedRounds those that every contender took part in, but for those that were sampled; the
 *     figures of the contenders are over these rounds
 * @param compilerMillis what the JIT compiler still worked while the rounds were measured
 * @param toNio AUTO against NIO, or null where either is missing
 * @param toLoop AUTO against the loop written by hand, or null where either is missing
 * @param toC AUTO against the fastest C loop whose call it could have chosen, or null
 * @param toAgainst AUTO against that of another build of Sluice, or null where there is none
 * @param failure why the cell could not be measured in some JVM, else null
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
    Map<String, String> conditions,
    String sha256,
    int warmUpRounds,
    int rounds,
    int sharedRounds,
    long compilerMillis,
    Comparison toNio,
    Comparison toLoop,
    Comparison toC,
    Comparison toAgainst,
    String failure,
    List<ContenderResult> contenders) {

  /** A cell without the figures that are made of its contenders' rounds. */
  public CellResult(
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
      Map<String, String> conditions,
      String sha256,
      int warmUpRounds,
      int rounds,
      long compilerMillis,
      String failure,
      List<ContenderResult> contenders) {
    this(
        id,
        directionId,
        direction,
        piece,
        pieceBytes,
        regionBytes,
        passes,
        thread,
        connections,
        cpu,
        conditions,
        sha256,
        warmUpRounds,
        rounds,
        0,
        compilerMillis,
        null,
        null,
        null,
        null,
        failure,
        contenders);
  }

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

  /** The verdict on AUTO against NIO, or null where either is missing. */
  public Verdict verdict() {
    return toNio == null ? null : toNio.verdict();
  }

  /** What AUTO is compared with, as far as it is there: NIO, the loop, C, another build. */
  public List<Comparison> comparisons() {
    return Stream.of(toNio, toLoop, toC, toAgainst).filter(Objects::nonNull).toList();
  }

  /** Whether the loop written by hand does as well as AUTO, or better. */
  public boolean loopIsEnough() {
    return toLoop != null
        && (toLoop.verdict() == Verdict.LEVEL || toLoop.verdict() == Verdict.LOSS);
  }

  /** Whether it is a direction and a size alone: one platform thread, the usual conditions. */
  public boolean isUsual() {
    return id.split("/").length == 2;
  }

  /** The bytes of a round, over all connections. */
  public long roundBytes() {
    return regionBytes * passes * connections;
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
