package dev.sluice.internal.channel;

import dev.sluice.internal.jdk.DescriptorNumber;
import dev.sluice.internal.jdk.FileGuards;
import dev.sluice.internal.load.NativeLoader;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What one of the JDK's own channels is open on, for a person who reads it. No foreign code runs.
 */
public final class ChannelName {
  private ChannelName() {}

  /**
   * The path of a file as the kernel knows it at present, which ends in " (deleted)" where the file
   * has no name any more; the address of a socket's peer, such as {@code 127.0.0.1:80}.
   *
   * @return null where neither is known: of pipes, of channels that are not the JDK's own, and of
   *     closed channels
   */
  public static @Nullable String of(Channel channel) {
    try {
      if (channel instanceof SocketChannel socket) {
        return isOfJdk(socket) ? text(socket.getRemoteAddress()) : null;
      }
      // Before the guards: without the library they have nothing to be found by.
      return NativeLoader.isAvailable() && FileGuards.isFile(channel)
          ? path((FileChannel) channel)
          : null;
    } catch (IOException | SecurityException e) {
      return null;
    }
  }

  private static boolean isOfJdk(Channel channel) {
    return channel.getClass().getModule() == Channel.class.getModule();
  }

  private static @Nullable String path(FileChannel file) throws IOException {
    int fd = DescriptorNumber.of(file);
    if (fd < 0) {
      return null;
    }
    String path = Files.readSymbolicLink(Path.of("/proc/self/fd/" + fd)).toString();
    // If the channel was closed meanwhile, its number may belong to another file already.
    return file.isOpen() ? path : null;
  }

  private static @Nullable String text(@Nullable SocketAddress address) {
    if (address instanceof InetSocketAddress peer) {
      String host = peer.getAddress().getHostAddress();
      return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + peer.getPort();
    }
    // That of a unix socket is its path, if it has one.
    return address == null || address.toString().isEmpty() ? null : address.toString();
  }
}
