package dev.sluice.bench;

import dev.sluice.bench.loop.Ends;
import dev.sluice.bench.loop.Work;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** A pipe of the default size, which a thread fills, to a file. */
final class PipeToFile implements Route {
  private final FileChannel file;
  private final TargetFile target;
  private final PipeEnd farEnd = new PipeEnd();
  private Pipe pipe;
  private Ends ends;

  PipeToFile(Path file, Path targetDirectory) throws IOException {
    this.file = FileChannel.open(file, StandardOpenOption.READ);
    try {
      target = new TargetFile(targetDirectory);
      open();
    } catch (IOException e) {
      this.file.close();
      throw e;
    }
  }

  private void open() throws IOException {
    pipe = Pipe.open();
    ends = Ends.of(pipe.source(), target.channel());
  }

  @Override
  public Ends ends() {
    return ends;
  }

  /** A pipe of its own for each round: Sluice widens those that much goes through. */
  @Override
  public void begin(Work work) throws IOException {
    reopen();
    farEnd.fill(pipe, file, work.region(), work.passes());
  }

  @Override
  public void finish() throws IOException {
    farEnd.done();
  }

  @Override
  public void warm(Work work) throws IOException {
    target.warm(work.region());
  }

  @Override
  public String digest(Work work, Transfer transfer) throws IOException {
    target.blank(work.region());
    begin(work);
    transfer.run();
    finish();
    return target.digest(work.region());
  }

  @Override
  public void reopen() throws IOException {
    shut();
    open();
  }

  private void shut() throws IOException {
    pipe.source().close();
    pipe.sink().close();
    farEnd.abandoned();
  }

  @Override
  public void close() throws IOException {
    try (file;
        target) {
      shut();
    }
  }
}
