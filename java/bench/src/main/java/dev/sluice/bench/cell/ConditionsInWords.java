package dev.sluice.bench.cell;

import dev.sluice.bench.fixture.Conditions;
import java.util.LinkedHashMap;
import java.util.Map;

/** The conditions that say something of a direction, in the words of the report. */
final class ConditionsInWords {
  private static final String PEER = "peer";
  private static final String FAR_THREAD = "thread at the pipe's other end";

  private final Map<String, String> words = new LinkedHashMap<>();
  private final Direction direction;
  private final Conditions conditions;

  private ConditionsInWords(Direction direction, Conditions conditions) {
    this.direction = direction;
    this.conditions = conditions;
  }

  /** The conditions by name, in the order that they are told in. */
  static Map<String, String> of(Direction direction, Conditions conditions) {
    return new ConditionsInWords(direction, conditions).told();
  }

  private Map<String, String> told() {
    switch (direction) {
      case FILE_TO_SOCKET, FILE_TO_SELECTOR -> {
        tcp();
        connection("reads into user memory", "frees the bytes in the kernel (MSG_TRUNC)");
        source();
      }
      case RESPONSE -> {
        tcp();
        connection("reads into user memory", "frees the bytes in the kernel (MSG_TRUNC)");
        words.put("response", "the first 200 bytes from memory, the rest from the file");
        source();
      }
      case FILE_TO_UNIX -> {
        connection("reads into user memory", "reads into user memory");
        source();
      }
      case SOCKET_TO_FILE -> {
        tcp();
        connection("writes from user memory", "sends pages (sendfile)");
        ownPipes("; Netty: 64 KiB");
        target("one file, overwritten in place", "a new file each round");
      }
      case SOCKET_TO_SOCKET -> {
        tcp();
        connection(
            "one writes from user memory, one reads into it",
            "one sends pages (sendfile), one frees the bytes in the kernel (MSG_TRUNC)");
        ownPipes("");
      }
      case FILE_TO_PIPE -> {
        pipe();
        farEnd(FAR_THREAD, "reads into user memory", "takes pages (splice)");
        source();
      }
      case PIPE_TO_FILE -> {
        pipe();
        farEnd(FAR_THREAD, "writes from user memory", "gives pages (splice)");
        target("one file, overwritten in place", "a new file each round");
      }
      case FILE_TO_FILE, FILE_TO_OTHER, FILE_FROM_FILE -> {
        source();
        target("one file, overwritten in place", "a new file each round");
      }
      case COPY, SMALL_FILES, SPARSE_COPY -> {
        source();
        target("a path with a file", "a path without a file");
      }
      case MAP_READ, MAP_CLOSE -> {
        source();
      }
    }
    return words;
  }

  private void tcp() {
    words.put("TCP_NODELAY", conditions.noDelay() ? "on at both ends" : "off at both ends");
  }

  private void connection(String inMemory, String byPages) {
    farEnd(PEER, inMemory, byPages);
    words.put(
        "socket buffers",
        conditions.socketBuffers() == Conditions.KERNELS_CHOICE
            ? "as the kernel sizes them"
            : size(conditions.socketBuffers()) + " asked for, each, at both ends");
  }

  private void farEnd(String name, String inMemory, String byPages) {
    words.put("placement", conditions.placement().inWords(name));
    words.put(name, conditions.pages() ? byPages : inMemory);
  }

  /** Pipes that contenders splice through are their own business. */
  private void ownPipes(String netty) {
    words.put("pipes of contenders", "C, FFM, Sluice: 1 MiB or what the user may have" + netty);
  }

  private void pipe() {
    words.put(
        "pipe",
        size(conditions.pipeBytes())
            + (conditions.pipeBytes() < Conditions.PIPE_BYTES
                ? ", which Sluice widens to "
                    + size(Conditions.PIPE_BYTES)
                    + " for calls of 64 KiB and more"
                : " for every contender"));
  }

  private void source() {
    words.put(
        "source",
        conditions.coldSource()
            ? "not in the page cache (dropped before each round, checked by mincore)"
            : "in the page cache");
  }

  private void target(String existing, String fresh) {
    words.put("target", conditions.newTarget() ? fresh : existing);
  }

  private static String size(int bytes) {
    return bytes >> 20 > 0 ? (bytes >> 20) + " MiB" : (bytes >> 10) + " KiB";
  }
}
