import dev.sluice.Reflink;
import dev.sluice.Sluice;
import dev.sluice.Sparse;
import java.io.IOException;
import java.nio.file.CopyOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Copies a file as {@code cp} does: {@code --reflink} and {@code --sparse} take {@code auto},
 * {@code always} or {@code never}, {@code -p} keeps the attributes, {@code -n} keeps an existing
 * target.
 *
 * <pre>java --enable-native-access=ALL-UNNAMED -cp sluice.jar Cp.java [OPTION ...] SOURCE TARGET
 * </pre>
 */
public final class Cp {
  private Cp() {}

  public static void main(String[] arguments) {
    try {
      copy(List.of(arguments));
    } catch (IllegalArgumentException e) {
      fail(e.getMessage(), 2);
    } catch (IOException e) {
      fail(e.toString(), 1);
    }
  }

  private static void copy(List<String> arguments) throws IOException {
    List<CopyOption> options = new ArrayList<>();
    List<Path> paths = new ArrayList<>();
    boolean replaces = true;
    for (String argument : arguments) {
      if (argument.equals("-n")) {
        replaces = false;
      } else if (argument.startsWith("-")) {
        options.add(option(argument));
      } else {
        paths.add(Path.of(argument));
      }
    }
    if (paths.size() != 2) {
      throw new IllegalArgumentException("a source and a target are needed");
    }
    if (replaces) {
      options.add(StandardCopyOption.REPLACE_EXISTING);
    }
    Path source = paths.get(0);
    Path target = paths.get(1);
    if (Files.isDirectory(target)) {
      target = target.resolve(source.getFileName());
    }
    Sluice.copy(source, target, options.toArray(new CopyOption[0]));
  }

  private static CopyOption option(String argument) {
    String[] parts = argument.split("=", 2);
    // As with cp, --reflink alone means always.
    String when = parts.length == 2 ? parts[1].toUpperCase(Locale.ROOT) : "ALWAYS";
    switch (parts[0]) {
      case "--reflink":
        return Reflink.valueOf(when);
      case "--sparse":
        return Sparse.valueOf(when);
      case "-p":
        return StandardCopyOption.COPY_ATTRIBUTES;
      default:
        throw new IllegalArgumentException("unknown option " + argument);
    }
  }

  private static void fail(String why, int status) {
    System.err.println("cp: " + why);
    System.exit(status);
  }
}
