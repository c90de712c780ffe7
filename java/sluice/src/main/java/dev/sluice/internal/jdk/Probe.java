package dev.sluice.internal.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for handles on JDK internals, and remembers for each group whether all its handles were
 * found. With {@code -Ddev.sluice.internals=off} no handle is found.
 */
final class Probe {
  /** The groups in the order in which they were closed, each with what serves it. */
  final Map<String, String> found = new LinkedHashMap<>();

  private MethodHandles.@Nullable Lookup trusted;
  private @Nullable String missing;

  /**
   * Begins the search.
   *
   * @param owner the number of the class that searches; each class gets the trusted lookup once
   */
  Probe(int owner) {
    if ("off".equals(Privileged.property("dev.sluice.internals"))) {
      missing = "off by -Ddev.sluice.internals=off";
    } else {
      trusted = TrustedLookup.trustedLookup0(owner);
      if (trusted == null) {
        missing = "no trusted lookup";
      }
    }
  }

  /**
   * Closes a group of handles.
   *
   * @param with what serves the group when all its handles were found
   * @param without what serves the group otherwise
   * @return whether all handles of the group were found
   */
  boolean foundAll(String group, String with, String without) {
    boolean all = missing == null;
    found.put(group, all ? with : without + ": " + missing);
    if (trusted != null) {
      missing = null;
    }
    return all;
  }

  /** Ends the search, and forgets the trusted lookup. */
  void end() {
    trusted = null;
  }

  /** Finds a class of the JDK by its name; {@code Void} stands for a class that is missing. */
  Class<?> type(String name) {
    Class<?> found = Privileged.orElse(() -> typeOrNull(name), null);
    if (found == null) {
      missing = name;
      return Void.class;
    }
    return found;
  }

  private static @Nullable Class<?> typeOrNull(String name) {
    try {
      return Class.forName(name, false, null);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  /** A getter of a field, whose receiver has the static type {@code receiver}. */
  MethodHandle getter(Class<?> receiver, Class<?> owner, String name, Class<?> type) {
    return found(
        lookup -> lookup.findGetter(owner, name, type), MethodType.methodType(type, receiver));
  }

  /** A method, whose receiver has the static type {@code receiver}. */
  MethodHandle method(
      Class<?> receiver, Class<?> owner, String name, Class<?> result, Class<?>... parameters) {
    MethodType type = MethodType.methodType(result, parameters);
    return found(
        lookup -> lookup.findVirtual(owner, name, type), type.insertParameterTypes(0, receiver));
  }

  /**
   * Finds a handle and gives it the type {@code type}. Where the handle is missing, the result is a
   * handle that throws; no caller calls it, because its group counts as missing.
   */
  MethodHandle found(Search search, MethodType type) {
    MethodHandles.Lookup lookup = trusted;
    if (lookup != null) {
      try {
        return search.in(lookup).asType(type);
      } catch (Throwable e) {
        missing = e.toString();
      }
    }
    MethodHandle thrower =
        MethodHandles.throwException(type.returnType(), IllegalStateException.class)
            .bindTo(new IllegalStateException("not found in this JDK"));
    return MethodHandles.dropArguments(thrower, 0, type.parameterList());
  }

  /** The search for one handle. */
  interface Search {
    MethodHandle in(MethodHandles.Lookup lookup) throws Throwable;
  }
}
