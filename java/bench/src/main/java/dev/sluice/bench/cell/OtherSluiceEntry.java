package dev.sluice.bench.cell;

import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.PathCopier;
import dev.sluice.bench.loop.SmallFiles;
import dev.sluice.bench.report.Role;
import dev.sluice.bench.sluice.OtherSluice;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * The entry of another build of Sluice: its drop-in, where the direction has one that transfers.
 */
final class OtherSluiceEntry {
  private OtherSluiceEntry() {}

  static Optional<ImplementationEntry> of(
      OtherSluice other, Direction direction, Conditions conditions) {
    return loops(other, direction, conditions)
        .map(
            loops -> new ImplementationEntry("AUTO of " + other.name(), Role.AGAINST, null, loops));
  }

  private static Optional<Supplier<Supplier<Loop>>> loops(
      OtherSluice other, Direction direction, Conditions conditions) {
    return switch (direction) {
      case FILE_TO_SOCKET, FILE_TO_UNIX, FILE_TO_FILE, FILE_TO_OTHER, FILE_TO_PIPE ->
          Optional.of(other::transferTo);
      case FILE_FROM_FILE, SOCKET_TO_FILE, PIPE_TO_FILE -> Optional.of(other::transferFrom);
      case SOCKET_TO_SOCKET -> Optional.of(other::transfer);
      case COPY, SPARSE_COPY ->
          Optional.of(() -> PathCopier.loops(other.copy(conditions.copyOptions())));
      case SMALL_FILES -> Optional.of(() -> SmallFiles.loops(other.copy(conditions.copyOptions())));
      case FILE_TO_SELECTOR, RESPONSE, MAP_READ, MAP_CLOSE -> Optional.empty();
    };
  }
}
