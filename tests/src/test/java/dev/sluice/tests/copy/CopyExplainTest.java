package dev.sluice.tests.copy;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Mechanism;
import dev.sluice.Reflink;
import dev.sluice.Sluice;
import dev.sluice.Sparse;
import dev.sluice.TransferReport;
import dev.sluice.TransferReport.Ending;
import dev.sluice.TransferReport.Step;
import dev.sluice.tests.support.FileSystemKind;
import dev.sluice.tests.support.FolderWithoutSharing;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.file.CopyOption;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The reports of copies are true. */
@Tag("any-jdk")
class CopyExplainTest {
  private static final int MIB = 1 << 20;

  @TempDir(factory = FolderWithoutSharing.class)
  Path directory;

  private int copies;

  /** A small file is copied by one native call, a larger one in turns. */
  @ParameterizedTest
  @ValueSource(ints = {1, 8})
  void whereNothingIsSharedTheBytesAreCopiedAndTheRefusalIsTold(int mebibytes) throws Exception {
    Path source = Files.write(directory.resolve("source"), new byte[mebibytes * MIB]);
    for (CopyOption[] options :
        new CopyOption[][] {{}, {StandardCopyOption.COPY_ATTRIBUTES}, {Reflink.NEVER}}) {
      TransferReport report = copied(source, options);
      assertEquals(Ending.COMPLETE, report.ending());
      assertEquals(mebibytes * MIB, report.bytes(), report.toString());
      assertEquals(0, report.holes(), report.toString());
      assertEquals(report.syscalls(), report.steps().stream().mapToLong(Step::syscalls).sum());
      boolean mayShare = options.length == 0 || options[0] != Reflink.NEVER;
      assertEquals(mayShare, has(report, Mechanism.REFLINK), report.toString());
      if (mayShare) {
        assertEquals(
            new Step(Mechanism.REFLINK, 0, 1, "EOPNOTSUPP"),
            report.steps().get(0),
            report.toString());
      }
      assertEquals(
          mayShare ? Mechanism.COPY_FILE_RANGE : Mechanism.SENDFILE,
          report.steps().get(report.steps().size() - 1).mechanism());
    }
  }

