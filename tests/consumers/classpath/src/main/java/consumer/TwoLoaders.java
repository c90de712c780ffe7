package consumer;

import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.channels.FileChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Sluice in two class loaders at once, as two web applications of one server have it. */
public final class TwoLoaders {
  private static final int ROUNDS = 200;

  private TwoLoaders() {}

  /**
   * Runs.
   *
   * @param arguments the file, files to be written, and the jar
   * @throws Exception if anything fails
   */
  public static void main(String[] arguments) throws Exception {
    URL[] jar = {Path.of(arguments[2]).toUri().toURL()};
    ExecutorService pool = Executors.newFixedThreadPool(2);
    try (URLClassLoader first =
            new URLClassLoader("first", jar, ClassLoader.getPlatformClassLoader());
        URLClassLoader second =
            new URLClassLoader("second", jar, ClassLoader.getPlatformClassLoader())) {
      List<Future<String>> results = new ArrayList<>();
      for (URLClassLoader loader : List.of(first, second)) {
        Callable<String> moves = () -> moved(loader, arguments[0], arguments[1]);
        results.add(pool.submit(moves));
      }
      for (Future<String> result : results) {
        System.out.println(result.get());
      }
    } finally {
      pool.shutdown();
    }
  }

  private static String moved(URLClassLoader loader, String source, String target)
      throws Exception {
    Class<?> sluice = loader.loadClass("dev.sluice.Sluice");
    Method transferTo =
        sluice.getMethod(
            "transferTo", FileChannel.class, long.class, long.class, WritableByteChannel.class);
    long moved = 0;
    for (int round = 0; round < ROUNDS; round++) {
      Path own = Path.of(target + "-" + loader.getName());
      try (FileChannel from = FileChannel.open(Path.of(source));
          FileChannel to =
              FileChannel.open(own, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
        moved += (Long) transferTo.invoke(null, from, 0L, from.size(), to);
      }
    }
    Object available = sluice.getMethod("isAvailable").invoke(null);
    return loader.getName() + ": available " + available + ", moved " + moved;
  }
}
