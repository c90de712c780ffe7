package dev.sluice.bench;

import dev.sluice.bench.loop.RoundSize;
import java.io.IOException;

/** A fixture that ends in a file, which is read to see what has arrived. */
interface FileTargetFixture extends Fixture {
  /** Where it ends. */
  TargetFile target();

  @Override
  default void warm(RoundSize roundSize) throws IOException {
    target().warm(roundSize.region());
  }

  @Override
  default String digest(RoundSize roundSize, Transfer transfer) throws IOException {
    target().blank(roundSize.region());
    begin(roundSize);
    transfer.run();
    finish();
    return target().digest(roundSize.region());
  }
}
