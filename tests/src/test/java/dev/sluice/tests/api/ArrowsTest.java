package dev.sluice.tests.api;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchRule;
import dev.sluice.Sluice;
import dev.sluice.bench.Compare;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * Dependencies between packages run one way, in the library as in the comparison. In the library a
 * package knows packages of lower floors only.
 */
@Tag("any-jdk")
class ArrowsTest {
  private static final String PUBLIC = "dev.sluice";
  private static final String INTERNAL = "dev.sluice.internal";
  private static final String COMPARISON = "dev.sluice.bench";

  /** The floor of each package below {@code dev.sluice.internal}, the lowest first. */
  private static final Map<String, Integer> FLOORS =
      Map.of(
          "boundary", 1,
          "jdk", 2,
          "load", 3,
          "channel", 4,
          "transfer", 5,
          "copy", 6,
          "mapping", 7,
          "relay", 7);

  /**
   * What the packages below may know of the public one: types that only hold what happened, and
   * what other libraries implement.
   */
  private static final Set<String> PUBLIC_VALUES =
      Set.of("dev.sluice.StrandedBytesException", "dev.sluice.DescriptorChannel");

  /**
   * Names of classes that no module exports. {@code com.sun.nio.file} is exported, and {@code
   * sun.jnu.encoding} is a property.
   */
  private static final Pattern JDK_INTERNALS =
      Pattern.compile("(?<!com[./])sun[./](nio|misc|net|security)[./]|jdk[./]internal[./]");

  private static final String JDK_22 = "META-INF/versions/22/";

  private static final JavaClasses LIBRARY =
      in(Sluice.class, location -> !location.contains(JDK_22));

  /** The classes that take the place of others on JDK 22 and newer. */
  private static final JavaClasses LIBRARY_FOR_22 =
      in(Sluice.class, location -> location.contains(JDK_22));

