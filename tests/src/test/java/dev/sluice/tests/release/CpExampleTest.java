package dev.sluice.tests.release;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.tests.support.ChildJvm;
import dev.sluice.tests.support.Tools;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The example cp copies files as it is told to. */
@Tag("any-jdk")
class CpExampleTest extends ExampleFixture {
  private ChildJvm.Result cp(String... arguments) throws Exception {
    return ChildJvm.run(command("Cp.java", List.of(), arguments));
  }

  @Test
  void cpCopiesIntoADirectoryAndKeepsWhatItIsToldTo() throws Exception {
    Path source = Files.write(directory.resolve("source"), CONTENT);
    Path folder = Files.createDirectory(directory.resolve("folder"));
    assertEquals(0, cp(source.toString(), folder.toString()).exit());
    assertArrayEquals(CONTENT, Files.readAllBytes(folder.resolve("source")));
    ChildJvm.Result again = cp("-n", source.toString(), folder.toString());
    assertEquals(1, again.exit());
    assertTrue(again.output().contains("FileAlreadyExistsException"), again.output());
    ChildJvm.Result unknown = cp("--fast", "a", "b");
    assertEquals(2, unknown.exit());
    assertTrue(unknown.output().contains("unknown option --fast"), unknown.output());
  }

  @Test
  void cpKeepsHolesOrWritesThemOut() throws Exception {
    Path source = directory.resolve("holes");
    try (FileChannel file =
        FileChannel.open(source, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.allocate(4096), 16 << 20);
    }
    Path sparse = directory.resolve("sparse");
    Path full = directory.resolve("full");
    assertEquals(0, cp(source.toString(), sparse.toString()).exit());
    assertEquals(
        0, cp("--sparse=never", "--reflink=never", source.toString(), full.toString()).exit());
    assertEquals(-1, Files.mismatch(source, sparse));
    assertEquals(-1, Files.mismatch(source, full));
    assertTrue(onDisk(sparse) < 1024, "KiB: " + onDisk(sparse));
    assertTrue(onDisk(full) >= 16 * 1024, "KiB: " + onDisk(full));
  }

  private static long onDisk(Path file) throws Exception {
    return Long.parseLong(Tools.run("du", "-k", file.toString()).split("\\s")[0]);
  }

  @Test
  void cpSharesExtentsWhereTheFileSystemCanOrSaysThatItCannot() throws Exception {
    Path folder = Files.createDirectory(directory.resolve("xfs"));
    try (Tools.Mount mount = Tools.Mount.ofImage(folder, "xfs", "-m", "reflink=1")) {
      Path source = Files.write(mount.folder().resolve("source"), CONTENT);
      Path clone = mount.folder().resolve("clone");
      assertEquals(0, cp("--reflink", source.toString(), clone.toString()).exit());
      assertArrayEquals(CONTENT, Files.readAllBytes(clone));
      Path elsewhere = directory.resolve("elsewhere");
      ChildJvm.Result refused = cp("--reflink=always", source.toString(), elsewhere.toString());
      assertEquals(1, refused.exit());
      assertTrue(refused.output().contains("UnsupportedMechanismException"), refused.output());
      assertFalse(Files.exists(elsewhere));
      assertEquals(0, cp("--reflink=auto", source.toString(), elsewhere.toString()).exit());
      assertArrayEquals(CONTENT, Files.readAllBytes(elsewhere));
    }
  }
}
