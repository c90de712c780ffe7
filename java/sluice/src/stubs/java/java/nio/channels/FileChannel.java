package java.nio.channels;

import java.nio.channels.spi.AbstractInterruptibleChannel;

/**
 * Stands for the JDK's type of this name, to compile against. That of JDK 21 has a method with an
 * arena as a preview, which no class may override that is compiled without previews.
 */
public abstract class FileChannel extends AbstractInterruptibleChannel {
  protected FileChannel() {}

  /** Stands for the JDK's type of this name. */
  public static class MapMode {
    private MapMode() {}
  }
}