  @ParameterizedTest
  @EnumSource
  void theStepsAndTheHolesAddUp(FileSystemKind fileSystem) throws Exception {
    try (FileSystemKind.Place place = fileSystem.in(directory)) {
      Path source = place.resolve("source");
      try (FileChannel file =
          FileChannel.open(source, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        file.write(ByteBuffer.allocate(MIB), 0);
        file.write(ByteBuffer.wrap("end".getBytes()), 3 * MIB - 3);
      }
      Path target = place.resolve("target");
      TransferReport shared = copiedTo(source, target);
      assertEquals(3 * MIB, shared.bytes());
      long byReflink = bytesOf(shared, Mechanism.REFLINK);
      assertEquals(fileSystem.shares ? 3 * MIB : 0, byReflink, shared.toString());
      assertEquals(fileSystem.shares ? 0 : 2 * MIB, shared.holes(), MIB / 4, shared.toString());
      TransferReport made = copiedTo(source, target, Sparse.ALWAYS);
      assertEquals(3 * MIB, made.holes(), MIB / 4, made.toString());
      assertTrue(bytesOf(made, Mechanism.READ_WRITE) >= 3, made.toString());
      TransferReport filled = copiedTo(source, target, Sparse.NEVER);
      assertEquals(0, filled.holes(), filled.toString());
      assertEquals(3 * MIB, bytesOf(filled, Mechanism.SENDFILE), filled.toString());
      assertArrayEquals(Files.readAllBytes(source), Files.readAllBytes(target));
    }
  }

  @Test
  void aFileOfProcfsIsReadToItsEnd() throws IOException {
    Path target = directory.resolve("status");
    TransferReport report =
        onlyOne(Sluice.explain(() -> Sluice.copy(Path.of("/proc/self/limits"), target)));
    assertEquals(Files.size(target), report.bytes(), report.toString());
    assertEquals(Files.size(target), bytesOf(report, Mechanism.READ_WRITE), report.toString());
  }

  @Test
  void whatTheJdkCopiesIsOneStepOfUnknownCalls() throws IOException {
    Path folder = directory.resolve("folder");
    TransferReport made = onlyOne(Sluice.explain(() -> Sluice.copy(directory, folder)));
    assertEquals(Ending.COMPLETE, made.ending());
    assertEquals(0, made.bytes());
    assertEquals(-1, made.syscalls());
  }

  @Test
  void aFileOntoItselfIsCompleteWithoutAByte() throws IOException {
    Path source = Files.write(directory.resolve("source"), new byte[MIB]);
    for (CopyOption option :
        new CopyOption[] {
          StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.COPY_ATTRIBUTES
        }) {
      TransferReport report = onlyOne(Sluice.explain(() -> Sluice.copy(source, source, option)));
      assertEquals(new TransferReport(0, Ending.COMPLETE, List.of(), 0), report);
    }
  }

  @Test
  void aCopyThatFailsHasNoByteAndSaysSo() throws IOException {
    Path source = Files.write(directory.resolve("source"), new byte[MIB]);
    Path target = Files.write(directory.resolve("target"), new byte[1]);
    List<TransferReport> reports =
        Sluice.explain(
            () -> {
              assertThrows(FileAlreadyExistsException.class, () -> Sluice.copy(source, target));
              Thread.currentThread().interrupt();
              assertThrows(
                  ClosedByInterruptException.class,
                  () -> Sluice.copy(source, directory.resolve("other")));
              Thread.interrupted();
            });
    assertEquals(2, reports.size());
    for (TransferReport report : reports) {
      assertEquals(Ending.FAILED, report.ending());
      assertEquals(0, report.bytes());
      assertEquals(0, report.holes());
    }
  }

  @Test
  void copiesAndTransfersStandInTheirOrder() throws IOException {
    Path source = Files.write(directory.resolve("source"), new byte[MIB]);
    List<TransferReport> reports = new ArrayList<>();
    List<TransferReport> all =
        Sluice.explain(
            () -> {
              reports.addAll(Sluice.explain(() -> Sluice.copy(source, directory.resolve("first"))));
              try (FileChannel from = FileChannel.open(source);
                  FileChannel to =
                      FileChannel.open(
                          directory.resolve("second"),
                          StandardOpenOption.CREATE_NEW,
                          StandardOpenOption.WRITE)) {
                Sluice.transferTo(from, 0, 17, to);
              }
            });
    assertEquals(List.of(1L * MIB, 17L), all.stream().map(TransferReport::bytes).toList());
    assertEquals(reports.get(0), all.get(0));
  }

  private TransferReport copied(Path source, CopyOption... options) throws IOException {
    return onlyOne(
        Sluice.explain(() -> Sluice.copy(source, directory.resolve("target" + copies++), options)));
  }

  /** Replaces a target. */
  private static TransferReport copiedTo(Path source, Path target, CopyOption... options)
      throws IOException {
    CopyOption[] all = Arrays.copyOf(options, options.length + 1);
    all[options.length] = StandardCopyOption.REPLACE_EXISTING;
    return onlyOne(Sluice.explain(() -> Sluice.copy(source, target, all)));
  }

  private static TransferReport onlyOne(List<TransferReport> reports) {
    assertEquals(1, reports.size(), reports.toString());
    return reports.get(0);
  }

  private static boolean has(TransferReport report, Mechanism mechanism) {
    return report.steps().stream().anyMatch(step -> step.mechanism() == mechanism);
  }

  private static long bytesOf(TransferReport report, Mechanism mechanism) {
    return report.steps().stream()
        .filter(step -> step.mechanism() == mechanism)
        .mapToLong(Step::bytes)
        .sum();
  }
}
