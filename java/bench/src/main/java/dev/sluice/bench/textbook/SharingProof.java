package dev.sluice.bench.textbook;

import dev.sluice.UnsupportedMechanismException;
import dev.sluice.bench.cell.Direction;
import dev.sluice.bench.cell.Implementation;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.measure.RefusedCallException;
import dev.sluice.bench.report.MechanismResult.Sharing;
import dev.sluice.bench.report.MechanismResult.Sharing.Answer;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The proof whether pages are copied or shared. A few pages are sent, the file is changed, and only
 * then does the receiver read. If the receiver reads the change, it was given the pages of the
 * file; if not, a copy.
 */
public final class SharingProof {
  /**
   * So few bytes fit into every buffer on the way, and the send ends although the receiver does not
   * read.
   */
  public static final int BYTES = 32 << 10;

  /** The targets that the implementations of file to socket serve as well, by the name of each. */
  private static final Map<Direction, String> TARGETS = new LinkedHashMap<>();

  static {
    TARGETS.put(Direction.FILE_TO_SOCKET, "TCP");
    TARGETS.put(Direction.FILE_TO_UNIX, "unix socket");
    TARGETS.put(Direction.FILE_TO_PIPE, "pipe");
  }

  private SharingProof() {}

  /** The proofs for an implementation of a direction; none where no file is sent. */
  static List<Sharing> of(
      Direction direction, Implementation implementation, PrivateFileCopy privateCopy) {
    List<Sharing> proofs = new ArrayList<>();
    if (direction == Direction.FILE_TO_FILE) {
      proofs.add(proof(direction, "file", implementation, privateCopy));
    } else if (direction == Direction.FILE_TO_SOCKET) {
      TARGETS.forEach(
          (towards, target) -> {
            if (implementation.ownFixture() == null || towards == direction) {
              proofs.add(proof(towards, target, implementation, privateCopy));
            }
          });
    }
    return proofs;
  }

  private static Sharing proof(
      Direction direction,
      String target,
      Implementation implementation,
      PrivateFileCopy privateCopy) {
    if (privateCopy.bytes() < BYTES) {
      return new Sharing(target, Answer.NOT_MEASURED, "the file is shorter than " + BYTES);
    }
    try (TextbookPass pass = TextbookPass.open(direction, implementation, privateCopy.path())) {
      return new Sharing(target, answer(pass.fixture(), pass.loop(), privateCopy), null);
    } catch (UnsupportedMechanismException | RefusedCallException e) {
      return new Sharing(target, Answer.NOT_MEASURED, e.getMessage());
    } catch (IOException | RuntimeException | LinkageError e) {
      return new Sharing(target, Answer.NOT_MEASURED, e.toString());
    }
  }

  /** Sends, changes the file, and has the receiver read. */
  public static Answer answer(Fixture fixture, Loop loop, PrivateFileCopy privateCopy)
      throws IOException {
    String before = privateCopy.sha256(BYTES);
    fixture.channels().rewind();
    loop.run(fixture.channels(), BYTES, BYTES);
    privateCopy.change(BYTES);
    String after = privateCopy.sha256(BYTES);
    String received = fixture.digestLater(BYTES);
    if (received.equals(before)) {
      return Answer.COPIED;
    }
    return received.equals(after) ? Answer.SHARED : Answer.PARTLY_SHARED;
  }
}
