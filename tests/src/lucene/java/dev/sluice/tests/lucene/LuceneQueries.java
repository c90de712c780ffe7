package dev.sluice.tests.lucene;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.apache.lucene.index.DirectoryReader;
import org.apache.lucene.search.IndexSearcher;
import org.apache.lucene.store.MMapDirectory;

/**
 * Prints queries a second of processor time, by regions and by MMapDirectory over the same files,
 * in turn. Arguments: a folder for the index, how many rounds, and how many queries of each kind.
 */
final class LuceneQueries {
  private static final int WARM_UP = 40;

  private LuceneQueries() {}

  public static void main(String[] arguments) throws IOException {
    Path index = Path.of(arguments[0]);
    int rounds = Integer.parseInt(arguments[1]);
    List<SampleQuery> queries = SampleQuery.some(Integer.parseInt(arguments[2]));
    if (!Files.exists(index)) {
      try (RegionDirectory directory = new RegionDirectory(index)) {
        SampleIndex.write(directory);
      }
    }
    try (DirectoryReader map = DirectoryReader.open(new MMapDirectory(index));
        DirectoryReader region = DirectoryReader.open(new RegionDirectory(index))) {
      compare(queries, rounds, SampleQuery.searcher(region), SampleQuery.searcher(map));
    }
  }

  private static void compare(
      List<SampleQuery> queries, int rounds, IndexSearcher region, IndexSearcher map)
      throws IOException {
    double[] ratios = new double[rounds];
    double[] wallRatios = new double[rounds];
    Times sumOfRegion = new Times();
    Times sumOfMap = new Times();
    for (int i = -WARM_UP; i < rounds; i++) {
      Times ofRegion = new Times();
      Times ofMap = new Times();
      if (i % 2 == 0) {
        ofRegion.run(queries, region);
        ofMap.run(queries, map);
      } else {
        ofMap.run(queries, map);
        ofRegion.run(queries, region);
      }
      if (i >= 0) {
        ratios[i] = (double) ofMap.processor / ofRegion.processor;
        wallRatios[i] = (double) ofMap.wall / ofRegion.wall;
        sumOfRegion.add(ofRegion);
        sumOfMap.add(ofMap);
      }
    }
    int count = queries.size() * rounds;
    System.out.printf(
        "%-22s %10s %13s %8s%n", "queries a second", "regions", "MMapDirectory", "ratio");
    sumOfRegion.kinds.forEach(
        (kind, time) ->
            print(kind, count / sumOfRegion.kindCount(), time, sumOfMap.kinds.get(kind)));
    print("all, processor time", count, sumOfRegion.processor, sumOfMap.processor);
    print("all, wall time", count, sumOfRegion.wall, sumOfMap.wall);
    System.out.println("ratio by processor time: " + spread(ratios));
    System.out.println("ratio by wall time:      " + spread(wallRatios));
    System.out.println(sumOfRegion.sum == sumOfMap.sum ? "same answers" : "OTHER ANSWERS");
  }

  private static void print(String what, int count, long region, long map) {
    System.out.printf(
        "%-22s %10.0f %13.0f %8.3f%n",
        what, count * 1e9 / region, count * 1e9 / map, (double) map / region);
  }

  private static String spread(double[] ratios) {
    Arrays.sort(ratios);
    int last = ratios.length - 1;
    return String.format(
        "median %.3f, quartiles %.3f to %.3f, range %.3f to %.3f, %d rounds",
        ratios[ratios.length / 2],
        ratios[last / 4],
        ratios[last - last / 4],
        ratios[0],
        ratios[last],
        ratios.length);
  }

  /** What a round took: all of it, and the processor's time by the kind of query. */
  private static final class Times {
    private long wall;
    private long processor;
    private long sum;
    private final Map<String, Long> kinds = new TreeMap<>();

    private int kindCount() {
      return kinds.size();
    }

    private void run(List<SampleQuery> queries, IndexSearcher searcher) throws IOException {
      var threads = ManagementFactory.getThreadMXBean();
      long start = System.nanoTime();
      long first = threads.getCurrentThreadCpuTime();
      long before = first;
      for (SampleQuery each : queries) {
        sum = sum * 31 + each.answer(searcher);
        long after = threads.getCurrentThreadCpuTime();
        kinds.merge(each.kind(), after - before, Long::sum);
        before = after;
      }
      processor = before - first;
      wall = System.nanoTime() - start;
    }

    private void add(Times other) {
      wall += other.wall;
      processor += other.processor;
      sum += other.sum;
      other.kinds.forEach((kind, time) -> kinds.merge(kind, time, Long::sum));
    }
  }
}
