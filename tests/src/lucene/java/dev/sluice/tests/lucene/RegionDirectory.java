package dev.sluice.tests.lucene;

import dev.sluice.Advice;
import dev.sluice.MappedRegion;
import java.io.IOException;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Path;
import java.util.Set;
import org.apache.lucene.store.DataAccessHint;
import org.apache.lucene.store.FSDirectory;
import org.apache.lucene.store.FSLockFactory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.PreloadHint;

/** A directory whose files are read out of regions, each of which is a whole file. */
final class RegionDirectory extends FSDirectory {
  RegionDirectory(Path path) throws IOException {
    super(path, FSLockFactory.getDefault());
  }

  @Override
  public IndexInput openInput(String name, IOContext context) throws IOException {
    ensureOpen();
    ensureCanRead(name);
    Path path = directory.resolve(name);
    MappedRegion region = MappedRegion.map(path, MapMode.READ_ONLY);
    boolean isKept = false;
    try {
      region.order(ByteOrder.LITTLE_ENDIAN);
      if (context.hints().contains(PreloadHint.INSTANCE)) {
        region.load();
      }
      RegionInput input = RegionInput.of("RegionInput(" + path + ")", region);
      input.updateIOContext(context);
      isKept = true;
      return input;
    } finally {
      if (!isKept) {
        region.close();
      }
    }
  }

  /** What MMapDirectory advises for the same context. */
  static Advice advice(IOContext context) {
    return switch (context.context()) {
      case MERGE, FLUSH -> Advice.SEQUENTIAL;
      case DEFAULT -> advice(context.hints());
    };
  }

  private static Advice advice(Set<IOContext.FileOpenHint> hints) {
    if (hints.contains(DataAccessHint.RANDOM)) {
      return Advice.RANDOM;
    }
    return hints.contains(DataAccessHint.SEQUENTIAL) ? Advice.SEQUENTIAL : Advice.NORMAL;
  }
}
