package dev.sluice;

import dev.sluice.internal.Refusal;
import dev.sluice.internal.Transfers;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * The ways in which the Linux kernel moves bytes between channels.
 *
 * <p>{@link #AUTO} picks one and falls back where the kernel refuses; every other runs exactly the
 * system calls it names, or throws {@link UnsupportedMechanismException}. The JDK's own methods
 * offer no such choice, and do not tell which way they took.
 */
public enum Mechanism {
  /** The mechanism with the fewest copies that the kernel does not refuse for these channels. */
  AUTO(Transfers.AUTO),

  /**
   * {@code read(2)} into a buffer and {@code write(2)} out of it: two copies by the CPU. Serves
   * every pair of channels; those without a descriptor through their own methods.
   */
  READ_WRITE(Transfers.READ_WRITE),

  /**
   * {@code sendfile(2)}: the pages of a file are handed to a socket, a pipe or another file inside
   * the kernel. The target file of a {@code transferFrom} cannot be served: the call writes at the
   * target's own position only.
   */
  SENDFILE(3);

  private final int number;

  Mechanism(int number) {
    this.number = number;
  }

  /**
   * Transfers bytes from a file to a channel by exactly this mechanism.
   *
   * <p>The contract is that of {@link Sluice#transferTo}.
   *
   * @param source the file, open for reading
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @param target where the bytes go
   * @return the bytes transferred
   * @throws UnsupportedMechanismException if this mechanism cannot serve these channels; nothing
   *     was transferred
   * @throws IOException as {@link Sluice#transferTo}
   */
  public long transferTo(FileChannel source, long position, long count, WritableByteChannel target)
      throws IOException {
    try {
      return Transfers.transferTo(number, source, position, count, target);
    } catch (Refusal refusal) {
      throw unsupported(refusal);
    }
  }

  /**
   * Transfers bytes from a channel into a file by exactly this mechanism.
   *
   * <p>The contract is that of {@link Sluice#transferFrom}.
   *
   * @param target the file, open for writing
   * @param source where the bytes come from
   * @param position the file offset of the first byte, in bytes, not negative
   * @param count the most bytes to transfer, not negative
   * @return the bytes transferred
   * @throws UnsupportedMechanismException if this mechanism cannot serve these channels; nothing
   *     was transferred
   * @throws IOException as {@link Sluice#transferFrom}
   */
  public long transferFrom(
      FileChannel target, ReadableByteChannel source, long position, long count)
      throws IOException {
    try {
      return Transfers.transferFrom(number, target, source, position, count);
    } catch (Refusal refusal) {
      throw unsupported(refusal);
    }
  }

  private UnsupportedMechanismException unsupported(Refusal refusal) {
    String why = String.valueOf(refusal.getMessage());
    UnsupportedMechanismException unsupported =
        new UnsupportedMechanismException(this, refusal.errno(), why);
    unsupported.addSuppressed(refusal);
    return unsupported;
  }
}
