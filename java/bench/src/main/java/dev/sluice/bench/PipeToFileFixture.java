package dev.sluice.bench;

import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A pipe of the default size, which a thread fills, to a file. */
final class PipeToFileFixture implements FileTargetFixture {
  private final FileChannel file;
  private final TargetFile target;
  private final PipeEnd farEnd;

  PipeToFileFixture(Path file, Path targetDirectory) throws IOException {
    this.file = FileChannel.open(file, StandardOpenOption.READ);
    try {
      target = new TargetFile(targetDirectory);
      farEnd = new PipeEnd();
    } catch (IOException e) {
      this.file.close();
      throw e;
    }
  }

  @Override
  public OpenChannels channels() {
    return OpenChannels.of(farEnd.pipe().source(), target.channel());
  }

  @Override
  public void begin(RoundSize roundSize) throws IOException {
    farEnd.renew();
    farEnd.fill(file, roundSize.region(), roundSize.passes());
  }

  @Override
  public void finish() throws IOException {
    farEnd.done();
  }

  @Override
  public TargetFile target() {
    return target;
  }

  @Override
  public void reopen() throws IOException {
    farEnd.renew();
  }

  @Override
  public void close() throws IOException {
    try (file;
        target;
        farEnd) {}
  }
}
