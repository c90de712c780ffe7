package dev.sluice.bench.http;

import dev.sluice.bench.measure.CpuTime;
import dev.sluice.bench.process.JavaProcess;
import dev.sluice.bench.process.Programs;
import dev.sluice.bench.process.ThreadKind;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** The servers that take part, each a process of its own on loopback. */
enum WebServer {
  SLUICE("FileServer, virtual threads") {
    @Override
    boolean isThere() {
      return ThreadKind.VIRTUAL.isThere();
    }

    @Override
    List<String> command(Path directory, int port) {
      String source = System.getProperty("dev.sluice.bench.fileServer");
      return JavaProcess.command(source, List.of(directory.toString(), String.valueOf(port)));
    }
  },
  NIO_VIRTUAL("plain NIO server, virtual threads") {
    @Override
    boolean isThere() {
      return ThreadKind.VIRTUAL.isThere();
    }

    @Override
    List<String> command(Path directory, int port) {
      return plain(directory, port, ThreadKind.VIRTUAL);
    }
  },
  NIO("plain NIO server, platform threads") {
    @Override
    List<String> command(Path directory, int port) {
      return plain(directory, port, ThreadKind.PLATFORM);
    }
  },
  NGINX("nginx, one worker") {
    @Override
    boolean isThere() {
      return Programs.isThere("nginx");
    }

    @Override
    List<String> command(Path directory, int port) throws IOException {
      Path settings = Files.writeString(directory.resolve("nginx.conf"), settings(directory, port));
      return List.of("nginx", "-c", settings.toString(), "-e", "stderr");
    }
  };

  private static final long SECONDS_TO_START = 20;

  private final String title;

  WebServer(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }

  /** Whether this machine has its program, and this JDK what it needs. */
  boolean isThere() {
    return true;
  }

  abstract List<String> command(Path directory, int port) throws IOException;

  /** Starts it, and waits until it takes connections. */
  Process start(Path directory, int port) throws IOException, InterruptedException {
    Path errors = directory.resolve(name() + ".err");
    Process process =
        new ProcessBuilder(command(directory, port))
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .redirectError(errors.toFile())
            .start();
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS_TO_START);
    while (System.nanoTime() < end && process.isAlive()) {
      try {
        new Socket(InetAddress.getLoopbackAddress(), port).close();
        return process;
      } catch (IOException e) {
        Thread.sleep(50);
      }
    }
    process.destroy();
    throw new IOException(title + " takes no connection: " + Files.readString(errors));
  }

  private static List<String> plain(Path directory, int port, ThreadKind threads) {
    return JavaProcess.command(
        PlainServer.class.getName(),
        List.of(directory.toString(), String.valueOf(port), threads.name()));
  }

  /** CPU time of the server and of its workers, in nanoseconds. */
  static long cpuNanos(Process server) throws IOException {
    long nanos = 0;
    for (ProcessHandle each :
        Stream.concat(Stream.of(server.toHandle()), server.descendants()).toList()) {
      nanos += CpuTime.ofProcess(each.pid());
    }
    return nanos;
  }

  private static String settings(Path directory, int port) {
    return """
    user %3$s;
    daemon off;
    worker_processes 1;
    pid %1$s/nginx.pid;
    error_log stderr crit;
    events { worker_connections 1024; }
    http {
      access_log off;
      sendfile on;
      tcp_nopush on;
      keepalive_requests 100000000;
      client_body_temp_path %1$s/body;
      proxy_temp_path %1$s/proxy;
      fastcgi_temp_path %1$s/fastcgi;
      uwsgi_temp_path %1$s/uwsgi;
      scgi_temp_path %1$s/scgi;
      server { listen 127.0.0.1:%2$d; root %1$s; }
    }
    """
        .formatted(directory, port, System.getProperty("user.name"));
  }
}
