package dev.sluice.bench.netty;

import dev.sluice.bench.fixture.OwnFixture;
import dev.sluice.bench.measure.CpuTime;
import java.io.IOException;

/** What Netty's fixtures have in common: a connection, and the event loop that moves its bytes. */
abstract class NettyFixture implements OwnFixture {
  final NettyConnection connection;

  NettyFixture(NettyConnection connection) {
    this.connection = connection;
  }

  @Override
  public long cpuNanos() throws IOException {
    return connection.inLoop(CpuTime::ofThread);
  }

  @Override
  public <T> T inWorker(Task<T> task) throws IOException {
    return connection.inLoop(task);
  }

  @Override
  public void finish() throws IOException {
    connection.flush();
    connection.peer().done();
  }

  @Override
  public long farEndCpuNanos() throws IOException {
    return connection.peer().cpuNanos();
  }

  @Override
  public void reopen() throws IOException {
    connection.reconnect();
  }
}