  private static JavaClasses in(Class<?> type, ImportOption chosen) {
    try (JarFile jar = jar(type)) {
      return new ClassFileImporter().withImportOption(chosen).importJar(jar);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static JarFile jar(Class<?> type) throws IOException {
    return new JarFile(type.getProtectionDomain().getCodeSource().getLocation().getPath());
  }

  private static String below(String room) {
    return INTERNAL + "." + room + "..";
  }

  private static void check(ArchRule rule) {
    // A package that does not exist has no class to look at.
    rule.allowEmptyShould(true).check(LIBRARY);
    rule.allowEmptyShould(true).check(LIBRARY_FOR_22);
  }

  /** The packages directly below a package, by their last names. */
  private static Set<String> packagesBelow(String name, JavaClasses all) {
    return all.stream()
        .map(JavaClass::getPackageName)
        .filter(found -> found.startsWith(name + "."))
        .map(found -> found.substring(name.length() + 1).split("\\.")[0])
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static Set<String> classesOf(String name, JavaClasses all) {
    return all.stream()
        .filter(type -> type.getPackageName().equals(name) && !type.getName().contains("$"))
        .map(JavaClass::getSimpleName)
        .filter(type -> !type.equals("package-info"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  @Test
  void everyClassOfTheLibraryIsSeen() {
    assertTrue(LIBRARY.contain(Sluice.class));
    assertTrue(LIBRARY.size() > 50, LIBRARY.toString());
    assertEquals(Set.of("SegmentFileChannel", "SegmentRegion"), classesOf(PUBLIC, LIBRARY_FOR_22));
  }

  @Test
  void everyInternalPackageHasAFloor() {
    Set<String> rooms = packagesBelow(INTERNAL, LIBRARY);
    assertTrue(FLOORS.keySet().containsAll(rooms), rooms.toString());
    if (rooms.equals(FLOORS.keySet())) {
      assertEquals(Set.of(), classesOf(INTERNAL, LIBRARY));
    }
  }

  @Test
  void anInternalPackageKnowsLowerFloorsOnly() {
    assertAll(FLOORS.keySet().stream().sorted().map(room -> () -> check(lowerFloorsOnly(room))));
  }

  private static ArchRule lowerFloorsOnly(String room) {
    int floor = FLOORS.get(room);
    String[] others =
        FLOORS.keySet().stream()
            .filter(other -> !other.equals(room) && FLOORS.get(other) >= floor)
            .map(ArrowsTest::below)
            .toArray(String[]::new);
    return noClasses()
        .that()
        .resideInAPackage(below(room))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(others)
        .because(room + " stands on floor " + floor + " of " + FLOORS);
  }

  @Test
  void internalPackagesHaveNoCycle() {
    check(slices().matching(INTERNAL + ".(*)..").should().beFreeOfCycles());
  }

  @Test
  void nothingInternalKnowsThePublicPackageButItsValues() {
    check(
        noClasses()
            .that()
            .resideInAPackage(INTERNAL + "..")
            .should()
            .dependOnClassesThat(
                DescribedPredicate.describe(
                    "are public and no values",
                    type ->
                        type.getPackageName().equals(PUBLIC)
                            && !PUBLIC_VALUES.contains(type.getName()))));
  }

  @Test
  void onlyOnePackageLooksIntoTheJdk() throws IOException {
    String[] others =
        FLOORS.keySet().stream()
            .filter(room -> !room.equals("jdk"))
            .map(ArrowsTest::below)
            .toArray(String[]::new);
    check(
        noClasses()
            .that()
            .resideInAnyPackage(others)
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("sun..", "jdk.internal..", "java.lang.reflect..")
            .orShould()
            .dependOnClassesThat()
            .belongToAnyOf(MethodHandle.class, MethodHandles.Lookup.class));
    List<String> naming = classesThatNameJdkInternals();
    // The search finds what there is to find.
    assertFalse(naming.isEmpty());
    // Classes directly in the internal package have not got a place yet.
    naming.removeIf(name -> name.matches("dev/sluice/internal/(jdk/.*|[^/]*)"));
    assertEquals(List.of(), naming);
  }

  /**
   * The classes that hold the name of a class of the JDK's internals, also as a text for {@code
   * Class.forName}: a class file has its texts in plain bytes.
   */
  private static List<String> classesThatNameJdkInternals() throws IOException {
    List<String> found = new ArrayList<>();
    try (JarFile jar = jar(Sluice.class)) {
      for (JarEntry entry : jar.stream().toList()) {
        try (InputStream in = jar.getInputStream(entry)) {
          String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
          if (entry.getName().endsWith(".class") && JDK_INTERNALS.matcher(text).find()) {
            found.add(entry.getName());
          }
        }
      }
    }
    return found;
  }

  /**
   * JDK 26 took {@code jdk.internal.ref.Cleaner} away, and a trusted lookup that {@code in} has
   * moved to another class is no trusted one there.
   */
  @Test
  void whatJdk26TookAwayIsNotReliedOn() throws IOException {
    check(noClasses().should().callMethod(MethodHandles.Lookup.class, "in", Class.class));
    try (JarFile jar = jar(Sluice.class)) {
      for (JarEntry entry : jar.stream().toList()) {
        try (InputStream in = jar.getInputStream(entry)) {
          String text = new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
          assertFalse(text.matches("(?s).*jdk[./]internal[./]ref[./].*"), entry.getName());
        }
      }
    }
  }

  @Test
  void packagesOfTheComparisonHaveNoCycle() {
    JavaClasses all = in(Compare.class, location -> location.contains("/dev/sluice/bench/"));
    assertTrue(all.contain(Compare.class));
    slices().matching(COMPARISON + ".(*)..").should().beFreeOfCycles().check(all);
    // As long as other classes lie beside the command, packages know them.
    if (classesOf(COMPARISON, all).equals(Set.of("Compare"))) {
      noClasses()
          .that()
          .resideInAPackage(COMPARISON + ".*..")
          .should()
          .dependOnClassesThat()
          .resideInAPackage(COMPARISON)
          .check(all);
    }
  }
}
