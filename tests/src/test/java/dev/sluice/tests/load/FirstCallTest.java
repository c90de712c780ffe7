package dev.sluice.tests.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.sluice.Mechanism;
import dev.sluice.Sluice;
import dev.sluice.tests.support.ChannelKinds;
import dev.sluice.tests.support.ChildJvm;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/** Every method works as the first call of a program, with the native library and without. */
@Tag("slow")
class FirstCallTest {
  private enum First {
    TRANSFER_TO,
    TRANSFER_FROM,
    TRANSFER,
    TRANSFER_OF_CHANNELS,
    EXPLAIN_TRANSFER_TO,
    COPY,
    MECHANISM,
    DIAGNOSTICS
  }

  @TempDir Path directory;

  /** Makes the one call and compares the bytes that arrived. */
  static final class Caller {
    public static void main(String[] arguments) throws Exception {
      Path from = Path.of(arguments[1]);
      Path to = Path.of(arguments[2]);
      long size = Files.size(from);
      byte[] content = Files.readAllBytes(from);
      try (FileChannel source = FileChannel.open(from);
          FileChannel target = FileChannel.open(to, ChannelKinds.readWrite())) {
        switch (First.valueOf(arguments[0])) {
          case TRANSFER_TO -> Sluice.transferTo(source, 0, size, target);
          case TRANSFER_FROM -> Sluice.transferFrom(target, source, 0, size);
          case TRANSFER -> Sluice.transfer(source, target, size);
          case TRANSFER_OF_CHANNELS -> {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            Sluice.transfer(
                Channels.newChannel(new ByteArrayInputStream(content)),
                Channels.newChannel(bytes),
                size);
            Files.write(to, bytes.toByteArray());
          }
          case EXPLAIN_TRANSFER_TO -> Sluice.explainTransferTo(source, 0, size, target);
          case COPY -> Sluice.copy(from, to, StandardCopyOption.REPLACE_EXISTING);
          case MECHANISM -> {
            if (Sluice.isAvailable()) {
              Mechanism.READ_WRITE.transfer(source, target, size);
            } else {
              source.transferTo(0, size, target);
            }
          }
          case DIAGNOSTICS -> {
            if (Sluice.diagnostics().isEmpty()) {
              throw new AssertionError();
            }
            source.transferTo(0, size, target);
          }
        }
      }
      if (Files.mismatch(from, to) != -1) {
        throw new AssertionError("other bytes arrived than were sent");
      }
    }
  }

  @TestFactory
  Stream<DynamicTest> everyFirstCallWorks() throws Exception {
    Path from = Files.write(directory.resolve("from"), new byte[100_000]);
    List<DynamicTest> tests = new ArrayList<>();
    for (First first : First.values()) {
      for (String library : List.of("", "-Ddev.sluice.library.path=/missing")) {
        tests.add(
            dynamicTest(
                first + (library.isEmpty() ? "" : " without the library"),
                () -> {
                  Path to = Files.createTempFile(directory, "to", "");
                  ChildJvm jvm = library.isEmpty() ? new ChildJvm() : new ChildJvm().with(library);
                  ChildJvm.Result result =
                      jvm.run(Caller.class, first.name(), from.toString(), to.toString());
                  assertEquals(0, result.exit(), result.output());
                }));
      }
    }
    return tests.stream();
  }
}
