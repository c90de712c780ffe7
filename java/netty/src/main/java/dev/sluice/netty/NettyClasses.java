package dev.sluice.netty;

/** Which parts of Netty a program has: each of its transports is an artifact of its own. */
final class NettyClasses {
  private NettyClasses() {}

  /** Whether there is a class of this name. */
  static boolean have(String name) {
    try {
      Class.forName(name, false, NettyClasses.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }
}
