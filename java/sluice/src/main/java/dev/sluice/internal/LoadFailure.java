package dev.sluice.internal;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Says what to do where the dynamic linker or the JVM refuses an intact library. */
final class LoadFailure {
  /**
   * What the linker says, and what that means: {@code %1$s} is the file or its directory, {@code
   * %2$s} a group.
   */
  private static final List<Meaning> MEANINGS =
      List.of(
          new Meaning(
              "failed to map segment()",
              "%1$s forbids execution (mounted noexec, or by a security policy); "
                  + Workdir.moved()),
          new Meaning(
              "version `(GLIBC_[0-9.]+)' not found",
              "%1$s holds a library that needs %2$s: use the released jar, which runs with glibc"
                  + " 2.17"),
          new Meaning(
              "(ld-musl-[^ :]*|libc\\.musl-[^ :]*)",
              "%1$s holds a library for another C library: %2$s is not there"),
          new Meaning(
              "(?i)can't load (.*?) \\.so on a .* platform",
              "%1$s holds a library for another processor, %2$s: use the one for this"));

  private LoadFailure() {}

  private record Meaning(Pattern says, String means) {
    Meaning(String says, String means) {
      this(Pattern.compile(says), means);
    }
  }

  /** The linker's error with what it means in front, or itself where that is not known. */
  static UnsatisfiedLinkError explained(UnsatisfiedLinkError e, Path named) {
    String message = String.valueOf(e.getMessage());
    for (Meaning meaning : MEANINGS) {
      Matcher matcher = meaning.says.matcher(message);
      if (matcher.find()) {
        return with(e, String.format(meaning.means, named, matcher.group(1)));
      }
    }
    return e;
  }

  /** The JVM's refusal under {@code --illegal-native-access=deny}, with the flag that lifts it. */
  static IllegalCallerException denied(IllegalCallerException e) {
    Module module = LoadFailure.class.getModule();
    String name = module.isNamed() ? module.getName() : "ALL-UNNAMED";
    return new IllegalCallerException(
        "this JVM denies native access: start it with --enable-native-access=" + name, e);
  }

  static UnsatisfiedLinkError with(UnsatisfiedLinkError cause, String message) {
    UnsatisfiedLinkError error = new UnsatisfiedLinkError(message);
    error.initCause(cause);
    return error;
  }
}
