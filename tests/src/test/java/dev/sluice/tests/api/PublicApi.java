package dev.sluice.tests.api;

import java.lang.reflect.AnnotatedType;
import java.lang.reflect.Constructor;
import java.lang.reflect.Executable;
import java.lang.reflect.Field;
import java.lang.reflect.Member;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.lang.reflect.Type;
import java.lang.reflect.TypeVariable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Every public and protected signature of a package, one a line, in an order of its own: what a
 * program can be compiled and linked against.
 *
 * <p>Members that a public class inherits from a superclass which is not public are members of the
 * public class: a program cannot tell where they are declared. Bridges and other synthetic members
 * are not listed.
 */
final class PublicApi {
  private static final int SHOWN =
      Modifier.PUBLIC | Modifier.PROTECTED | Modifier.STATIC | Modifier.FINAL | Modifier.ABSTRACT;

  private PublicApi() {}

  /** The signatures of the package's public types in a jar, as the running JDK sees them. */
  static List<String> of(JarFile jar, String packageName) throws ReflectiveOperationException {
    String folder = packageName.replace('.', '/') + "/";
    List<String> names =
        jar.stream()
            .map(entry -> entry.getName())
            .filter(name -> name.startsWith(folder) && name.endsWith(".class"))
            .filter(name -> name.indexOf('/', folder.length()) < 0)
            .filter(name -> !name.endsWith("-info.class"))
            .map(name -> name.substring(0, name.length() - ".class".length()).replace('/', '.'))
            .sorted()
            .toList();
    List<String> lines = new ArrayList<>();
    for (String name : names) {
      Class<?> type = Class.forName(name, false, PublicApi.class.getClassLoader());
      if (isPublic(type)) {
        lines.addAll(signatures(type));
      }
    }
    return lines;
  }

  /** Whether a program may name the type: it and every type around it are public or protected. */
  private static boolean isPublic(Class<?> type) {
    return isShown(type.getModifiers())
        && (type.getDeclaringClass() == null || isPublic(type.getDeclaringClass()));
  }

  private static boolean isShown(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }

  private static List<String> signatures(Class<?> type) throws IllegalAccessException {
    List<String> lines = new ArrayList<>(List.of(header(type)));
    String owner = "  " + type.getTypeName() + "  ";
    if (type.isEnum()) {
      String constants =
          Arrays.stream(type.getFields())
              .filter(Field::isEnumConstant)
              .map(Field::getName)
              .collect(Collectors.joining(", "));
      lines.add(owner + "constants in order: " + constants);
    }
    TreeSet<String> members = new TreeSet<>();
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isListed(constructor)) {
        members.add(owner + executable(constructor, "<init>"));
      }
    }
    for (Class<?> from = type; from != null && (from == type || !isPublic(from)); ) {
      for (Method method : from.getDeclaredMethods()) {
        if (isListed(method)) {
          members.add(owner + executable(method, result(method) + " " + method.getName()));
        }
      }
      for (Field field : from.getDeclaredFields()) {
        if (isListed(field) && !field.isEnumConstant()) {
          members.add(owner + field(field));
        }
      }
      from = from.getSuperclass();
    }
    lines.addAll(members);
    return lines;
  }

  private static boolean isListed(Member member) {
    return isShown(member.getModifiers()) && !member.isSynthetic();
  }

  /** The type's own line: its kind, what it extends among public types, and its interfaces. */
  private static String header(Class<?> type) {
    String kind =
        type.isAnnotation()
            ? "@interface"
            : type.isInterface()
                ? "interface"
                : type.isEnum() ? "enum" : type.isRecord() ? "record" : "class";
    String line = modifiers(type.getModifiers()) + kind + " " + type.getTypeName();
    line += parameters(type.getTypeParameters());
    List<String> interfaces = new ArrayList<>();
    Class<?> above = type;
    Type superclass = null;
    do {
      Stream.of(above.getGenericInterfaces()).map(Type::getTypeName).forEach(interfaces::add);
      superclass = above.getGenericSuperclass();
      above = above.getSuperclass();
    } while (above != null && !isPublic(above));
    if (superclass != null) {
      line += " extends " + superclass.getTypeName();
    }
    Collections.sort(interfaces);
    if (!interfaces.isEmpty()) {
      line += " implements " + String.join(", ", interfaces);
    }
    if (type.isSealed()) {
      line += " permits " + names(type.getPermittedSubclasses());
    }
    return line;
  }

  private static String modifiers(int modifiers) {
    String text = Modifier.toString(modifiers & SHOWN);
    return text.isEmpty() ? "" : text + " ";
  }

  private static String field(Field field) throws IllegalAccessException {
    String line =
        modifiers(field.getModifiers()) + type(field.getAnnotatedType()) + " " + field.getName();
    boolean isConstant =
        Modifier.isStatic(field.getModifiers())
            && Modifier.isFinal(field.getModifiers())
            && (field.getType().isPrimitive() || field.getType() == String.class);
    return isConstant ? line + " = " + field.get(null) : line;
  }

  private static String result(Method method) {
    return type(method.getAnnotatedReturnType());
  }

  private static String executable(Executable executable, String name) {
    List<String> parameters =
        new ArrayList<>(
            Stream.of(executable.getAnnotatedParameterTypes()).map(PublicApi::type).toList());
    if (executable.isVarArgs()) {
      int last = parameters.size() - 1;
      parameters.set(last, parameters.get(last).replaceFirst("\\[\\]$", "..."));
    }
    String generic = parameters(executable.getTypeParameters());
    String line =
        modifiers(executable.getModifiers())
            + (generic.isEmpty() ? "" : generic + " ")
            + (executable instanceof Method method && method.isDefault() ? "default " : "")
            + name
            + "("
            + String.join(", ", parameters)
            + ")";
    List<String> thrown =
        Stream.of(executable.getGenericExceptionTypes()).map(Type::getTypeName).sorted().toList();
    return thrown.isEmpty() ? line : line + " throws " + String.join(", ", thrown);
  }

  private static String parameters(TypeVariable<?>[] variables) {
    return variables.length == 0
        ? ""
        : Stream.of(variables)
            .map(
                variable ->
                    variable
                        + " extends "
                        + Stream.of(variable.getBounds())
                            .map(Type::getTypeName)
                            .collect(Collectors.joining(" & ")))
            .collect(Collectors.joining(", ", "<", ">"));
  }

  /** With its annotation where it may be null: programs in Kotlin are compiled against that. */
  private static String type(AnnotatedType type) {
    String nullness =
        Stream.of(type.getAnnotations())
            .map(annotation -> "@" + annotation.annotationType().getSimpleName() + " ")
            .sorted()
            .collect(Collectors.joining());
    return nullness + type.getType().getTypeName();
  }

  private static String names(Class<?>[] types) {
    return Stream.of(types).map(Class::getTypeName).sorted().collect(Collectors.joining(", "));
  }
}
