package dev.sluice.bench.sluice;

import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.PathCopier;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.Constructor;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.CopyOption;
import java.nio.file.Path;
import java.util.function.Supplier;

/**
 * Another build of Sluice beside the one that is compared: the same loops, linked to the classes of
 * another jar. Each answer makes loops of a class of its own.
 */
public final class OtherSluice {
  private static final String PACKAGE = "dev.sluice.";
  private static final String BENCH = "dev.sluice.bench.";

  private final ClassLoader jar;
  private final String name;

  public OtherSluice(Path jar) {
    this.name = jar.getFileName().toString();
    try {
      this.jar =
          new URLClassLoader(new URL[] {jar.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
    } catch (MalformedURLException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The name of the jar. */
  public String name() {
    return name;
  }

  public Supplier<Loop> transferTo() {
    return loops(SluiceTransferTo.class);
  }

  public Supplier<Loop> transferFrom() {
    return loops(SluiceTransferFrom.class);
  }

  public Supplier<Loop> transfer() {
    return loops(SluiceTransfer.class);
  }

  public PathCopier copy(CopyOption... options) {
    return made(SluiceCopier.class, PathCopier.class, (Object) options);
  }

  private Supplier<Loop> loops(Class<? extends Loop> template) {
    Class<?> copy = new LinkedToOther(template).copy();
    return () -> instance(copy, Loop.class);
  }

  private <T> T made(Class<? extends T> template, Class<T> type, Object... arguments) {
    return instance(new LinkedToOther(template).copy(), type, arguments);
  }

  private static <T> T instance(Class<?> copy, Class<T> type, Object... arguments) {
    try {
      Constructor<?> constructor = copy.getDeclaredConstructors()[0];
      constructor.setAccessible(true);
      return type.cast(constructor.newInstance(arguments));
    } catch (ReflectiveOperationException e) {
      throw new LinkageError("cannot make a " + copy.getName(), e);
    }
  }

  /** Has a copy of one class, which finds Sluice in the other jar and all else where it is. */
  private final class LinkedToOther extends ClassLoader {
    private final Class<?> template;

    LinkedToOther(Class<?> template) {
      super(template.getClassLoader());
      this.template = template;
    }

    Class<?> copy() {
      try {
        return loadClass(template.getName());
      } catch (ClassNotFoundException e) {
        throw new LinkageError("cannot copy " + template.getName(), e);
      }
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.equals(template.getName())) {
        Class<?> copy = findLoadedClass(name);
        return copy != null ? copy : define(name);
      }
      boolean isSluice = name.startsWith(PACKAGE) && !name.startsWith(BENCH);
      return isSluice ? jar.loadClass(name) : super.loadClass(name, resolve);
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream file = template.getResourceAsStream(template.getSimpleName() + ".class")) {
        byte[] bytes = file.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
