package dev.sluice.bench;

/** From what to what a cell moves its bytes. */
enum Direction {
  FILE_TO_SOCKET("file-socket", "file to socket (TCP, loopback)"),
  FILE_TO_FILE("file-file", "file to file"),
  SOCKET_TO_FILE("socket-file", "socket (TCP, loopback) to file");

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
}
