package dev.sluice.internal.load;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loads a library of the jar from a file that is gone afterwards. Each directory is tried by each
 * way, until one serves; a failure tells the reason of each.
 */
final class Unpacking {
  private static final Path MEMORY = Path.of("memory");

  /** How many libraries of other class loaders may have been loaded by the path of a descriptor. */
  private static final int MOST_PATHS = 64;

  private final BundledLibraries.Library library;
  private final Set<String> reasons = new LinkedHashSet<>();
  private @Nullable Throwable last;

  /** What is wrong with the bytes of the jar, once that was found out. */
  private @Nullable IOException damage;

  /** Begins to unpack. */
  Unpacking(BundledLibraries.Library library) {
    this.library = library;
  }

  /** The ways to unpack, the better one first. */
  private enum Way {
    NAMELESS("a file without a name in "),
    PRIVATE("a private directory in "),
    /** Needs no directory. */
    IN_MEMORY("a file in ");

    private final String text;

    Way(String text) {
      this.text = text;
    }

    /** Makes a file in a directory. The classes of the ways that are not needed are not loaded. */
    UnpackedLibrary create(Path directory, byte[] content) throws IOException {
      if (this == NAMELESS) {
        return NamelessFile.create(directory, content);
      }
      return this == PRIVATE
          ? PrivateDirectory.create(directory, content)
          : AnonymousFile.create(content);
    }
  }

  /**
   * Loads the library.
   *
   * @return how it was loaded, such as {@code a file without a name in /tmp}
   * @throws IOException if no directory serves, or the jar is damaged
   * @throws UnsatisfiedLinkError if the dynamic linker refuses the library, wherever it lies
   */
  String load() throws IOException {
    for (String candidate : Workdir.candidates()) {
      try {
        Path directory = Workdir.directory(candidate);
        if (isLoaded(Way.NAMELESS, directory)) {
          return Way.NAMELESS.text + directory;
        }
        if (isLoaded(Way.PRIVATE, directory)) {
          return Way.PRIVATE.text + directory;
        }
      } catch (IOException | IllegalArgumentException | SecurityException e) {
        ensureUndamaged();
        add(candidate, e);
      }
    }
    if (Workdir.named() == null && isLoaded(Way.IN_MEMORY, MEMORY)) {
      return Way.IN_MEMORY.text + MEMORY;
    }
    library.ensureIntact();
    throw new IOException(String.join("; ", reasons) + "; " + Workdir.moved(), last);
  }

  private boolean isLoaded(Way way, Path directory) throws IOException {
    try {
      load(way, directory);
      return true;
    } catch (IOException | SecurityException e) {
      ensureUndamaged();
      add(directory.toString(), e);
    } catch (UnsatisfiedLinkError e) {
      UnsatisfiedLinkError explained = LoadFailure.explained(e, directory);
      if (!LoadFailure.isOfDirectory(e) && !LoadFailure.isPathInUse(e)) {
        throw explained;
      }
      reasons.add(explained.getMessage());
      last = e;
    }
    return false;
  }

  private void load(Way way, Path directory) throws IOException {
    Deque<UnpackedLibrary> files = new ArrayDeque<>();
    try {
      while (true) {
        UnpackedLibrary file = way.create(directory, library.content());
        files.push(file);
        // The linker opens the file by this path.
        if (!library.isMadeOf(Files.readAllBytes(file.path()))) {
          findDamage();
          throw new IOException("holds other bytes than were written");
        }
        try {
          System.load(file.path().toString());
          return;
        } catch (UnsatisfiedLinkError e) {
          // A descriptor is closed after the load, and another class loader may get its number.
          if (!LoadFailure.isPathInUse(e) || files.size() == MOST_PATHS) {
            throw e;
          }
        }
      }
    } finally {
      for (UnpackedLibrary file : files) {
        close(file);
      }
    }
  }

  /** Looks whether the jar itself has other bytes than the build made. No directory helps then. */
  private void findDamage() {
    try {
      library.ensureIntact();
    } catch (IOException e) {
      damage = e;
    }
  }

  private void ensureUndamaged() throws IOException {
    if (damage != null) {
      throw damage;
    }
  }

  /** A file that cannot be removed is left behind; the library is loaded all the same. */
  private static void close(UnpackedLibrary file) {
    try {
      file.close();
    } catch (IOException e) {
      // No other way would remove it.
    }
  }

  private void add(String directory, Exception e) {
    reasons.add(directory + " " + reason(e));
    last = e;
  }

  /** The message without the name of the file, which nobody has seen. */
  private static String reason(Exception e) {
    if (e instanceof FileSystemException refusal) {
      String reason = refusal.getReason();
      return "takes no file: " + (reason != null ? reason : e.getClass().getSimpleName());
    }
    return String.valueOf(e.getMessage());
  }
}
