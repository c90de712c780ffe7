package dev.sluice.bench.loop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.util.function.Supplier;

/**
 * Makes a fresh copy of a loop's class for each implementation of each cell.
 *
 * <p>The compiler's profile belongs to the bytecode. Were two mechanisms, or a socket and a file,
 * to pass through the same call site, whoever came second would be measured on code compiled for
 * both. A hidden class made of the same bytes has its own profile and its own compiled code.
 */
final class FreshLoopClass {
  private FreshLoopClass() {}

  /** Makes loops of a copy of {@code template}, constructed with {@code arguments}. */
  static Supplier<Loop> of(Class<? extends Loop> template, Object... arguments) {
    Constructor<?> constructor = copy(template).getDeclaredConstructors()[0];
    return () -> {
      try {
        return (Loop) constructor.newInstance(arguments);
      } catch (ReflectiveOperationException e) {
        throw new LinkageError("cannot make a " + template.getName(), e);
      }
    };
  }

  private static Class<?> copy(Class<?> template) {
    try (InputStream file = template.getResourceAsStream(template.getSimpleName() + ".class")) {
      return MethodHandles.lookup().defineHiddenClass(file.readAllBytes(), true).lookupClass();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalAccessException e) {
      throw new LinkageError("cannot copy " + template.getName(), e);
    }
  }
}
