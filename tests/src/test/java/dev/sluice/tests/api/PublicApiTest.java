package dev.sluice.tests.api;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarFile;
import org.junit.jupiter.api.Test;

/**
 * The signatures of package {@code dev.sluice} are those of the snapshot: an API that is changed on
 * purpose changes the snapshot in the same commit.
 *
 * <p>The jar has other classes for JDK 22 and newer. {@code public-api.txt} holds what every JDK
 * sees, {@code public-api-22.txt} what is there from JDK 22 on. To renew them, on the first JDK and
 * then on the second:
 *
 * <pre>./gradlew test17 test25 -Ptest=PublicApiTest -Prenew</pre>
 */
class PublicApiTest {
  private static final String BASE = "public-api.txt";
  private static final String FROM_22 = "public-api-22.txt";

  @Test
  void everyPublicSignatureIsThatOfTheSnapshot() throws Exception {
    List<String> found = found();
    assertTrue(found.size() > 100, found.toString());
    boolean isFrom22 = Runtime.version().feature() >= 22;
    if (Boolean.getBoolean("dev.sluice.tests.renew")) {
      List<String> renewed = new ArrayList<>(found);
      if (isFrom22) {
        renewed.removeAll(Files.readAllLines(sources().resolve(BASE)));
      }
      Files.write(sources().resolve(isFrom22 ? FROM_22 : BASE), renewed);
      return;
    }
    List<String> expected = snapshot(BASE);
    if (isFrom22) {
      expected.addAll(snapshot(FROM_22));
    }
    assertEquals(inOrder(expected), inOrder(found));
  }

  /** As the snapshots are put together: sorted, one line for each signature. */
  private static String inOrder(List<String> lines) {
    return String.join("\n", lines.stream().sorted().toList());
  }

  private static List<String> found()
      throws IOException, ReflectiveOperationException, URISyntaxException {
    File library =
        new File(Sluice.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    try (JarFile jar = new JarFile(library)) {
      return PublicApi.of(jar, Sluice.class.getPackageName());
    }
  }

  private static List<String> snapshot(String name) throws IOException {
    try (InputStream in = PublicApiTest.class.getResourceAsStream(name)) {
      String text =
          new String(Objects.requireNonNull(in, name).readAllBytes(), StandardCharsets.UTF_8);
      return new ArrayList<>(text.lines().toList());
    }
  }

  private static Path sources() {
    String root = Objects.requireNonNull(System.getProperty("dev.sluice.tests.sources"));
    return Path.of(root, "tests/src/test/resources/dev/sluice/tests/api");
  }
}
