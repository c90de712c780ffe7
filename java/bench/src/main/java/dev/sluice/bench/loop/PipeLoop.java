package dev.sluice.bench.loop;

import java.io.IOException;

/** Moves bytes through a pipe of its own, which it keeps. */
public abstract class PipeLoop implements Loop {
  private OwnPipe pipe;

  /** Moves the bytes; whoever fails may leave some in the pipe. */
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
