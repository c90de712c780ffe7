package dev.sluice.tests.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.tests.support.ChannelPair;
import dev.sluice.tests.support.Tools;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The example that receives uploads stores them, or nothing of them. */
@Tag("any-jdk")
class ReceiverExampleTest extends ExampleFixture {
  @Test
  void theReceiverStoresWhatCurlUploads() throws Exception {
    Tools.assumeTool("curl");
    try (Running server = server("UploadReceiver.java")) {
      for (int size : new int[] {0, 10, SIZE}) {
        Path sent = directory.resolveSibling(directory.getFileName() + ".sent");
        Files.write(sent, Arrays.copyOf(CONTENT, size));
        try {
          String status = status("--upload-file", sent.toString(), server.url() + "/got-" + size);
          assertEquals("201", status);
        } finally {
          Files.delete(sent);
        }
        byte[] got = Files.readAllBytes(directory.resolve("got-" + size));
        assertArrayEquals(Arrays.copyOf(CONTENT, size), got);
      }
      assertEquals("400", status(server.url() + "/got-10"));
    }
  }

  @Test
  void anUploadThatBreaksOffLeavesNothing() throws Exception {
    try (Running server = server("UploadReceiver.java")) {
      int port = Integer.parseInt(server.url().substring(server.url().lastIndexOf(':') + 1));
      try (SocketChannel client = SocketChannel.open(new InetSocketAddress("127.0.0.1", port))) {
        String half = "PUT /half HTTP/1.1\r\nContent-Length: 1000000\r\n\r\nonly this";
        client.write(ByteBuffer.wrap(half.getBytes()));
        client.shutdownOutput();
        // The receiver closes without an answer.
        assertEquals(0, ChannelPair.drain(client).length);
      }
      try (Stream<Path> left = Files.list(directory)) {
        assertEquals(List.of(), left.toList());
      }
    }
  }
}
