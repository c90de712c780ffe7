package dev.sluice.internal.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for handles on JDK internals, and remembers per group whether all of them were there. With
 * {@code -Ddev.sluice.internals=off} none is.
 */
final class Probe {
  /** The groups, in the order in which they were closed, and what serves each. */
  final Map<String, String> found = new LinkedHashMap<>();

  private MethodHandles.@Nullable Lookup trusted;
  private @Nullable String missing;

  /**
   * Begins to look.
   *
   * @param owner the number of the class that looks, each of which gets the lookup once
   */
  Probe(int owner) {
    if ("off".equals(System.getProperty("dev.sluice.internals"))) {
      missing = "off by -Ddev.sluice.internals=off";
    } else {
      trusted = TrustedLookup.trustedLookup0(owner);
      if (trusted == null) {
        missing = "no trusted lookup";
      }
    }
  }

  /** Closes a group: whether nothing in it is missing. */
  boolean foundAll(String group, String with, String without) {
    boolean all = missing == null;
    found.put(group, all ? with : without + ": " + missing);
    if (trusted != null) {
      missing = null;
    }
    return all;
  }

  /** Ends the search: the lookup is not kept. */
  void end() {
    trusted = null;
  }

  /** A class of the JDK by its name. */
  Class<?> type(String name) {
    try {
      return Class.forName(name, false, null);
    } catch (ClassNotFoundException e) {
      missing = name;
      return Void.class;
    }
  }

  /** A getter of a field, for receivers that are seen as {@code receiver}. */
  MethodHandle getter(Class<?> receiver, Class<?> owner, String name, Class<?> type) {
    return found(
        lookup -> lookup.findGetter(owner, name, type), MethodType.methodType(type, receiver));
  }

  /** A method, for receivers that are seen as {@code receiver}. */
  MethodHandle method(
      Class<?> receiver, Class<?> owner, String name, Class<?> result, Class<?>... parameters) {
    MethodType type = MethodType.methodType(result, parameters);
    return found(
        lookup -> lookup.findVirtual(owner, name, type), type.insertParameterTypes(0, receiver));
  }

  /** The handle as {@code type}, or one that throws, which nobody calls, where it is missing. */
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

  /** What is looked for. */
  interface Search {
    MethodHandle in(MethodHandles.Lookup lookup) throws Throwable;
  }
}
