package dev.sluice;

import java.io.IOException;
import java.nio.channels.FileChannel;

/**
 * What of {@link SluiceFileChannel} depends on the JDK: from 22 on the jar's other version of this
 * class (in {@code META-INF/versions/22}) adds {@code map(MapMode, long, long, Arena)}.
 */
abstract class SegmentFileChannel extends FileChannel {
  /** The wrapped channel. */
  abstract FileChannel file();

  /** Closes this channel if the wrapped one is closed. */
  abstract void follow() throws IOException;
}
