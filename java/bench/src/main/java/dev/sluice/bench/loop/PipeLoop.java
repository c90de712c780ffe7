package dev.sluice.bench.loop;

import java.io.IOException;

/** A loop through a pipe of its own, which it keeps. */
public abstract class PipeLoop implements Loop {
  private OwnPipe pipe;

  /** Moves the bytes. A run that fails may leave some of them in the pipe, which is closed then. */
  protected abstract void run(OpenChannels channels, OwnPipe pipe, long region, long piece)
      throws IOException;

  @Override
  public void prepare() throws IOException {
    if (pipe == null) {
      pipe = new OwnPipe();
    }
  }

  @Override
  public void run(OpenChannels channels, long region, long piece) throws IOException {
    prepare();
    try {
      run(channels, pipe, region, piece);
    } catch (IOException | RuntimeException e) {
      try (this) {
        throw e;
      }
    }
  }

  @Override
  public void close() throws IOException {
    if (pipe != null) {
      pipe.close();
      pipe = null;
    }
  }
}
