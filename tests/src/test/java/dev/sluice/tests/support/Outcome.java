package dev.sluice.tests.support;

import dev.sluice.UnsupportedMechanismException;
import java.io.IOException;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.util.Arrays;

/**
 * Everything a caller can see of a transfer.
 *
 * @param result the count, or the class of the exception
 * @param arrived a digest of what lies at the target
 * @param sourcePosition the source file's own position, or -1
 * @param targetPosition the target file's own position, or -1
 * @param sourceOpen whether the source is open
 * @param targetOpen whether the target is open
 */
public record Outcome(
    String result,
    String arrived,
    long sourcePosition,
    long targetPosition,
    boolean sourceOpen,
    boolean targetOpen) {

  /** The result of a mechanism that does not serve a pair of channels. */
  public static final String UNSUPPORTED = "unsupported";

  public interface Call {
    long run() throws IOException;
  }

  public static Outcome of(Call call, Channel source, Channel target, ChannelKinds.Arrived arrived)
      throws IOException {
    String result;
    try {
      result = Long.toString(call.run());
    } catch (UnsupportedMechanismException e) {
      result = UNSUPPORTED;
    } catch (IOException | RuntimeException e) {
      result = e.getClass().getName();
    }
    Thread.interrupted();
    boolean sourceOpen = source != null && source.isOpen();
    boolean targetOpen = target != null && target.isOpen();
    long sourcePosition = positionOf(source);
    long targetPosition = positionOf(target);
    byte[] bytes = arrived.bytes();
    return new Outcome(
        result,
        bytes.length + " bytes, hash " + Arrays.hashCode(bytes),
        sourcePosition,
        targetPosition,
        sourceOpen,
        targetOpen);
  }

  private static long positionOf(Channel channel) throws IOException {
    return channel instanceof FileChannel file && file.isOpen() ? file.position() : -1;
  }
}
