package dev.sluice.tests.api;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Calls of a file channel, each by its name, whose results are compared. */
final class FileChannelUses {
  private FileChannelUses() {}

  /** One use of a channel; its result is compared as a text. */
  interface Use {
    Object of(FileChannel file) throws Exception;
  }

  /** Every method of the class, with good and bad arguments. */
  static final Map<String, Use> USES = new LinkedHashMap<>();

  static {
    USES.put("read", file -> file.read(ByteBuffer.allocate(5)));
    USES.put("read from a position", file -> file.read(ByteBuffer.allocate(5), 14));
    USES.put("read from beyond the end", file -> file.read(ByteBuffer.allocate(5), 99));
    USES.put("read from a negative position", file -> file.read(ByteBuffer.allocate(5), -1));
    USES.put("read into many", file -> file.read(buffers(3, 4, 5)));
    USES.put("read into some", file -> file.read(buffers(3, 4, 5), 1, 1));
    USES.put("read into none that is there", file -> file.read(buffers(3), 1, 1));
    USES.put(
        "read into a read-only buffer",
        file -> file.read(ByteBuffer.allocate(5).asReadOnlyBuffer()));
    USES.put("write", file -> file.write(text("xyz")));
    USES.put("write to a position", file -> file.write(text("xyz"), 30));
    USES.put("write to a negative position", file -> file.write(text("xyz"), -1));
    USES.put("write many", file -> file.write(new ByteBuffer[] {text("xy"), text("z")}));
    USES.put("write some", file -> file.write(new ByteBuffer[] {text("xy"), text("z")}, 1, 1));
    USES.put("position", FileChannel::position);
    USES.put("set position", file -> file.position(7) == file);
    USES.put("set position beyond the end", file -> file.position(70).size());
    USES.put("set negative position", file -> file.position(-1));
    USES.put("size", FileChannel::size);
    USES.put("truncate", file -> file.truncate(4) == file);
    USES.put("truncate beyond the end", file -> file.truncate(40).size());
    USES.put("truncate to less than nothing", file -> file.truncate(-1));
    USES.put("force", file -> done(() -> file.force(true)));
    USES.put("lock", file -> lock(file, file.lock()));
    USES.put("lock a range", file -> lock(file, file.lock(3, 4, false)));
    USES.put("lock shared", file -> lock(file, file.lock(3, 4, true)));
    USES.put("lock less than nothing", file -> file.lock(-3, 4, true));
    USES.put("tryLock", file -> lock(file, file.tryLock()));
    USES.put("tryLock a range", file -> lock(file, file.tryLock(3, 4, false)));
    USES.put("lock twice", FileChannelUses::lockTwice);
    USES.put("lock, release, lock", FileChannelUses::lockAgain);
    USES.put("a lock ends with its channel", FileChannelUses::lockThenClose);
    USES.put("map", file -> file.map(FileChannel.MapMode.READ_ONLY, 2, 5).get(0));
    USES.put("map beyond the end", file -> file.map(FileChannel.MapMode.READ_ONLY, 10, 50));
    USES.put("map and extend", FileChannelUses::mapAndExtend);
    USES.put("map less than nothing", file -> file.map(FileChannel.MapMode.READ_ONLY, 0, -1));
    USES.put("map too much", file -> file.map(FileChannel.MapMode.READ_ONLY, 0, 1L << 31));
    USES.put("map privately", file -> file.map(FileChannel.MapMode.PRIVATE, 0, 4).put(0, (byte) 1));
    USES.put("close twice", file -> done(file::close) + done(file::close));
    USES.put("closed: read", file -> closed(file).read(ByteBuffer.allocate(5)));
    USES.put("closed: write", file -> closed(file).write(text("x")));
    USES.put("closed: position", file -> closed(file).position());
    USES.put("closed: size", file -> closed(file).size());
    USES.put("closed: truncate", file -> closed(file).truncate(0));
    USES.put("closed: force", file -> done(() -> closed(file).force(false)));
    USES.put("closed: lock", file -> closed(file).lock());
    USES.put("closed: tryLock", file -> closed(file).tryLock());
    USES.put("closed: map", file -> closed(file).map(FileChannel.MapMode.READ_ONLY, 0, 1));
    USES.put("closed: transferTo", file -> closed(file).transferTo(0, 1, file));
    USES.put("closed: transferFrom", file -> closed(file).transferFrom(file, 0, 1));
    USES.put("interrupted: read", file -> interrupted(() -> file.read(ByteBuffer.allocate(5))));
    USES.put("interrupted: write", file -> interrupted(() -> file.write(text("x"))));
    USES.put("interrupted: size", file -> interrupted(file::size));
    USES.put("interrupted: lock", file -> interrupted(file::lock));
  }

  interface Action {
    void run() throws IOException;
  }

  interface Call {
    Object run() throws IOException;
  }

  static String done(Action action) throws IOException {
    action.run();
    return "done";
  }

  static Object interrupted(Call call) throws IOException {
    Thread.currentThread().interrupt();
    return call.run();
  }

  static FileChannel closed(FileChannel file) throws IOException {
    file.close();
    return file;
  }

  static ByteBuffer text(String text) {
    return ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII));
  }

  static ByteBuffer[] buffers(int... sizes) {
    return Arrays.stream(sizes).mapToObj(ByteBuffer::allocate).toArray(ByteBuffer[]::new);
  }

  static String lock(FileChannel file, FileLock lock) {
    return lock.position()
        + " "
        + lock.size()
        + " "
        + lock.isShared()
        + " "
        + lock.isValid()
        + " "
        + (lock.channel() == file)
        + " "
        + lock.overlaps(5, 1);
  }

  static String lockTwice(FileChannel file) throws IOException {
    FileLock first = file.lock(0, 5, false);
    try {
      return String.valueOf(file.tryLock(4, 5, false));
    } catch (OverlappingFileLockException e) {
      return "overlap, first " + first.isValid();
    }
  }

  static String lockAgain(FileChannel file) throws IOException {
    FileLock first = file.lock(0, 5, false);
    first.release();
    first.release();
    return first.isValid() + " " + file.lock(4, 5, false).isValid();
  }

  static String lockThenClose(FileChannel file) throws IOException {
    FileLock lock = file.lock(0, 5, false);
    file.close();
    try {
      lock.release();
      return "released";
    } catch (ClosedChannelException e) {
      return "closed, lock " + lock.isValid();
    }
  }

  static String mapAndExtend(FileChannel file) throws IOException {
    MappedByteBuffer buffer = file.map(FileChannel.MapMode.READ_WRITE, 10, 50);
    buffer.put(49, (byte) 'z');
    buffer.force();
    return buffer.capacity() + " of " + file.size();
  }
}
