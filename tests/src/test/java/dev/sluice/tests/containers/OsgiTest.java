package dev.sluice.tests.containers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.ConcurrentCases;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.apache.felix.framework.FrameworkFactory;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.launch.Framework;
import org.osgi.framework.wiring.BundleWiring;
import org.osgi.framework.wiring.FrameworkWiring;

/** The jar is a bundle: it is resolved, used, refreshed and unloaded by Apache Felix. */
class OsgiTest {
  @TempDir Path directory;

  /** What is done with the framework in one JVM. */
  private enum Scenario {
    ONE_CLIENT,
    WITHOUT_RECORDER,
    RECORDED,
    RECORDED_WITH_INTERNALS,
    TWO_COPIES,
    UNLOADED
  }

  @TestFactory
  Stream<DynamicTest> inFelix() {
    return ConcurrentCases.of(
        Stream.of(Scenario.values()),
        scenario -> {
          Path folder = Files.createTempDirectory(directory, "felix");
          ChildJvm.Result result =
              new ChildJvm()
                  .unchecked()
                  .run(
                      Host.class,
                      folder.toString(),
                      scenario.name(),
                      Page.block("bootdelegation").strip());
          assertEquals(0, result.exit(), result.output());
        });
  }

  /** Starts the framework, and uses Sluice in it. */
  static final class Host {
    private static final String PACKAGE = "osgi.wiring.package";

    private final Path folder;
    private final BundleContext context;

    private Host(Path folder, BundleContext context) {
      this.folder = folder;
      this.context = context;
    }

    public static void main(String[] arguments) throws Exception {
      Path folder = Path.of(arguments[0]);
      Scenario scenario = Scenario.valueOf(arguments[1]);
      Framework framework =
          new FrameworkFactory().newFramework(configuration(folder, scenario, arguments[2]));
      framework.start();
      try {
        new Host(folder, framework.getBundleContext()).run(scenario);
      } finally {
        framework.stop();
        framework.waitForStop(10_000);
      }
    }

    private static Map<String, String> configuration(
        Path folder, Scenario scenario, String delegation) {
      Map<String, String> configuration = new HashMap<>();
      configuration.put(Constants.FRAMEWORK_STORAGE, folder.resolve("cache").toString());
      if (scenario == Scenario.WITHOUT_RECORDER) {
        configuration.put(Constants.FRAMEWORK_SYSTEMPACKAGES, "org.osgi.framework;version=1.10");
      }
      if (scenario == Scenario.RECORDED_WITH_INTERNALS) {
        String[] property = delegation.split("=");
        configuration.put(property[0], property[1]);
      }
      return configuration;
    }

    private void run(Scenario scenario) throws Exception {
      switch (scenario) {
        case ONE_CLIENT, WITHOUT_RECORDER -> {
          Bundle sluice = sluice("");
          use(client("client", sluice));
          List<Object> expected = scenario == Scenario.ONE_CLIENT ? List.of("jdk.jfr") : List.of();
          ensure(imports(sluice).equals(expected), "imports " + imports(sluice));
        }
        case RECORDED, RECORDED_WITH_INTERNALS -> {
          Bundle client = client("client", sluice(""));
          long events = Recorded.events(folder, () -> use(client));
          // What the recorder writes into the event's class names classes that the loader hides.
          ensure(events > 0 == (scenario == Scenario.RECORDED_WITH_INTERNALS), events + " events");
        }
        case TWO_COPIES -> {
          Bundle copy = sluice("1");
          Bundle one = client("one", copy);
          Bundle two = client("two", sluice("2"));
          use(one);
          use(two);
          ensure(
              one.loadClass("dev.sluice.Sluice") != two.loadClass("dev.sluice.Sluice"),
              "both clients use one copy");
          use(one);
          ensure(libraries() == 2, libraries() + " libraries");
          // Each copy has set a handler of SIGBUS over the one before. The later one stays in
          // order.
          fault(one);
          fault(two);
          ClassLoader loader = one.loadClass("dev.sluice.Sluice").getClassLoader();
          WeakReference<ClassLoader> gone = new WeakReference<>(loader);
          loader = null;
          remove(one, copy);
          one = null;
          copy = null;
          await(gone, 2);
          fault(two);
          use(two);
        }
        case UNLOADED -> {
          for (int i = 0; i < 3; i++) {
            await(loadedAndRemoved(), 0);
          }
        }
        default -> throw new IllegalArgumentException(scenario.name());
      }
    }

