package dev.sluice.tests.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChildJvm;
import java.lang.reflect.Array;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.WritableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Class loaders that show of the JDK only {@code java.*}, as those of OSGi and JBoss Modules do.
 */
class FilteredLoaderTest {
  @TempDir Path directory;

  @Test
  void aLoaderThatHidesTheJdksOtherClassesIsServed() throws Exception {
    Path source = Files.write(directory.resolve("source"), new byte[100_000]);
    String jar = Sluice.class.getProtectionDomain().getCodeSource().getLocation().toString();
    for (String internals : List.of("on", "off")) {
      ChildJvm.Result result =
          new ChildJvm()
              .with("-Ddev.sluice.internals=" + internals)
              .run(Hidden.class, jar, source.toString(), directory.resolve("target").toString());
      assertEquals(0, result.exit(), result.output());
      assertTrue(result.output().contains("transferTo 100000"), result.output());
    }
  }

  /** Uses the parts of the library that use most classes of the JDK. */
  static final class Hidden {
    private static final class Filter extends ClassLoader {
      Filter() {
        super(ClassLoader.getPlatformClassLoader());
      }

      @Override
      protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
        if (!name.startsWith("java.")) {
          throw new ClassNotFoundException(name);
        }
        return super.loadClass(name, resolve);
      }
    }

    public static void main(String[] arguments) throws Exception {
      Path target = Path.of(arguments[2]);
      try (URLClassLoader loader =
              new URLClassLoader(new URL[] {new URL(arguments[0])}, new Filter());
          FileChannel from = FileChannel.open(Path.of(arguments[1]));
          FileChannel to =
              FileChannel.open(
                  Files.createTempFile(target.getParent(), "to", ""), ChannelKinds.readWrite())) {
        Class<?> sluice = loader.loadClass("dev.sluice.Sluice");
        if (!(boolean) sluice.getMethod("isAvailable").invoke(null)) {
          throw new AssertionError(sluice.getMethod("unavailabilityCause").invoke(null));
        }
        for (String name : List.of("transferTo", "explainTransferTo")) {
          Method method =
              sluice.getMethod(
                  name, FileChannel.class, long.class, long.class, WritableByteChannel.class);
          System.out.println(name + " " + method.invoke(null, from, 0L, 100_000L, to));
        }
        Method map =
            sluice.getMethod("map", FileChannel.class, MapMode.class, long.class, long.class);
        System.out.println(map.invoke(null, from, MapMode.READ_ONLY, 0L, 100_000L));
        Method copy = sluice.getMethod("copy", Path.class, Path.class, CopyOption[].class);
        System.out.println(copy.invoke(null, Path.of(arguments[1]), target, new CopyOption[0]));
        Files.delete(target);
        Class<?> region = loader.loadClass("dev.sluice.MappedRegion");
        Class<?> options = loader.loadClass("dev.sluice.MapOption").arrayType();
        Object mapped =
            region
                .getMethod("map", FileChannel.class, MapMode.class, long.class, long.class, options)
                .invoke(
                    null,
                    from,
                    MapMode.READ_ONLY,
                    0L,
                    100_000L,
                    Array.newInstance(options.componentType(), 0));
        System.out.println(region.getMethod("getLong", long.class).invoke(mapped, 8L));
        ((AutoCloseable) mapped).close();
        System.out.println(sluice.getMethod("diagnostics").invoke(null));
      }
    }
  }
}
