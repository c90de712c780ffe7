package dev.sluice.tests.containers;

import dev.sluice.MappedRegion;
import dev.sluice.Sluice;
import dev.sluice.TransferReport;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandleProxies;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Supplier;

/** Code with few permissions that uses Sluice, or attacks it. Trusted code calls it. */
public final class Untrusted {
  private Untrusted() {}

  /** Uses channels that it was given. */
  static TransferReport transfer(
      FileChannel from, FileChannel to, ReadableByteChannel in, WritableByteChannel out)
      throws Exception {
    long size = from.size();
    TransferReport report = Sluice.explainTransferTo(from, 0, size, to);
    ensure(report.bytes() == size, report.toString());
    ensure(Sluice.transferTo(from, 0, size, out) == size, "transferTo");
    ensure(Sluice.transferFrom(to, in, 0, size) == size, "transferFrom");
    ensure(Sluice.transferTo(from, 0, size, out) == size, "transferTo");
    to.position(0);
    ensure(Sluice.transfer(in, to, size) == size, "transfer");
    ensure(Sluice.diagnostics().contains("sluice: "), Sluice.diagnostics());
    return report;
  }

  /** Maps a file that it was given. */
  static void map(FileChannel file) throws Exception {
    MappedByteBuffer buffer = Sluice.map(file, MapMode.READ_WRITE, 0, file.size());
    try (MappedRegion region = MappedRegion.map(file, MapMode.READ_WRITE, 0, file.size())) {
      ensure(region.getLong(0) == buffer.getLong(0), "getLong");
      long old = region.getAndAddLong(0, 1);
      ensure(region.compareAndSetLong(0, old + 1, old), "compareAndSetLong");
      region.buffer().force();
    }
  }

  /** What a copy does: "done", or the exception. */
  static String copy(boolean bySluice, Path source, Path target, CopyOption... options) {
    return attempt(
        () ->
            bySluice ? Sluice.copy(source, target, options) : Files.copy(source, target, options));
  }

  /** What a map of a whole file does: its size, or the exception. */
  static String map(boolean bySluice, Path file, MapMode mode) {
    return attempt(
        () -> {
          if (bySluice) {
            try (MappedRegion region = MappedRegion.map(file, mode)) {
              return region.size();
            }
          }
          Set<StandardOpenOption> how =
              mode == MapMode.READ_ONLY
                  ? Set.of(StandardOpenOption.READ)
                  : Set.of(StandardOpenOption.READ, StandardOpenOption.WRITE);
          try (FileChannel channel = FileChannel.open(file, how)) {
            return channel.map(mode, 0, channel.size()).capacity();
          }
        });
  }

  /**
   * A path of its own that names one file when it is checked, and another one when it is opened.
   */
  static Path twoFaced(Path shown, Path meant) {
    return (Path)
        Proxy.newProxyInstance(
            Untrusted.class.getClassLoader(),
            new Class<?>[] {Path.class},
            (proxy, method, arguments) ->
                switch (method.getName()) {
                  case "getFileSystem" -> FileSystems.getDefault();
                  case "toString" -> shown.toString();
                  default -> method.invoke(meant, arguments);
                });
  }

  /** Lets an action of its own run with the permissions of Sluice. */
  static String borrow() {
    return privileged(() -> "borrowed");
  }

  /** Lets a proxy, all of whose classes are the JDK's, read a property for it. */
  static String borrowByProxy() {
    return attempt(
        () -> {
          MethodType type = MethodType.methodType(String.class, String.class);
          MethodHandle read =
              MethodHandles.publicLookup().findStatic(System.class, "getProperty", type);
          return privileged(
              MethodHandleProxies.asInterfaceInstance(
                  Supplier.class, MethodHandles.insertArguments(read, 0, "user.home")));
        });
  }

  private static String privileged(Supplier<?> action) {
    return attempt(
        () ->
            call(
                Class.forName("dev.sluice.internal.jdk.Privileged")
                    .getMethod("orElse", Supplier.class, Object.class),
                action,
                "refused"));
  }

  /** Opens a file by the native of a package that is not exported. */
  static String openByNative(Path file) {
    return attempt(
        () ->
            call(
                Class.forName("dev.sluice.internal.boundary.NativeDescriptor")
                    .getMethod("open", byte[].class, int.class, int.class),
                file.toString().getBytes(),
                0,
                0));
  }

  private static Object call(Method method, Object... arguments) throws Exception {
    try {
      return method.invoke(null, arguments);
    } catch (InvocationTargetException e) {
      throw (Exception) e.getCause();
    }
  }

  private static String attempt(Callable<?> action) {
    try {
      Object answer = action.call();
      return answer instanceof Path ? "done" : String.valueOf(answer);
    } catch (SecurityException e) {
      return e.toString();
    } catch (Exception e) {
      return e.getClass().getName();
    }
  }

  private static void ensure(boolean isTrue, String what) {
    if (!isTrue) {
      throw new AssertionError(what);
    }
  }
}
