package dev.sluice.internal.load;

import dev.sluice.internal.boundary.Mechanisms;
import dev.sluice.internal.jdk.CarrierCompensation;
import dev.sluice.internal.jdk.FileGuards;
import dev.sluice.internal.jdk.MappedBufferMaker;
import dev.sluice.internal.jdk.MemorySessions;
import dev.sluice.internal.jdk.Privileged;
import dev.sluice.internal.jdk.StreamGuards;
import dev.sluice.internal.jdk.UnsafeMemory;
import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;
import java.util.function.Supplier;

/** The facts that explain a transfer that took an unexpected path. */
public final class Diagnostics {
  private Diagnostics() {}

  /** Several lines of {@code name: value}, without a line break at the end. */
  public static String text() {
    StringBuilder text = new StringBuilder();
    line(text, "sluice", known(Diagnostics::version));
    Platform platform = Privileged.orElse(Platform::current, null);
    if (platform != null) {
      line(text, "platform", platform.name());
      line(text, "processor", platform.processor());
      line(text, "C library", platform.cLibrary());
      if (platform.emulator() != null) {
        line(text, "emulator", platform.emulator());
      }
    }
    line(text, "kernel", known(() -> System.getProperty("os.version")));
    line(text, "java", Runtime.version() + ", " + known(() -> System.getProperty("java.vm.name")));
    Throwable cause = NativeLoader.unavailabilityCause();
    if (cause != null) {
      line(text, "library", "not loaded: " + cause);
      line(text, "transfers", "through NIO");
    } else {
      line(text, "library", NativeLoader.origin());
      String unpackedIn = NativeLoader.unpackedIn();
      if (unpackedIn != null) {
        line(text, "unpacked as", unpackedIn);
      }
      String sharing = PageSharing.text(Mechanisms.SENDFILE, Mechanisms.SPLICE);
      line(text, "pages to a socket", sharing);
      FileGuards.found().forEach((group, how) -> line(text, group, how));
      StreamGuards.found().forEach((group, how) -> line(text, group, how));
      CarrierCompensation.found().forEach((group, how) -> line(text, group, how));
      UnsafeMemory.found().forEach((group, how) -> line(text, group, how));
      MappedBufferMaker.found().forEach((group, how) -> line(text, group, how));
      MemorySessions.found().forEach((group, how) -> line(text, group, how));
    }
    return text.substring(0, text.length() - 1);
  }

  private static void line(StringBuilder text, String name, Object value) {
    text.append(name).append(": ").append(value).append('\n');
  }

  /** A fact, unless a security manager keeps it even from Sluice's jar. */
  private static String known(Supplier<String> fact) {
    return Privileged.orElse(fact, "unknown");
  }

  private static String version() {
    Properties properties = new Properties();
    try (InputStream in = Diagnostics.class.getResourceAsStream("/META-INF/sluice.properties")) {
      if (in != null) {
        properties.load(in);
      }
    } catch (IOException e) {
      return "unknown: " + e;
    }
    return properties.getProperty("version", "unknown");
  }
}
