package dev.sluice.bench;

import dev.sluice.bench.loop.Ends;
import dev.sluice.bench.loop.Work;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A file to a pipe of the default size, which a thread empties. */
final class FileToPipe implements Route {
  private final FileChannel source;
  private final PipeEnd farEnd = new PipeEnd();
  private Pipe pipe;
  private Ends ends;

  FileToPipe(Path file) throws IOException {
    source = FileChannel.open(file, StandardOpenOption.READ);
    try {
      open();
    } catch (IOException e) {
      source.close();
      throw e;
    }
  }

  private void open() throws IOException {
    pipe = Pipe.open();
    ends = Ends.of(source, pipe.sink());
  }

  @Override
  public Ends ends() {
    return ends;
  }

  /** A pipe of its own for each round: Sluice widens those that much goes through. */
  @Override
  public void begin(Work work) throws IOException {
    reopen();
    farEnd.empty(pipe, work.bytes());
  }

  @Override
  public void finish() throws IOException {
    farEnd.done();
  }

  /** Nothing is timed here, so that a thread of Java's may read. */
  @Override
  public String digest(Work work, Transfer transfer) throws IOException {
    Pipe.SourceChannel arriving = pipe.source();
    CompletableFuture<String> digest =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Digests.sha256(arriving, work.bytes());
              } catch (IOException e) {
                throw new UncheckedIOException(e);
              }
            });
    transfer.run();
    try {
      return digest.join();
    } catch (CompletionException e) {
      throw new IOException("the pipe's bytes could not be read", e.getCause());
    }
  }

  @Override
  public void reopen() throws IOException {
    shut();
    open();
  }

  private void shut() throws IOException {
    pipe.sink().close();
    pipe.source().close();
    farEnd.abandoned();
  }

  @Override
  public void close() throws IOException {
    try (source) {
      shut();
    }
  }
}
