package dev.sluice.bench;

import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A file to another, by whichever of the two is asked. */
final class FileToFileFixture implements FileTargetFixture {
  private final FileChannel source;
  private final TargetFile target;
  private final OpenChannels channels;

  FileToFileFixture(Path file, Path targetDirectory) throws IOException {
    source = FileChannel.open(file, StandardOpenOption.READ);
    try {
      target = new TargetFile(targetDirectory);
    } catch (IOException e) {
      source.close();
      throw e;
    }
    channels = OpenChannels.of(source, target.channel());
  }

  @Override
  public OpenChannels channels() {
    return channels;
  }

  @Override
  public void begin(RoundSize roundSize) {}

  @Override
  public void finish() {}

  @Override
  public TargetFile target() {
    return target;
  }

  @Override
  public String digestLater(long bytes) throws IOException {
    return target.digest(bytes);
  }

  @Override
  public void reopen() {}

  @Override
  public void close() throws IOException {
    try (source) {
      target.close();
    }
  }
}
