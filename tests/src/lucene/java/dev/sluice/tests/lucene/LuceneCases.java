package dev.sluice.tests.lucene;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.apache.lucene.index.CheckIndex;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.AlreadyClosedException;
import org.apache.lucene.store.Directory;
import org.apache.lucene.store.IOContext;
import org.apache.lucene.store.IndexInput;
import org.apache.lucene.store.MMapDirectory;

/** What the tests of Lucene run: a case by its name, over an index in a folder. */
final class LuceneCases {
  private static final int OF_EACH = 50;
  private static final int READERS = 4;
  private static final int CLOSES = 20;

  private LuceneCases() {}

  public static void main(String[] arguments) throws Exception {
    Path index = Path.of(arguments[1]);
    switch (arguments[0]) {
      case "write" -> write(index);
      case "check" -> check(index);
      case "answers" -> answers(index);
      case "close searchers" -> closeSearchers(index);
      case "close inputs" -> closeInputs(index);
      default -> throw new IllegalArgumentException(arguments[0]);
    }
  }

  private static void write(Path index) throws IOException {
    try (Directory directory = new RegionDirectory(index)) {
      SampleIndex.write(directory);
      try (DirectoryReader reader = DirectoryReader.open(directory)) {
        System.out.printf(
            "%d documents in %d segments%n", reader.numDocs(), reader.leaves().size());
      }
    }
  }

  private static void check(Path index) throws IOException {
    try (Directory directory = new RegionDirectory(index);
        CheckIndex check = new CheckIndex(directory)) {
      check.setInfoStream(new PrintStream(System.out, true));
      check.setThreadCount(2);
      ensure(check.checkIndex().clean, "CheckIndex finds faults");
    }
  }

  private static void answers(Path index) throws IOException {
    try (DirectoryReader expected = DirectoryReader.open(new MMapDirectory(index));
        DirectoryReader actual = DirectoryReader.open(new RegionDirectory(index))) {
      IndexSearcher byMap = SampleQuery.searcher(expected);
      IndexSearcher byRegion = SampleQuery.searcher(actual);
      List<SampleQuery> queries = SampleQuery.some(OF_EACH);
      long sum = 0;
      for (SampleQuery each : queries) {
        long answer = each.answer(byMap);
        ensure(each.answer(byRegion) == answer, "another answer to " + each);
        sum = sum * 31 + answer;
      }
      System.out.printf("%d queries, %x%n", queries.size(), sum);
    }
  }

  /** What threads do until something is closed under them. */
  private interface Loop {
    void run(int thread) throws Exception;
  }

  private static void closeSearchers(Path index) throws Exception {
    List<SampleQuery> queries = SampleQuery.some(OF_EACH);
    for (int i = 0; i < CLOSES; i++) {
      DirectoryReader reader = DirectoryReader.open(new RegionDirectory(index));
      IndexSearcher searcher = SampleQuery.searcher(reader);
      Loop loop =
          thread -> {
            Random random = new Random(thread);
            while (true) {
              queries.get(random.nextInt(queries.size())).answer(searcher);
            }
          };
      closeUnder(loop, reader::close, i);
    }
  }

  private static void closeInputs(Path index) throws Exception {
    for (int i = 0; i < CLOSES; i++) {
      try (Directory directory = new RegionDirectory(index)) {
        String name = List.of(directory.listAll()).stream().max(byLength(directory)).orElseThrow();
        IndexInput input = directory.openInput(name, IOContext.DEFAULT);
        List<IndexInput> clones = new ArrayList<>();
        for (int j = 0; j < READERS; j++) {
          clones.add(j % 2 == 0 ? input.clone() : input.slice("part", j, input.length() - j));
        }
        closeUnder(thread -> readOverAndOver(clones.get(thread)), input::close, i);
      }
    }
  }

  private static java.util.Comparator<String> byLength(Directory directory) {
    return java.util.Comparator.comparingLong(
        name -> {
          try {
            return directory.fileLength(name);
          } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
          }
        });
  }

  private static void readOverAndOver(IndexInput input) throws IOException {
    byte[] bytes = new byte[300];
    long[] longs = new long[40];
    while (true) {
      input.seek(0);
      while (input.length() - input.getFilePointer() > 1000) {
        input.readByte();
        input.readVInt();
        input.readShort();
        input.readInt();
        input.readLong();
        input.readBytes(bytes, 0, bytes.length);
        input.readLongs(longs, 0, longs.length);
      }
    }
  }

  /** Nothing but AlreadyClosedException ends a loop. */
  private static void closeUnder(Loop loop, AutoCloseable closed, int round) throws Exception {
    CountDownLatch started = new CountDownLatch(READERS);
    try (ExecutorService threads = Executors.newFixedThreadPool(READERS)) {
      List<Future<Void>> running = new ArrayList<>();
      for (int i = 0; i < READERS; i++) {
        int thread = i;
        running.add(
            threads.submit(
                () -> {
                  started.countDown();
                  loop.run(thread);
                  return null;
                }));
      }
      started.await();
      Thread.sleep(5 + 7 * round);
      closed.close();
      for (Future<Void> each : running) {
        try {
          each.get();
        } catch (ExecutionException e) {
          if (!(e.getCause() instanceof AlreadyClosedException)) {
            throw e;
          }
        }
      }
    }
  }

  private static void ensure(boolean holds, String message) {
    if (!holds) {
      throw new AssertionError(message);
    }
  }
}
