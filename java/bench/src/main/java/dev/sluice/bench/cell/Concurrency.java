package dev.sluice.bench.cell;

/**
 * The threads that move the bytes of a cell: their number and their kind. Each has a connection of
 * its own.
 */
public enum Concurrency {
  ALONE("1", false, 1),
  EIGHT("8", false, 8),
  SIXTY_FOUR("64", false, 64),
  VIRTUAL("virtual", true, 1),
  VIRTUAL_EIGHT("virtual-8", true, 8),
  VIRTUAL_SIXTY_FOUR("virtual-64", true, 64);

  /** Whether this JDK has virtual threads. */
  public static final boolean HAS_VIRTUAL = Runtime.version().feature() >= 21;

  private final String id;
  private final boolean virtual;
  private final int connections;

  Concurrency(String id, boolean virtual, int connections) {
    this.id = id;
    this.virtual = virtual;
    this.connections = connections;
  }

  String id() {
    return id;
  }

  public boolean isVirtual() {
    return virtual;
  }

  public int connections() {
    return connections;
  }
}
