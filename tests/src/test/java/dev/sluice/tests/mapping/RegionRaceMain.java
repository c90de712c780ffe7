package dev.sluice.tests.mapping;

import dev.sluice.MappedRegion;
import dev.sluice.tests.mapping.RegionAccesses.Access;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChannelPair;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileChannel.MapMode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

/**
 * The main class of a JVM in which threads use a region in every way, while another thread closes,
 * resizes or truncates it, and maps and unmaps another file. Arguments: a directory, the event, the
 * mode of the mapping and the number of rounds.
 */
final class RegionRaceMain {
  /** What happens to a region while threads use it. */
  enum Event {
    CLOSE,
    RESIZE,
    FIRST_BUFFER,
    TRUNCATE
  }

  private static final int SIZE = 1 << 16;
  private static final byte OF_THE_FILE = 0x11;
  private static final byte CANARY = 0x33;
  private static final StackWalker STACK = StackWalker.getInstance();

  private static volatile Throwable last;

  private final Path directory;
  private final Path path;
  private final Path canary;
  private final Event event;
  private final MapMode mode;
  private final AtomicReference<MappedRegion> region = new AtomicReference<>();
  private final AtomicLong[] progress = new AtomicLong[3];
  private volatile boolean isOver;

  private RegionRaceMain(Path directory, Event event, MapMode mode) throws IOException {
    this.directory = directory;
    this.event = event;
    this.mode = mode;
    byte bytes = mode == MapMode.PRIVATE ? OF_THE_FILE : RegionAccesses.BYTE;
    path = file("raced", 2 * SIZE, bytes);
    canary = file("canary", SIZE, CANARY);
  }

