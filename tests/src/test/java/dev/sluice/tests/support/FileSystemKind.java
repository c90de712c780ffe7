package dev.sluice.tests.support;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The file systems that a case runs on; the case is skipped where this machine lacks one. */
public enum FileSystemKind {
  /** Whatever holds the directory: ext4 or an overlay, mostly. */
  TEMPORARY(false),
  TMPFS(false),
  XFS(true, "-m", "reflink=1"),
  XFS_WITHOUT_REFLINK(false, "-m", "reflink=0"),
  BTRFS(true);

  /** Whether files can share extents; see {@link FolderWithoutSharing}. */
  public final boolean shares;

  private final String[] options;

  FileSystemKind(boolean shares, String... options) {
    this.shares = shares;
    this.options = options;
  }

  /** A folder on such a file system, below a directory. */
  public Place in(Path directory) throws IOException, InterruptedException {
    Path folder = Files.createDirectory(directory.resolve("store-" + this));
    return switch (this) {
      case TEMPORARY -> new Place(folder, () -> {});
      case TMPFS -> Place.mounted(Tools.Mount.of(folder, "tmpfs", "size=100m"));
      case XFS, XFS_WITHOUT_REFLINK -> Place.mounted(Tools.Mount.ofImage(folder, "xfs", options));
      case BTRFS -> Place.mounted(Tools.Mount.ofImage(folder, "btrfs"));
    };
  }

  /** A folder on a file system that is there until this is closed. */
  public record Place(Path folder, Closing closing) implements AutoCloseable {
    private interface Closing {
      void run() throws IOException;
    }

    private static Place mounted(Tools.Mount mount) {
      return new Place(mount.folder(), mount::close);
    }

    public Path resolve(String name) {
      return folder.resolve(name);
    }

    @Override
    public void close() throws IOException {
      closing.run();
    }
  }
}
