package dev.sluice.internal.jdk;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks for handles on JDK internals, and remembers for each group whether all its handles were
 * found. A group uses no handle of another group. {@link Withheld} says which groups the property
 * {@code dev.sluice.internals} takes away.
 */
final class Probe {
  /** The groups in the order in which they were closed, each with what serves it. */
  final Map<String, String> found = new LinkedHashMap<>();

  private final Iterator<String> groups;
  private MethodHandles.@Nullable Lookup trusted;
  private String group = "";

  /** {@code MethodHandle.viewAsType}, once it was found. */
  private @Nullable MethodHandle view;

  /** The first thing that the open group misses. */
  private @Nullable String missing;

  /**
   * Begins the search, with the first group.
   *
   * @param owner the number of the class that searches; each class gets the trusted lookup once
   * @param groups the names of the groups, in the order in which they are searched and closed
   */
  Probe(int owner, String... groups) {
    this.groups = List.of(groups).iterator();
    trusted = Withheld.ALL ? null : TrustedLookup.trustedLookup0(owner);
    openGroup();
  }

  private void openGroup() {
    group = groups.hasNext() ? groups.next() : "";
    missing = null;
    need(!Withheld.ALL && !Withheld.has(group), Withheld.REASON);
    need(trusted != null, "no trusted lookup");
  }

  /**
   * Says whether something is there that the open group needs.
   *
   * @param otherwise why the group counts as missing without it
   */
  void need(boolean isThere, String otherwise) {
    if (!isThere && missing == null) {
      missing = otherwise;
    }
  }

  /**
   * Closes the open group, and opens the next one.
   *
   * @param with what serves the group when all its handles were found
   * @param without what serves the group otherwise
   * @return whether all handles of the group were found
   */
  boolean foundAll(String with, String without) {
    boolean all = missing == null;
    found.put(group, all ? with : without + ": " + missing);
    openGroup();
    return all;
  }

  /** Ends the search, and forgets the trusted lookup. */
  void end() {
    trusted = null;
    view = null;
  }

  /** Finds a class of the JDK by its name; {@code Void} stands for a class that is missing. */
  Class<?> type(String name) {
    if (Withheld.has(name)) {
      need(false, Withheld.REASON);
      return Void.class;
    }
    Class<?> found =
        Privileged.isManaged() ? Privileged.orElse(() -> typeOrNull(name), null) : typeOrNull(name);
    if (found == null) {
      need(false, name);
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

  /**
   * A getter of a field, whose receiver is given as an {@code Object} and not checked: the caller
   * passes it through {@code owner.cast}, see {@link #viewed}.
   *
   * @param seen the static type of the result
   */
  MethodHandle getter(Class<?> seen, Class<?> owner, String name, Class<?> type) {
    MethodType viewed = MethodType.methodType(seen, Object.class);
    MethodHandles.Lookup lookup = lookup();
    if (lookup != null) {
      try {
        return viewed(lookup.findGetter(owner, name, type), viewed);
      } catch (Throwable e) {
        need(false, e.toString());
      }
    }
    return thrower(viewed);
  }

  /** A method, whose receiver is given as that of {@link #getter} is. */
  MethodHandle castMethod(Class<?> owner, String name, Class<?> result, Class<?>... parameters) {
    MethodType type = MethodType.methodType(result, parameters);
    MethodType viewed = type.insertParameterTypes(0, Object.class);
    MethodHandles.Lookup lookup = lookup();
    if (lookup != null) {
      try {
        return viewed(lookup.findVirtual(owner, name, type), viewed);
      } catch (Throwable e) {
        need(false, e.toString());
      }
    }
    return thrower(viewed);
  }

  /**
   * A handle with another type, without the casts that {@code asType} puts around it. Each cast of
   * another shape is a class that the JVM makes at run time, a millisecond at a start. {@code
   * Class.cast} of a constant class costs compiled code what such a cast does.
   */
  private MethodHandle viewed(MethodHandle handle, MethodType type) {
    if (handle.type().equals(type)) {
      return handle;
    }
    try {
      MethodHandle asView = view;
      if (asView == null) {
        MethodType own = MethodType.methodType(MethodHandle.class, MethodType.class, boolean.class);
        asView = trusted.findVirtual(MethodHandle.class, "viewAsType", own);
        view = asView;
      }
      return (MethodHandle) asView.invokeExact(handle, type, false);
    } catch (Throwable e) {
      // This JDK has no such method, or was started with its own assertions.
      return handle.asType(type);
    }
  }

  /** A method, whose receiver has the static type {@code receiver}. */
  MethodHandle method(
      Class<?> receiver, Class<?> owner, String name, Class<?> result, Class<?>... parameters) {
    MethodType type = MethodType.methodType(result, parameters);
    return found(
        lookup -> lookup.findVirtual(owner, name, type), type.insertParameterTypes(0, receiver));
  }

  /** A constructor, whose result has the static type {@code seen}. */
  MethodHandle constructor(Class<?> seen, Class<?> owner, Class<?>... parameters) {
    MethodType type = MethodType.methodType(seen, parameters);
    MethodHandles.Lookup lookup = lookup();
    if (lookup != null) {
      try {
        return viewed(lookup.findConstructor(owner, type.changeReturnType(void.class)), type);
      } catch (Throwable e) {
        need(false, e.toString());
      }
    }
    return thrower(type);
  }

  /** The trusted lookup, or null where the open group misses something already. */
  private MethodHandles.@Nullable Lookup lookup() {
    return missing == null ? trusted : null;
  }

  /**
   * Finds a handle and gives it the type {@code type}. Where the handle is missing, or another of
   * its group, the result is a handle that throws; no caller calls it, because its group counts as
   * missing. The handles that a first transfer needs are found without a {@link Search}, which
   * would be a lambda.
   */
  MethodHandle found(Search search, MethodType type) {
    MethodHandles.Lookup lookup = lookup();
    if (lookup != null) {
      try {
        return search.in(lookup).asType(type);
      } catch (Throwable e) {
        need(false, e.toString());
      }
    }
    return thrower(type);
  }

  private static MethodHandle thrower(MethodType type) {
    MethodHandle thrower =
        MethodHandles.throwException(type.returnType(), IllegalStateException.class)
            .bindTo(new NotFoundException());
    return MethodHandles.dropArguments(thrower, 0, type.parameterList());
  }

  /**
   * Thrown again and again, by any thread. It has no stack trace, which would keep the classes
   * alive that were the first to need the handle.
   */
  private static final class NotFoundException extends IllegalStateException {
    private static final long serialVersionUID = 1;

    NotFoundException() {
      super("not found in this JDK");
    }

    @Override
    public synchronized Throwable fillInStackTrace() {
      return this;
    }
  }

  /** The search for one handle. */
  interface Search {
    MethodHandle in(MethodHandles.Lookup lookup) throws Throwable;
  }
}
