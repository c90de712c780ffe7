package dev.sluice.internal.boundary;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Advice;
import dev.sluice.Mechanism;
import dev.sluice.TransferReport;
import dev.sluice.internal.load.NativeLoader;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * The numbers that both languages know are the same: whole tables are compared, so that an entry
 * which one side alone has fails here.
 */
@Tag("both-guards")
class SharedTablesTest {
  private static final String ROOMS = "dev.sluice.internal.";

  /** Tables that the classes read and have no constants of. */
  private static final Set<String> READ = Set.of("system-call", "step", "ledger", "machine");

  @BeforeAll
  static void load() {
    assertTrue(NativeLoader.isAvailable());
  }

  @Test
  void everyTableOfTheLibraryIsThatOfTheClasses() throws Exception {
    Map<String, Map<String, Integer>> ours = new TreeMap<>();
    ours.put("mechanism", byOrder(Arrays.stream(Mechanism.values()).map(Enum::name).toList()));
    ours.put("advice", byOrder(Arrays.stream(Advice.values()).map(Enum::name).toList()));
    ours.put("side", constants("boundary.Progress", Set.of("SOURCE", "TARGET")::contains));
    ours.put(
        "ending",
        constants(
            "boundary.Progress",
            name -> !name.endsWith("_SHIFT") && !Set.of("SOURCE", "TARGET").contains(name)));
    ours.put("progress", constants("boundary.Progress", name -> name.endsWith("_SHIFT")));
    ours.put("answer", constants("boundary.Answer", "CALL_SHIFT"::equals));
    ours.put("shape", constants("boundary.TransferShape", name -> true));
    ours.put("kind", constants("channel.Endpoint", Set.of("FILE", "SOCKET", "PIPE")::contains));
    Set<String> protections = Set.of("READ_ONLY", "READ_WRITE", "PRIVATE");
    ours.put("protection", constants("boundary.NativeMapping", protections::contains));
    ours.put("map", constants("boundary.NativeMapping", name -> !protections.contains(name)));
    ours.put("exchange", constants("boundary.NativeMemory", name -> true));
    ours.put("open", constants("boundary.NativeDescriptor", name -> name.startsWith("TO_")));
    ours.put("flag", constants("boundary.NativeChannel", name -> true));
    ours.put(
        "page-sharing",
        byOrder(Arrays.stream(TransferReport.Pages.values()).map(Enum::name).toList()));
    assertEquals(ours.get("page-sharing"), constants("load.PageSharing", name -> true));
    ours.put("holes", withoutPrefix("HOLES_", "copy.FileCopy"));
    ours.put("sharing", withoutPrefix("SHARE_", "copy.FileCopy"));

    Map<String, Map<String, Integer>> library = new TreeMap<>(SharedTables.all());
    assertTrue(library.keySet().containsAll(READ), library::toString);
    library.keySet().removeAll(READ);
    ours.forEach((table, numbers) -> assertEquals(numbers, library.get(table), table));
    assertEquals(ours.keySet(), library.keySet());
  }

  @Test
  void theMechanismsThatTheClassesNameAreThoseOfTheApi() {
    assertEquals(Mechanism.values().length, Mechanisms.count());
    assertEquals("AUTO", Mechanisms.name(Mechanisms.AUTO));
    assertEquals("READ_WRITE", Mechanisms.name(Mechanisms.READ_WRITE));
    assertEquals("SENDFILE", Mechanisms.name(Mechanisms.SENDFILE));
    assertEquals("SPLICE", Mechanisms.name(Mechanisms.SPLICE));
    assertEquals("DIRECT_IO", Mechanisms.name(Mechanism.DIRECT_IO.ordinal()));
  }

  @Test
  void adviceIsGivenForSystemCallsThatTheLibraryKnows() {
    Set<String> known = SharedTables.all().get("system-call").keySet();
    for (String call : RefusalAdvice.calls()) {
      assertTrue(known.contains(call), call);
    }
  }

  private static Map<String, Integer> byOrder(List<String> names) {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    IntStream.range(0, names.size()).forEach(number -> numbers.put(names.get(number), number));
    return numbers;
  }

  private static Map<String, Integer> withoutPrefix(String prefix, String type) throws Exception {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    constants(type, name -> name.startsWith(prefix))
        .forEach((name, number) -> numbers.put(name.substring(prefix.length()), number));
    return numbers;
  }

  /** The {@code int} constants of a class. */
  private static Map<String, Integer> constants(String type, Predicate<String> isWanted)
      throws Exception {
    Map<String, Integer> numbers = new LinkedHashMap<>();
    for (Field field : Class.forName(ROOMS + type).getDeclaredFields()) {
      boolean isConstant =
          field.getType() == int.class
              && Modifier.isStatic(field.getModifiers())
              && Modifier.isFinal(field.getModifiers());
      if (isConstant && isWanted.test(field.getName())) {
        field.setAccessible(true);
        numbers.put(field.getName(), field.getInt(null));
      }
    }
    return numbers;
  }
}
