package dev.sluice.tests.transfer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.Mechanism;
import dev.sluice.tests.support.Implementation;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The one body of cases leaves no mechanism out. */
class ImplementationTest {
  @Test
  void everyExactMechanismIsTested() {
    List<String> exact = Arrays.stream(Mechanism.values()).skip(1).map(Enum::name).toList();
    List<String> tested = Arrays.stream(Implementation.values()).map(Enum::name).toList();
    assertEquals(exact, tested.stream().filter(exact::contains).toList());
  }
}
