package dev.sluice;

import java.nio.channels.FileChannel;

/**
 * The part of {@link SluiceFileChannel} that depends on the JDK. From JDK 22 on, the jar's other
 * version of this class (in {@code META-INF/versions/22}) is used, which adds {@code map(MapMode,
 * long, long, Arena)}.
 */
abstract class SegmentFileChannel extends ForwardingFileChannel {
  SegmentFileChannel(FileChannel file) {
    super(file);
  }
}
