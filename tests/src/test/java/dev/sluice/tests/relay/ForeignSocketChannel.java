package dev.sluice.tests.relay;

import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketOption;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.channels.spi.SelectorProvider;
import java.util.Set;

/** A socket of another library, such as one that encrypts. */
final class ForeignSocketChannel extends SocketChannel {
  ForeignSocketChannel() {
    super(SelectorProvider.provider());
  }

  private static UnsupportedOperationException never() {
    return new UnsupportedOperationException("never called");
  }

  @Override
  public SocketChannel bind(SocketAddress local) {
    throw never();
  }

  @Override
  public <T> SocketChannel setOption(SocketOption<T> name, T value) {
    throw never();
  }

  @Override
  public <T> T getOption(SocketOption<T> name) {
    throw never();
  }

  @Override
  public Set<SocketOption<?>> supportedOptions() {
    return Set.of();
  }

  @Override
  public SocketChannel shutdownInput() {
    throw never();
  }

  @Override
  public SocketChannel shutdownOutput() {
    throw never();
  }

  @Override
  public Socket socket() {
    throw never();
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isConnectionPending() {
    return false;
  }

  @Override
  public boolean connect(SocketAddress remote) {
    throw never();
  }

  @Override
  public boolean finishConnect() {
    return true;
  }

  @Override
  public SocketAddress getRemoteAddress() {
    throw never();
  }

  @Override
  public int read(ByteBuffer target) {
    throw never();
  }

  @Override
  public long read(ByteBuffer[] targets, int offset, int length) {
    throw never();
  }

  @Override
  public int write(ByteBuffer source) {
    throw never();
  }

  @Override
  public long write(ByteBuffer[] sources, int offset, int length) {
    throw never();
  }

  @Override
  public SocketAddress getLocalAddress() {
    throw never();
  }

  @Override
  protected void implCloseSelectableChannel() {}

  @Override
  protected void implConfigureBlocking(boolean block) {}
}
