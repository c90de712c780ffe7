package dev.sluice.bench.cell;

import dev.sluice.bench.fixture.FileToFileFixture;
import dev.sluice.bench.fixture.FileToPipeFixture;
import dev.sluice.bench.fixture.FileToSocketFixture;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.MapReadFixture;
import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.fixture.PipeToFileFixture;
import dev.sluice.bench.fixture.SocketToFileFixture;
import dev.sluice.bench.fixture.SocketToSocketFixture;
import dev.sluice.bench.fixture.SparseCopyFixture;
import dev.sluice.bench.fixture.Workspace;
import java.io.IOException;
import java.nio.file.Path;

/** The source and the target of a cell's bytes, and the method of NIO that moves them. */
public enum Direction {
  FILE_TO_SOCKET("file-socket", "file to socket (TCP, loopback)", FarEnd.CONNECTION),
  FILE_TO_UNIX("file-unix", "file to socket (unix)", FarEnd.CONNECTION),
  FILE_TO_FILE("file-file", "file to file", FarEnd.FILE),
  FILE_TO_OTHER("file-other", "file to file on another file system", FarEnd.FILE),
  FILE_FROM_FILE("file-from-file", "file from file (transferFrom)", FarEnd.FILE),
  SOCKET_TO_FILE("socket-file", "socket (TCP, loopback) to file", FarEnd.CONNECTION),
  SOCKET_TO_SOCKET(
      "socket-socket",
      "socket to socket (TCP, loopback), where NIO has no call",
      FarEnd.CONNECTION),
  FILE_TO_PIPE("file-pipe", "file to pipe (java.nio.channels.Pipe)", FarEnd.PIPE),
  PIPE_TO_FILE("pipe-file", "pipe (java.nio.channels.Pipe) to file", FarEnd.PIPE),
  MAP_READ("map-read", "reading a mapped file", FarEnd.FILE),
  SPARSE_COPY("sparse-copy", "a sparse file copied: 256 MiB long, 8 KiB of data", FarEnd.FILE);

  /**
   * What serves the far end of a fixture: nothing but a file, a thread of this process, or a peer
   * process.
   */
  private enum FarEnd {
    FILE,
    PIPE,
    CONNECTION
  }

  private final String id;
  private final String title;
  private final FarEnd farEnd;

  Direction(String id, String title, FarEnd farEnd) {
    this.id = id;
    this.title = title;
    this.farEnd = farEnd;
  }

  public String id() {
    return id;
  }

  public String title() {
    return title;
  }

  /**
   * Whether the direction has cells of this concurrency. A file has one reader or writer here. A
   * transfer that waits for a peer may be made by many threads, of either kind.
   */
  public boolean hasConcurrency(Concurrency concurrency) {
    return switch (farEnd) {
      case FILE ->
          concurrency == Concurrency.ALONE
              || concurrency == Concurrency.VIRTUAL && this != SPARSE_COPY;
      case PIPE -> concurrency.connections() == 1;
      case CONNECTION -> true;
    };
  }

  /** Where the direction writes; null where the workspace has no such place. */
  public Path targetDirectory(Workspace workspace) {
    return this == FILE_TO_OTHER ? workspace.other() : workspace.directory();
  }

  /** Whether the workspace has the directory that the direction writes to. */
  public boolean isPossibleIn(Workspace workspace) {
    return targetDirectory(workspace) != null;
  }

  /** Opens a fixture of the direction, over which any implementation can move the bytes. */
  public Fixture open(Workspace workspace) throws IOException {
    Path file = workspace.file();
    Path targets = targetDirectory(workspace);
    return switch (this) {
      case FILE_TO_SOCKET -> new FileToSocketFixture(file, Peer.start(file));
      case FILE_TO_UNIX -> new FileToSocketFixture(file, Peer.startUnix(file));
      case FILE_TO_FILE, FILE_TO_OTHER, FILE_FROM_FILE -> new FileToFileFixture(file, targets);
      case SOCKET_TO_FILE -> new SocketToFileFixture(file, targets);
      case SOCKET_TO_SOCKET -> new SocketToSocketFixture(file);
      case FILE_TO_PIPE -> new FileToPipeFixture(file);
      case PIPE_TO_FILE -> new PipeToFileFixture(file, targets);
      case MAP_READ -> new MapReadFixture(file);
      case SPARSE_COPY -> new SparseCopyFixture(targets);
    };
  }

  /** Whether pieces of this size say anything that the file as a whole does not. */
  boolean hasPieceSize(PieceSize pieceSize) {
    return this != SPARSE_COPY || pieceSize == PieceSize.WHOLE;
  }
}
