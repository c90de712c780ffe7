package dev.sluice.bench;

import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;

/** A file to a pipe of the default size, which a thread empties. */
final class FileToPipeFixture implements Fixture {
  private final FileChannel source;
  private final PipeEnd farEnd;

  FileToPipeFixture(Path file) throws IOException {
    source = FileChannel.open(file, StandardOpenOption.READ);
    try {
      farEnd = new PipeEnd();
    } catch (IOException e) {
      source.close();
      throw e;
    }
  }

  @Override
  public OpenChannels channels() {
    return OpenChannels.of(source, farEnd.pipe().sink());
  }

  @Override
  public void begin(RoundSize roundSize) throws IOException {
    farEnd.renew();
    farEnd.empty(roundSize.bytes());
  }

  @Override
  public void finish() throws IOException {
    farEnd.done();
  }

  /** Nothing is timed here, so that a thread of Java's may read. */
  @Override
  public String digest(RoundSize roundSize, Transfer transfer) throws IOException {
    Pipe.SourceChannel arriving = farEnd.pipe().source();
    CompletableFuture<String> digest =
        CompletableFuture.supplyAsync(
            () -> {
              try {
                return Digests.sha256(arriving, roundSize.bytes());
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
  public String digestLater(long bytes) throws IOException {
    return Digests.sha256(farEnd.pipe().source(), bytes);
  }

  @Override
  public void reopen() throws IOException {
    farEnd.renew();
  }

  @Override
  public void close() throws IOException {
    try (source;
        farEnd) {}
  }
}
