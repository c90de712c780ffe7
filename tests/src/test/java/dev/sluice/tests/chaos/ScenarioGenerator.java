package dev.sluice.tests.chaos;

import dev.sluice.Mechanism;
import dev.sluice.tests.chaos.Scenario.ChannelSetup;
import dev.sluice.tests.chaos.Scenario.Drain;
import dev.sluice.tests.chaos.Scenario.Ending;
import dev.sluice.tests.chaos.Scenario.Event;
import dev.sluice.tests.chaos.Scenario.Foreign;
import dev.sluice.tests.chaos.Scenario.How;
import dev.sluice.tests.chaos.Scenario.Kind;
import dev.sluice.tests.chaos.Scenario.Meanwhile;
import dev.sluice.tests.chaos.Scenario.Supply;
import dev.sluice.tests.chaos.Scenario.Then;
import dev.sluice.tests.chaos.Scenario.Way;
import java.util.List;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.RandomGenerator;
import net.jqwik.api.Shrinkable;
import net.jqwik.api.Tuple;

/** Makes scenarios by their seeds. To be used by one thread, in a session of jqwik's. */
final class ScenarioGenerator {
  private static final int LARGE = 9 << 20;

  private final RandomGenerator<Scenario> generator = arbitrary().generator(1000);

  Shrinkable<Scenario> of(long seed) {
    return generator.next(new Random(seed));
  }

  private static Arbitrary<Scenario> arbitrary() {
    Arbitrary<Scenario> any =
        Combinators.combine(channels(), how(), supply(), drain(), meanwhile(), counts())
            .as(Scenario::new);
    return Arbitraries.frequencyOf(Tuple.of(24, any), Tuple.of(1, stalled()))
        .map(Scenario::sensible);
  }

  /**
   * One stream to another of more than all buffers hold, whose reader stops for long in the middle,
   * and whose writer goes on: nothing but the count ends it.
   */
  private static Arbitrary<Scenario> stalled() {
    Arbitrary<Kind> sources =
        Arbitraries.frequency(
            Tuple.of(6, Kind.TCP), Tuple.of(1, Kind.UNIX), Tuple.of(1, Kind.PIPE));
    Arbitrary<Kind> targets =
        Arbitraries.frequency(
            Tuple.of(6, Kind.TCP), Tuple.of(1, Kind.UNIX), Tuple.of(1, Kind.PIPE));
    return Combinators.combine(
            Combinators.combine(sources, targets)
                .as((source, target) -> new ChannelSetup(source, target, true, true, false, false)),
            Arbitraries.of(true, true, false).map(v -> new How(v, Way.TRANSFER, Mechanism.AUTO)),
            Arbitraries.integers()
                .between(13 << 20, 15 << 20)
                .map(bytes -> new Supply(bytes, Ending.HALF_CLOSE, 0, 0)),
            Combinators.combine(
                    Arbitraries.integers().between(5 << 20, 7 << 20),
                    Arbitraries.of(3000, 3000, 200))
                .as((after, millis) -> new Drain(after, millis, Then.READ_ALL)),
            Arbitraries.just(new Meanwhile(Event.NOTHING, 0, Foreign.NOBODY, true)),
            Arbitraries.integers().between(11 << 20, 12 << 20))
        .as(
            (channels, how, supply, drain, meanwhile, count) ->
                new Scenario(channels, how, supply, drain, meanwhile, List.of(count)));
  }

  private static Arbitrary<ChannelSetup> channels() {
    Arbitrary<Kind> kinds = Arbitraries.of(Kind.class);
    return Combinators.combine(
            kinds, kinds, mostly(true, 3), mostly(true, 3), mostly(true, 2), mostly(false, 10))
        .as(ChannelSetup::new);
  }

  private static Arbitrary<How> how() {
    return Combinators.combine(
            Arbitraries.of(false, true),
            Arbitraries.frequency(
                Tuple.of(6, Way.TRANSFER),
                Tuple.of(4, Way.POSITIONED),
                Tuple.of(1, Way.EXPLAINED),
                Tuple.of(1, Way.WRAPPED),
                Tuple.of(1, Way.REGION),
                Tuple.of(3, Way.LIMITED),
                Tuple.of(2, Way.COMPOSITE),
                Tuple.of(2, Way.UNCACHED)),
            Arbitraries.frequencyOf(
                Tuple.of(5, Arbitraries.just(Mechanism.AUTO)),
                Tuple.of(2, Arbitraries.of(Mechanism.READ_WRITE, Mechanism.SPLICE)),
                Tuple.of(1, Arbitraries.of(Mechanism.class))))
        .as(How::new);
  }

  private static Arbitrary<Supply> supply() {
    return Combinators.combine(sizes(), Arbitraries.of(Ending.class), sizes(), stalls())
        .as(Supply::new);
  }

  private static Arbitrary<Drain> drain() {
    Arbitrary<Then> then =
        Arbitraries.frequency(
            Tuple.of(5, Then.READ_ALL), Tuple.of(1, Then.CLOSE), Tuple.of(1, Then.RESET));
    return Combinators.combine(sizes(), stalls(), then).as(Drain::new);
  }

  private static Arbitrary<Meanwhile> meanwhile() {
    Arbitrary<Event> events =
        Arbitraries.frequencyOf(
            Tuple.of(2, Arbitraries.just(Event.NOTHING)), Tuple.of(1, Arbitraries.of(Event.class)));
    Arbitrary<Foreign> foreign =
        Arbitraries.frequencyOf(
            Tuple.of(4, Arbitraries.just(Foreign.NOBODY)),
            Tuple.of(1, Arbitraries.of(Foreign.class)));
    return Combinators.combine(
            events, Arbitraries.integers().between(0, 20), foreign, Arbitraries.of(true, false))
        .as(Meanwhile::new);
  }

  private static Arbitrary<List<Integer>> counts() {
    return sizes().list().ofMinSize(1).ofMaxSize(3);
  }

  private static Arbitrary<Integer> sizes() {
    return Arbitraries.frequencyOf(
        Tuple.of(1, Arbitraries.of(0, 1, 4096, 65_536, 65_537)),
        Tuple.of(3, Arbitraries.integers().between(0, 20_000)),
        Tuple.of(4, Arbitraries.integers().between(0, 600_000)),
        Tuple.of(2, Arbitraries.integers().between(0, LARGE)));
  }

  /** In milliseconds; long ones are rare, for they make the run slow. */
  private static Arbitrary<Integer> stalls() {
    return Arbitraries.frequencyOf(
        Tuple.of(4, Arbitraries.just(0)),
        Tuple.of(4, Arbitraries.integers().between(1, 20)),
        Tuple.of(1, Arbitraries.of(60, 300)));
  }

  /** One value, but every {@code n}th time the other. */
  private static Arbitrary<Boolean> mostly(boolean value, int n) {
    return Arbitraries.frequency(Tuple.of(n - 1, value), Tuple.of(1, !value));
  }
}
