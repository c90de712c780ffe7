package dev.sluice;

import java.nio.channels.FileChannel;

/**
 * What of {@link SluiceFileChannel} depends on the JDK: from 22 on the jar's other version of this
 * class (in {@code META-INF/versions/22}) adds {@code map(MapMode, long, long, Arena)}.
 */
abstract class SegmentFileChannel extends ForwardingFileChannel {
  SegmentFileChannel(FileChannel file) {
    super(file);
  }
}
