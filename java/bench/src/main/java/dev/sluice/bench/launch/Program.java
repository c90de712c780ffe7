package dev.sluice.bench.launch;

import java.util.Arrays;
import java.util.List;

/** The programs of the jar, by the word that comes first on the command line. */
enum Program {
  COMPARE("compare", "dev.sluice.bench.Compare"),
  JMH("jmh", "org.openjdk.jmh.Main"),
  SLOW_PEERS("slowPeers", "dev.sluice.bench.slow.SlowPeers");

  private final String word;
  private final String mainClass;

  Program(String word, String mainClass) {
    this.word = word;
    this.mainClass = mainClass;
  }

  String mainClass() {
    return mainClass;
  }

  /** The program of a command line; {@code compare} where the first word names none. */
  static Program of(List<String> arguments) {
    return Arrays.stream(values())
        .filter(each -> each.isNamedBy(arguments))
        .findFirst()
        .orElse(COMPARE);
  }

  /** What the command line says behind the word. */
  List<String> ownArguments(List<String> arguments) {
    return isNamedBy(arguments) ? arguments.subList(1, arguments.size()) : arguments;
  }

  private boolean isNamedBy(List<String> arguments) {
    return !arguments.isEmpty() && arguments.get(0).equals(word);
  }
}
