package dev.sluice.internal.boundary;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/**
 * The numbers that both languages know, by table and name, as the native library tells them. What
 * the classes only read, as the names of system calls and the layout of the {@link Ledger}, they
 * have from here; what they write in constants of their own a test compares with these tables,
 * whole.
 */
public final class SharedTables {
  /** The table of the system calls that a failure may name. */
  static final String SYSTEM_CALL = "system-call";

  private static final Map<String, Map<String, Integer>> TABLES = parsed(tables0());

  private SharedTables() {}

  /** Reads the tables, while the stack is shallow and the heap has room. */
  public static void load() {
    Ledger.ensureLaidOut();
    Machine.ensureRead();
  }

  /** Every table of the library: numbers by name, in their order. */
  static Map<String, Map<String, Integer>> all() {
    return TABLES;
  }

  /** How many entries a table has. */
  static int size(String table) {
    return table(table).size();
  }

  /** The number that a name has in a table. */
  static int number(String table, String name) {
    return table(table).get(name);
  }

  /** The name of a number in a table, or the number itself where the table has none. */
  static String name(String table, int number) {
    return table(table).entrySet().stream()
        .filter(entry -> entry.getValue() == number)
        .map(Map.Entry::getKey)
        .findFirst()
        .orElse(String.valueOf(number));
  }

  private static Map<String, Integer> table(String name) {
    return Objects.requireNonNull(TABLES.get(name), name);
  }

  private static Map<String, Map<String, Integer>> parsed(String text) {
    Map<String, Map<String, Integer>> tables = new LinkedHashMap<>();
    for (String line : text.split("\n")) {
      String[] entry = line.split(" ", 3);
      Map<String, Integer> table = tables.get(entry[0]);
      if (table == null) {
        table = new LinkedHashMap<>();
        tables.put(entry[0], table);
      }
      table.put(entry[2], Integer.valueOf(entry[1]));
    }
    return tables;
  }

  /** All tables, an entry a line: a table's name, a number, and its name. */
  private static native String tables0();
}
