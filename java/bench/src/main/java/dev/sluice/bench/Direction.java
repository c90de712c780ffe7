package dev.sluice.bench;

/** From what to what a cell moves its bytes, and by which method of NIO. */
enum Direction {
  FILE_TO_SOCKET("file-socket", "file to socket (TCP, loopback)"),
  FILE_TO_FILE("file-file", "file to file"),
  FILE_FROM_FILE("file-from-file", "file from file (transferFrom)"),
  SOCKET_TO_FILE("socket-file", "socket (TCP, loopback) to file"),
  SOCKET_TO_SOCKET("socket-socket", "socket to socket (TCP, loopback), where NIO has no call"),
  FILE_TO_PIPE("file-pipe", "file to pipe (java.nio.channels.Pipe)"),
  PIPE_TO_FILE("pipe-file", "pipe (java.nio.channels.Pipe) to file"),
  SPARSE_COPY("sparse-copy", "a sparse file copied: 3 GiB long, 8 KiB of data");

  private final String id;
  private final String title;

  Direction(String id, String title) {
    this.id = id;
    this.title = title;
  }

  String id() {
    return id;
  }

  String title() {
    return title;
  }

  /** One that takes minutes and gigabytes, and therefore runs for those only who name it. */
  boolean isOnRequest() {
    return this == SPARSE_COPY;
  }
}
