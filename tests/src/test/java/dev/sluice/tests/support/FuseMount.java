package dev.sluice.tests.support;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * A mounted file system whose files refuse the calls that their names tell, such as {@code
 * a.write=28}. The program sluice-fuse serves it, and unmounts it when its standard input ends,
 * also by the end of this JVM.
 */
public final class FuseMount implements AutoCloseable {
  private final Path folder;
  private final Process server;

  private FuseMount(Path folder, Process server) {
    this.folder = folder;
    this.server = server;
  }

  public static FuseMount at(Path folder) throws IOException {
    String program = System.getProperty("dev.sluice.tests.fuse");
    assumeTrue(program != null, "needs -Ddev.sluice.tests.fuse, the path of sluice-fuse");
    Tools.assumeRoot();
    assumeTrue(Files.exists(Path.of("/dev/fuse")), "needs /dev/fuse");
    Process server =
        new ProcessBuilder(program, folder.toString()).redirectErrorStream(true).start();
    BufferedReader output = new BufferedReader(new InputStreamReader(server.getInputStream()));
    assertEquals("ready", output.readLine());
    return new FuseMount(folder, server);
  }

  public Path resolve(String name) {
    return folder.resolve(name);
  }

  /** Ends the server as a crash does: the file system stays, and answers ENOTCONN. */
  public void crash() throws InterruptedException {
    server.destroyForcibly().waitFor();
  }

  @Override
  public void close() throws IOException {
    try {
      if (server.isAlive()) {
        server.getOutputStream().close();
        server.waitFor();
      } else {
        Tools.run("umount", "--lazy", folder.toString());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