  private Path file(String name, int size, byte value) throws IOException {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, value);
    return Files.write(directory.resolve(name), bytes);
  }

  public static void main(String[] arguments) throws Exception {
    MapMode mode = arguments[2].equals("PRIVATE") ? MapMode.PRIVATE : MapMode.READ_WRITE;
    RegionRaceMain race =
        new RegionRaceMain(Path.of(arguments[0]), Event.valueOf(arguments[1]), mode);
    int rounds = Integer.parseInt(arguments[3]);
    race.run(50);
    int[] before = counts();
    race.run(rounds);
    int[] after = counts();
    check(after[0] <= before[0] + 60, before[0] + " mappings, then " + after[0]);
    check(after[1] <= before[1] + 2, before[1] + " descriptors, then " + after[1]);
  }

  private static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }

  private void run(int rounds) throws Exception {
    isOver = false;
    region.set(mapped());
    RegionAccesses accesses = new RegionAccesses(event != Event.TRUNCATE);
    Path taken = Files.createTempFile(directory, "taken", "");
    List<FutureTask<Void>> users = new ArrayList<>();
    users.add(user(0, accesses.single()));
    users.add(user(1, accesses.many()));
    users.add(user(2, accesses.calls(taken)));
    for (int round = 0; round < rounds; round++) {
      await(round, users);
      happen(round);
      mapBeside();
    }
    isOver = true;
    for (FutureTask<Void> user : users) {
      user.get();
    }
    region.get().close();
    for (byte each : Files.readAllBytes(canary)) {
      check(each == CANARY, "another file was written");
    }
    for (byte each : mode == MapMode.PRIVATE ? Files.readAllBytes(path) : new byte[0]) {
      check(each == OF_THE_FILE || each == 0, "the file was written");
    }
  }

  /** Until one of the users has got on, so that no round is for nothing. */
  private void await(int round, List<FutureTask<Void>> users) throws Exception {
    int which = round % users.size();
    long before = progress[which].get();
    while (progress[which].get() == before) {
      if (users.get(which).isDone()) {
        users.get(which).get();
      }
      Thread.yield();
    }
  }

  private MappedRegion mapped() throws IOException {
    MappedRegion made;
    try (FileChannel channel = FileChannel.open(path, ChannelKinds.readWrite())) {
      boolean isByPath = event == Event.RESIZE || event == Event.TRUNCATE;
      made = isByPath ? MappedRegion.map(path, mode) : MappedRegion.map(channel, mode, 0, SIZE);
    }
    byte[] bytes = new byte[mode == MapMode.PRIVATE ? SIZE : 0];
    Arrays.fill(bytes, RegionAccesses.BYTE);
    made.put(0, bytes, 0, bytes.length);
    return made;
  }

  private void happen(int round) throws IOException {
    switch (event) {
      case CLOSE -> region.getAndSet(mapped()).close();
      case RESIZE -> {
        region.get().resize(round % 2 == 0 ? SIZE : 3 * SIZE / 2);
        if (round % 10 == 0) {
          region.get().buffer();
        }
      }
      case FIRST_BUFFER -> {
        ByteBuffer buffer = region.get().buffer();
        check(buffer.get(SIZE - 1) == RegionAccesses.BYTE, "a buffer sees another value");
        region.getAndSet(mapped()).close();
      }
      case TRUNCATE -> {
        try (FileChannel file = FileChannel.open(path, ChannelKinds.readWrite())) {
          file.truncate(round % 3 == 0 ? 0 : SIZE / 2);
          file.write(ByteBuffer.allocate(1), 2 * SIZE - 1);
        }
      }
    }
  }

  /** Where a mapping that was given back too early would be seen, or written to. */
  private void mapBeside() throws IOException {
    try (FileChannel channel = FileChannel.open(canary, ChannelKinds.readWrite());
        MappedRegion other = MappedRegion.map(channel, MapMode.READ_WRITE, 0, SIZE)) {
      check(other.getLong(0) == 0x3333333333333333L, "another file's value");
    }
  }

  private FutureTask<Void> user(int number, Map<String, Access> accesses) {
    progress[number] = new AtomicLong();
    return ChannelPair.started(
        () -> {
          Map<String, Throwable> wrong = new LinkedHashMap<>();
          while (!isOver && wrong.isEmpty()) {
            try {
              use(number, accesses, wrong);
              STACK.walk(Stream::count);
            } catch (InternalError late) {
              check(isAllowed(late, number), "" + late);
            }
          }
          if (event == Event.TRUNCATE) {
            drain();
          }
          if (!wrong.isEmpty()) {
            Map.Entry<String, Throwable> first = wrong.entrySet().iterator().next();
            throw new AssertionError(first.getKey(), first.getValue());
          }
          return null;
        });
  }

  private void use(int number, Map<String, Access> accesses, Map<String, Throwable> wrong) {
    String last = "none";
    try {
      for (Map.Entry<String, Access> each : accesses.entrySet()) {
        last = each.getKey();
        use(each.getValue(), (int) progress[number].get());
        check(!Thread.currentThread().isInterrupted(), "a close has interrupted a user");
        progress[number].incrementAndGet();
      }
    } catch (Throwable e) {
      if (!isAllowed(e, number)) {
        wrong.put(last, e);
      }
      progress[number].incrementAndGet();
    }
  }

  private void use(Access access, int seed) throws IOException {
    for (int i = 0; i < 8; i++) {
      int at = (seed * 31 + i * 7) % (SIZE / RegionAccesses.MOST - 1) * RegionAccesses.MOST;
      try {
        access.make(region.get(), at);
      } catch (IllegalStateException e) {
        check(event != Event.TRUNCATE, "a region that is open says that it is closed");
      }
    }
  }

  /** Whether a thread may get this: of a truncated file, and of that alone. */
  private boolean isAllowed(Throwable e, int number) {
    if (event != Event.TRUNCATE) {
      return false;
    }
    boolean isSingle = number < 2;
    return isSingle
        ? e instanceof InternalError
        : e instanceof IOException || e instanceof UncheckedIOException;
  }

  /** HotSpot throws the error of an access late: not while this thread ends. */
  private static void drain() {
    for (int i = 0; i < 3; i++) {
      try {
        STACK.walk(Stream::count);
        return;
      } catch (InternalError late) {
        last = late;
      }
    }
  }

  private static int[] counts() throws Exception {
    int[] counts = {Integer.MAX_VALUE, Integer.MAX_VALUE};
    for (int i = 0; i < 5; i++) {
      System.gc();
      Thread.sleep(50);
      counts[0] = Math.min(counts[0], Files.readAllLines(Path.of("/proc/self/maps")).size());
      try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
        counts[1] = Math.min(counts[1], (int) descriptors.count());
      }
    }
    return counts;
  }
}
