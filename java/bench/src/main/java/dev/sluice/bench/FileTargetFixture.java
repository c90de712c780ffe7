package dev.sluice.bench;

import dev.sluice.bench.loop.Work;
import java.io.IOException;

/** A fixture that ends in a file, which is read to see what has arrived. */
interface FileTargetFixture extends Fixture {
  /** Where it ends. */
  TargetFile target();

  @Override
  default void warm(Work work) throws IOException {
    target().warm(work.region());
  }

  @Override
  default String digest(Work work, Transfer transfer) throws IOException {
    target().blank(work.region());
    begin(work);
    transfer.run();
    finish();
    return target().digest(work.region());
  }
}
