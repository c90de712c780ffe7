package dev.sluice.internal.load;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Loads a library of the jar from a file that is gone afterwards. Each directory is tried by each
 * way, until one serves; a failure tells the reason of each.
 */
final class Unpacking {
  /** The ways to unpack in a directory, the better one first. */
  private static final List<Way> WAYS =
      List.of(
          new Way("a file without a name in ", NamelessFile::create),
          new Way("a private directory in ", PrivateDirectory::create));

  /** Needs no directory. */
  private static final Way IN_MEMORY =
      new Way("a file in ", (memory, content) -> AnonymousFile.create(content));

  private static final Path MEMORY = Path.of("memory");

  /** How many libraries of other class loaders may have been loaded by the path of a descriptor. */
  private static final int MOST_PATHS = 64;

  private final byte[] library;
  private final Set<String> reasons = new LinkedHashSet<>();
  private @Nullable Throwable last;

  /**
   * Begins to unpack.
   *
   * @param library the bytes of the library, which were verified
   */
  Unpacking(byte[] library) {
    this.library = library;
  }

  /** Makes a file in a directory. */
  private interface Creation {
    UnpackedLibrary create(Path directory, byte[] content) throws IOException;
  }

  private record Way(String name, Creation creation) {}

  /**
   * Loads the library.
   *
   * @return how it was loaded, such as {@code a file without a name in /tmp}
   * @throws IOException if no directory serves
   * @throws UnsatisfiedLinkError if the dynamic linker refuses the library, wherever it lies
   */
  String load() throws IOException {
    for (String candidate : Workdir.candidates()) {
      try {
        Path directory = Workdir.directory(candidate);
        for (Way way : WAYS) {
          if (isLoaded(way, directory)) {
            return way.name + directory;
          }
        }
      } catch (IOException | IllegalArgumentException | SecurityException e) {
        add(candidate, e);
      }
    }
    if (Workdir.named() == null && isLoaded(IN_MEMORY, MEMORY)) {
      return IN_MEMORY.name + MEMORY;
    }
    throw new IOException(String.join("; ", reasons) + "; " + Workdir.moved(), last);
  }

  private boolean isLoaded(Way way, Path directory) {
    try {
      load(way.creation, directory);
      return true;
    } catch (IOException | SecurityException e) {
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

  private void load(Creation creation, Path directory) throws IOException {
    Deque<UnpackedLibrary> files = new ArrayDeque<>();
    try {
      while (true) {
        UnpackedLibrary file = creation.create(directory, library);
        files.push(file);
        // The linker opens the file by this path.
        if (!Arrays.equals(Files.readAllBytes(file.path()), library)) {
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
      files.forEach(Unpacking::close);
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
