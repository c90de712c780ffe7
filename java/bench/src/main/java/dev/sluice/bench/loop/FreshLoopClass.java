package dev.sluice.bench.loop;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.function.Supplier;

/**
 * Makes a fresh copy of a loop's class, for each implementation of each cell.
 *
 * <p>The compiler's profile belongs to the bytecode. If two mechanisms, or a socket and a file,
 * passed through the same call site, the second would be measured on code compiled for both. A
 * hidden class made of the same bytes has its own profile and its own compiled code.
 */
public final class FreshLoopClass {
  private FreshLoopClass() {}

  /**
   * Makes loops of a copy of a class.
   *
   * @param lookup of the package of the class, which the copy belongs to as well
   * @param template the class
   * @param arguments of the constructor of each loop
   */
  public static Supplier<Loop> of(
      MethodHandles.Lookup lookup, Class<? extends Loop> template, Object... arguments) {
    MethodHandle constructor = constructor(lookup, template);
    return () -> {
      try {
        return (Loop) constructor.invokeWithArguments(arguments);
      } catch (Throwable e) {
        throw new LinkageError("cannot make a " + template.getName(), e);
      }
    };
  }

  private static MethodHandle constructor(MethodHandles.Lookup lookup, Class<?> template) {
    try (InputStream file = template.getResourceAsStream(template.getSimpleName() + ".class")) {
      MethodHandles.Lookup copy = lookup.defineHiddenClass(file.readAllBytes(), true);
      return copy.unreflectConstructor(copy.lookupClass().getDeclaredConstructors()[0]);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (IllegalAccessException e) {
      throw new LinkageError("cannot copy " + template.getName(), e);
    }
  }
}
