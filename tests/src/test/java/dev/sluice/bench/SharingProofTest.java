package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Mechanism;
import dev.sluice.bench.cell.Direction;
import dev.sluice.bench.fixture.Fixture;
import dev.sluice.bench.fixture.Transfer;
import dev.sluice.bench.fixture.Workspace;
import dev.sluice.bench.loop.Loop;
import dev.sluice.bench.loop.OpenChannels;
import dev.sluice.bench.loop.RoundSize;
import dev.sluice.bench.measure.Digests;
import dev.sluice.bench.measure.NativeLibrary;
import dev.sluice.bench.nio.NioLoops;
import dev.sluice.bench.report.MechanismResult.Sharing.Answer;
import dev.sluice.bench.sluice.SluiceLoops;
import dev.sluice.bench.textbook.PrivateFileCopy;
import dev.sluice.bench.textbook.SharingProof;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.Pipe;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.channels.WritableByteChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HexFormat;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The proof of sharing tells what the receiver got, whichever it is. Whether {@code sendfile} and
 * {@code splice} share the pages of a file or copy them is the kernel's to decide, by its version,
 * the file system and the target; what is demanded is that the proof agrees with what is seen
 * without it, and that each answer can be had.
 */
class SharingProofTest {
  @TempDir Path directory;

  @BeforeAll
  static void load() throws Exception {
    NativeLibrary.load();
  }

  /** A receiver that keeps references to the first bytes of the file and copies of the rest. */
  @ParameterizedTest
  @CsvSource({"0, COPIED", "8192, PARTLY_SHARED", "32768, SHARED"})
  void eachAnswerIsGivenWhereItIsTrue(int shared, Answer expected) throws Exception {
    Path file = CompareProcess.file(directory, 2 * SharingProof.BYTES);
    try (PrivateFileCopy privateCopy = PrivateFileCopy.of(file, directory);
        Keeping fixture = new Keeping(privateCopy.path(), shared)) {
      assertEquals(expected, SharingProof.answer(fixture, fixture.loop(), privateCopy));
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE_TO_SOCKET", "FILE_TO_UNIX", "FILE_TO_PIPE"})
  void sendfileAndSpliceAreToldAsTheReceiverSeesThem(Direction direction) throws Exception {
    for (Mechanism mechanism : new Mechanism[] {Mechanism.SENDFILE, Mechanism.SPLICE}) {
      assertEquals(
          seen(direction, mechanism),
          answer(direction, SluiceLoops.mechanismTransferTo(mechanism)),
          mechanism::toString);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"FILE_TO_SOCKET", "FILE_TO_UNIX", "FILE_TO_PIPE", "FILE_TO_FILE"})
  void readAndWriteGivesACopy(Direction direction) throws Exception {
    assertEquals(Answer.COPIED, answer(direction, NioLoops.bufferedTo()));
    assertEquals(
        Answer.COPIED, answer(direction, SluiceLoops.mechanismTransferTo(Mechanism.READ_WRITE)));
  }

  /** A receiver of ours sees a copy where it is one, so that it is a witness. */
  @Test
  void theWitnessSeesACopy() throws Exception {
    for (Direction direction :
        new Direction[] {
          Direction.FILE_TO_SOCKET, Direction.FILE_TO_UNIX, Direction.FILE_TO_PIPE
        }) {
      assertEquals(Answer.COPIED, seen(direction, Mechanism.READ_WRITE), direction::toString);
    }
  }

  private Answer answer(Direction direction, Supplier<Loop> loops) throws Exception {
    Path file = CompareProcess.file(directory, 2 * SharingProof.BYTES);
    try (PrivateFileCopy privateCopy = PrivateFileCopy.of(file, directory);
        Fixture fixture = direction.open(new Workspace(privateCopy.path(), directory, null))) {
      return SharingProof.answer(fixture, loops.get(), privateCopy);
    }
  }

  /** What a receiver in this process gets of a file that is changed before it reads. */
  private Answer seen(Direction direction, Mechanism mechanism) throws IOException {
    byte[] before = new byte[SharingProof.BYTES];
    new Random(3).nextBytes(before);
    byte[] after = new byte[before.length];
    for (int i = 0; i < after.length; i++) {
      after[i] = (byte) (before[i] ^ 0x55);
    }
    Path path = Files.write(Files.createTempFile(directory, "seen", ".bin"), before);
    try (FileChannel file =
            FileChannel.open(path, StandardOpenOption.READ, StandardOpenOption.WRITE);
        Connection connection = Connection.open(direction, directory)) {
      assertEquals(before.length, mechanism.transferTo(file, 0, before.length, connection.near()));
      assertEquals(after.length, file.write(ByteBuffer.wrap(after), 0));
      ByteBuffer received = ByteBuffer.allocate(before.length);
      while (received.hasRemaining() && connection.far().read(received) >= 0) {}
      int same = 0;
      for (int i = 0; i < before.length; i++) {
        assertTrue(received.get(i) == before[i] || received.get(i) == after[i]);
        same += received.get(i) == before[i] ? 1 : 0;
      }
      return same == before.length
          ? Answer.COPIED
          : same == 0 ? Answer.SHARED : Answer.PARTLY_SHARED;
    }
  }

  private record Connection(WritableByteChannel near, ReadableByteChannel far)
      implements AutoCloseable {
    static Connection open(Direction direction, Path directory) throws IOException {
      return switch (direction) {
        case FILE_TO_PIPE -> {
          Pipe pipe = Pipe.open();
          yield new Connection(pipe.sink(), pipe.source());
        }
        case FILE_TO_UNIX -> {
          Path path = Files.createTempFile(directory, "s", "");
          Files.delete(path);
          yield by(
              ServerSocketChannel.open(StandardProtocolFamily.UNIX),
              UnixDomainSocketAddress.of(path));
        }
        case FILE_TO_SOCKET ->
            by(ServerSocketChannel.open(), new InetSocketAddress("127.0.0.1", 0));
        default -> throw new IllegalArgumentException(direction.toString());
      };
    }

    private static Connection by(ServerSocketChannel server, SocketAddress address)
        throws IOException {
      try (server) {
        SocketChannel near = SocketChannel.open(server.bind(address).getLocalAddress());
        return new Connection(near, server.accept());
      }
    }

    @Override
    public void close() throws IOException {
      near.close();
      far.close();
    }
  }

  /** What is sent here stays here: some of it by reference to the file, the rest as a copy. */
  private static final class Keeping implements Fixture {
    private final FileChannel file;
    private final int shared;
    private ByteBuffer copied = ByteBuffer.allocate(0);

    Keeping(Path path, int shared) throws IOException {
      file = FileChannel.open(path);
      this.shared = shared;
    }

    Loop loop() {
      return (channels, region, piece) -> {
        copied = ByteBuffer.allocate((int) region - shared);
        file.read(copied, shared);
        copied.flip();
      };
    }

    @Override
    public OpenChannels channels() {
      return OpenChannels.of(file, file);
    }

    @Override
    public void begin(RoundSize roundSize) {}

    @Override
    public void finish() {}

    @Override
    public String digest(RoundSize roundSize, Transfer transfer) {
      throw new UnsupportedOperationException();
    }

    @Override
    public String digestLater(long bytes) throws IOException {
      ByteBuffer all = ByteBuffer.allocate((int) bytes).limit(shared);
      file.read(all, 0);
      all.limit(all.capacity()).put(copied);
      return HexFormat.of().formatHex(Digests.sha256().digest(all.array()));
    }

    @Override
    public void reopen() {}

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
