package dev.sluice.bench.cell;

import dev.sluice.bench.fixture.Conditions;
import dev.sluice.bench.fixture.CopyFixture;
import dev.sluice.bench.fixture.FileToFileFixture;
import dev.sluice.bench.fixture.FileToPipeFixture;
import dev.sluice.bench.fixture.FileToSocketFixture;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.MapReadFixture;
import dev.sluice.bench.fixture.Peer;
import dev.sluice.bench.fixture.PipeToFileFixture;
import dev.sluice.bench.fixture.SmallFilesFixture;
import dev.sluice.bench.fixture.SocketToFileFixture;
import dev.sluice.bench.fixture.SocketToSocketFixture;
import dev.sluice.bench.fixture.SparseCopyFixture;
import dev.sluice.bench.fixture.Workspace;
import dev.sluice.bench.loop.RoundSize;
import java.io.IOException;
import java.nio.file.Path;

/** The source and the target of a cell's bytes, and the method of NIO that moves them. */
public enum Direction {
  FILE_TO_SOCKET("file-socket", "file to socket (TCP, loopback)", FarEnd.CONNECTION),
  FILE_TO_SELECTOR(
      "file-selector",
      "file to sockets in non-blocking mode, one thread with a selector",
      FarEnd.SELECTOR),
  RESPONSE(
      "response",
      "a head and a part of a file as one response to a socket (TCP, loopback)",
      FarEnd.CONNECTION),
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
  MAP_CLOSE("map-close", "mapping, reading and unmapping a piece of a file", FarEnd.FILE),
  COPY("copy", "a file copied by its path, at most 32 MiB", FarEnd.PATH),
  SMALL_FILES("small-files", "250 files of 4 KiB copied by their paths", FarEnd.PATH),
  SPARSE_COPY("sparse-copy", "a sparse file copied: 256 MiB long, 8 KiB of data", FarEnd.PATH);

  /**
   * What serves the far end of a fixture: nothing but a file that is open or named, a thread of
   * this process, or a peer process.
   */
  private enum FarEnd {
    FILE,
    PATH,
    PIPE,
    CONNECTION,
    /** Peers, and a thread of each contender that waits for them all. */
    SELECTOR
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
   * transfer that waits for a peer may be made by many threads, of either kind. Responses are
   * measured for what one costs.
   */
  public boolean hasConcurrency(Concurrency concurrency) {
    if (this == RESPONSE) {
      return concurrency == Concurrency.ALONE;
    }
    return switch (farEnd) {
      case PATH -> concurrency == Concurrency.ALONE;
      case FILE, PIPE -> concurrency.connections() == 1;
      case CONNECTION -> true;
      case SELECTOR -> !concurrency.isVirtual();
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

  /** Opens a fixture of the direction under the conditions of many threads. */
  public Fixture open(Workspace workspace) throws IOException {
    return open(workspace, Conditions.UNPLACED);
  }

  /** Opens a fixture of the direction, over which any implementation can move the bytes. */
  Fixture open(Workspace workspace, Conditions conditions) throws IOException {
    Path file = workspace.file();
    Path targets = targetDirectory(workspace);
    return switch (this) {
      case FILE_TO_SOCKET, FILE_TO_SELECTOR, RESPONSE ->
          new FileToSocketFixture(file, targets, conditions, Peer.start(file, conditions));
      case FILE_TO_UNIX ->
          new FileToSocketFixture(file, targets, conditions, Peer.startUnix(file, conditions));
      case FILE_TO_FILE, FILE_TO_OTHER, FILE_FROM_FILE ->
          new FileToFileFixture(file, targets, conditions);
      case SOCKET_TO_FILE -> new SocketToFileFixture(file, targets, conditions);
      case SOCKET_TO_SOCKET -> new SocketToSocketFixture(file, conditions);
      case FILE_TO_PIPE -> new FileToPipeFixture(file, conditions);
      case PIPE_TO_FILE -> new PipeToFileFixture(file, targets, conditions);
      case MAP_READ, MAP_CLOSE -> new MapReadFixture(file);
      case COPY -> new CopyFixture(file, targets, conditions);
      case SMALL_FILES -> new SmallFilesFixture(targets);
      case SPARSE_COPY -> new SparseCopyFixture(targets);
    };
  }

  /** Whether the calls are given paths instead of what is open. */
  boolean takesPaths() {
    return farEnd == FarEnd.PATH;
  }

  /**
   * What holds for every contender where no setting changes it. Without a far end there is nothing
   * to place.
   */
  Conditions usual(Concurrency concurrency) {
    if (concurrency.connections() > 1) {
      return Conditions.SHARED;
    }
    return switch (farEnd) {
      case FILE -> Conditions.UNPLACED;
      case PATH -> Conditions.UNPLACED.withTarget(true);
      case PIPE, CONNECTION, SELECTOR ->
          concurrency.isVirtual() ? Conditions.UNPLACED : Conditions.USUAL;
    };
  }

  /** What each of the connections moves in a round over a file of this length. */
  RoundSize roundSize(PieceSize pieceSize, Concurrency concurrency, long fileBytes) {
    return switch (this) {
      case SPARSE_COPY -> SparseCopyFixture.ROUND_SIZE;
      case SMALL_FILES -> SmallFilesFixture.ROUND_SIZE;
      case COPY -> pieceSize.roundSize(Math.min(fileBytes, CopyFixture.MOST), 1).once();
      default -> pieceSize.roundSize(fileBytes, concurrency.connections());
    };
  }

  /**
   * Whether pieces of this size say anything that others do not. A path names a whole file, an
   * array has no more than 1 MiB of a mapping at a time, and a head is nothing beside a large file.
   */
  boolean hasPieceSize(PieceSize pieceSize) {
    return switch (this) {
      case COPY, SMALL_FILES, SPARSE_COPY -> pieceSize == PieceSize.WHOLE;
      case MAP_CLOSE -> pieceSize.isAtMost(PieceSize.MIB_1);
      case RESPONSE ->
          pieceSize == PieceSize.KIB_4
              || pieceSize == PieceSize.KIB_64
              || pieceSize == PieceSize.MIB_1;
      default -> true;
    };
  }
}
