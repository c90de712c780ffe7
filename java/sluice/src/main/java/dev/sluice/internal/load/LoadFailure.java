package dev.sluice.internal.load;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what the user can do when the dynamic linker or the JVM refuses an intact library. */
final class LoadFailure {
  /**
   * What the linker says, and what that means. In the meaning, {@code %1$s} is the file or its
   * directory, and {@code %2$s} is the first group of the pattern.
   */
  private static final List<Meaning> MEANINGS =
      List.of(
          new Meaning(
              "failed to map segment()|Error loading shared library .*(?:not permitted|denied)",
              "%1$s forbids execution (mounted noexec, or by a security policy)"),
          new Meaning(
              "version `(GLIBC_[0-9.]+)' not found",
              "%1$s holds a library that needs %2$s: use the released jar, which runs with glibc"
                  + " 2.17"),
          new Meaning(
              "already loaded in another classloader()",
              "another class loader of this JVM has loaded %1$s already, and a JVM loads a file"
                  + " once: leave -Ddev.sluice.library.path out, so that each loader unpacks its"
                  + " own"),
          new Meaning(
              "(ld-musl-[^ :]*|libc\\.musl-[^ :]*)",
              "%1$s holds a library for another C library: %2$s is not there"),
          new Meaning(
              "(?i)can't load (.*?) \\.so on a .* platform",
              "%1$s holds a library for another processor, %2$s: use the one for this"));

  /**
   * Limits that may be lifted later, as {@code strerror(3)} names them: EMFILE, ENFILE, ENOMEM,
   * ENOSPC, EDQUOT.
   */
  private static final List<String> LIMITS =
      List.of(
          "Too many open files",
          "Cannot allocate memory",
          "No space left on device",
          "Disk quota exceeded");

  /** What the linkers of glibc and musl say of a directory rather than of a library. */
  private static final Pattern OF_DIRECTORY =
      Pattern.compile(
          "failed to map segment|cannot open shared object|Error loading shared library");

  private static final Pattern PATH_IN_USE =
      Pattern.compile("already loaded in another classloader");

  private LoadFailure() {}

  /** An error of the linker, and what it means. */
  private record Meaning(Pattern says, String means) {
    Meaning(String says, String means) {
      this(Pattern.compile(says), means);
    }
  }

  /**
   * The linker's error with its meaning in front, or the error itself where no meaning is known.
   *
   * @param named the file or directory that the message names
   */
  static UnsatisfiedLinkError explained(UnsatisfiedLinkError e, Path named) {
    String message = String.valueOf(e.getMessage());
    if (LIMITS.stream().anyMatch(message::contains)) {
      return e;
    }
    for (Meaning meaning : MEANINGS) {
      Matcher matcher = meaning.says.matcher(message);
      if (matcher.find()) {
        return with(e, String.format(meaning.means, named, matcher.group(1)));
      }
    }
    return e;
  }

  /**
   * Whether the linker may accept the library in another directory: this one is mounted noexec, or
   * the linker may not open the file in it. Not where a limit was met.
   */
  static boolean isOfDirectory(UnsatisfiedLinkError e) {
    String message = String.valueOf(e.getMessage());
    return OF_DIRECTORY.matcher(message).find() && LIMITS.stream().noneMatch(message::contains);
  }

  /** Whether another class loader has loaded a library by this path. */
  static boolean isPathInUse(UnsatisfiedLinkError e) {
    return PATH_IN_USE.matcher(String.valueOf(e.getMessage())).find();
  }

  /**
   * The JVM's refusal under {@code --illegal-native-access=deny}, with the flag that allows native
   * access.
   */
  static IllegalCallerException denied(IllegalCallerException e) {
    Module module = LoadFailure.class.getModule();
    String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
    return new IllegalCallerException(
        "this JVM denies native access: start it with --enable-native-access=" + name, e);
  }

  /**
   * Whether a later attempt may succeed, because a limit of the process, the user or the system was
   * met.
   */
  static boolean mayPass(Throwable failure) {
    for (Throwable e = failure; e != null; e = e.getCause()) {
      String message = String.valueOf(e.getMessage());
      if (e instanceof OutOfMemoryError || LIMITS.stream().anyMatch(message::contains)) {
        return true;
      }
    }
    // The messages may be in another language, so the JDK tries to open one more file.
    try (FileChannel file = FileChannel.open(Path.of("/dev/null"))) {
      return !file.isOpen();
    } catch (IOException e) {
      return true;
    } catch (SecurityException e) {
      return false;
    }
  }

  /** An error with a message and a cause. */
  static UnsatisfiedLinkError with(UnsatisfiedLinkError cause, String message) {
    UnsatisfiedLinkError error = new UnsatisfiedLinkError(message);
    error.initCause(cause);
    return error;
  }
}