    /** Installs the jar, as a bundle whose packages have another attribute for each copy. */
    private Bundle sluice(String copy) throws Exception {
      if (copy.isEmpty()) {
        return install(Packed.sluice());
      }
      return install(
          Packed.withAttributes(
              Packed.sluice(),
              folder.resolve("sluice" + copy + ".jar"),
              Map.of(
                  Constants.BUNDLE_SYMBOLICNAME, "dev.sluice.copy" + copy,
                  Constants.EXPORT_PACKAGE, "dev.sluice;copy=" + copy)));
    }

    private Bundle install(Path jar) throws BundleException {
      return context.installBundle(jar.toUri().toString());
    }

    /** A client of one copy of Sluice. */
    private Bundle client(String name, Bundle sluice) throws Exception {
      String exported = sluice.getHeaders().get(Constants.EXPORT_PACKAGE);
      Path jar =
          Packed.jar(
              Files.createTempDirectory(folder, name).resolve(name + ".jar"),
              Map.of(
                  Constants.BUNDLE_MANIFESTVERSION, "2",
                  Constants.BUNDLE_SYMBOLICNAME, name,
                  Constants.IMPORT_PACKAGE, exported),
              Client.class);
      Bundle bundle = install(jar);
      bundle.start();
      return bundle;
    }

    private void use(Bundle client) throws Exception {
      Object output =
          client
              .loadClass(Client.class.getName())
              .getMethod("run", Path.class)
              .invoke(null, folder);
      ensure(output.toString().contains("library: bundle:"), output.toString());
    }

    /** The packages that a bundle was wired to. */
    private static List<Object> imports(Bundle bundle) {
      return bundle.adapt(BundleWiring.class).getRequiredWires(PACKAGE).stream()
          .map(wire -> wire.getCapability().getAttributes().get(PACKAGE))
          .toList();
    }

    private void fault(Bundle client) throws Exception {
      client
          .loadClass(Client.class.getName())
          .getMethod("exchangeBeyondTheEnd", Path.class)
          .invoke(null, folder);
    }

    private WeakReference<ClassLoader> loadedAndRemoved() throws Exception {
      Bundle sluice = sluice("");
      Bundle client = client("client", sluice);
      use(client);
      ensure(libraries() == 1, libraries() + " libraries");
      ClassLoader loader = client.loadClass("dev.sluice.Sluice").getClassLoader();
      // A client that is still there keeps the classes of a bundle that was updated, until a
      // refresh.
      sluice.update();
      remove(client, sluice);
      return new WeakReference<>(loader);
    }

    private void remove(Bundle client, Bundle sluice) throws Exception {
      client.stop();
      client.uninstall();
      sluice.uninstall();
      CountDownLatch refreshed = new CountDownLatch(1);
      context
          .getBundle(0)
          .adapt(FrameworkWiring.class)
          .refreshBundles(null, event -> refreshed.countDown());
      refreshed.await();
    }

    /** Waits until a loader is collected and all copies of the library but some are unloaded. */
    private static void await(WeakReference<ClassLoader> loader, long left) throws Exception {
      for (int looks = 0; loader.get() != null || libraries() > left; looks++) {
        ensure(looks < 200, "still loaded: " + loader.get() + ", " + libraries() + " libraries");
        System.gc();
        Thread.sleep(50);
      }
    }

    private static long libraries() throws Exception {
      try (Stream<String> maps = Files.lines(Path.of("/proc/self/maps"))) {
        return maps.filter(line -> line.contains("libsluice") && line.contains("r-xp")).count();
      }
    }

    private static void ensure(boolean isTrue, String what) {
      if (!isTrue) {
        throw new AssertionError(what);
      }
    }
  }
}
