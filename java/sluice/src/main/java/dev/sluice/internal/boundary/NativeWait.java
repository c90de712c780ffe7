package dev.sluice.internal.boundary;

/** Natives that wait for a descriptor, and a native that wakes a thread from such a wait. */
public final class NativeWait {
  /** {@code POLLIN} of {@code poll(2)}. */
  public static final int POLLIN = 1;

  /** {@code POLLOUT} of {@code poll(2)}. */
  public static final int POLLOUT = 4;

  private NativeWait() {}

  /** The current native thread, for {@link #signal}. */
  public static long thread() {
    return Answer.checked(thread0());
  }

  /**
   * Makes the system call of a thread answer {@code EINTR}, by the signal of the JDK's channels.
   *
   * @return 0, or {@code -errno}
   */
  public static int signal(long thread) {
    return (int) Answer.checked(signal0(thread));
  }

  /**
   * Waits for a descriptor.
   *
   * @param events {@link #POLLIN} or {@link #POLLOUT}
   * @param millis the most milliseconds to wait, below 65,536; a negative value waits without end
   * @return whether the descriptor is ready
   */
  public static boolean poll(int fd, int events, int millis) {
    return Answer.checked(poll0(fd, events, millis)) > 0;
  }

  /**
   * Lets {@link #awaitReady} answer a descriptor once, when the descriptor is ready.
   *
   * @param events {@link #POLLIN} or {@link #POLLOUT}
   * @return 0, or {@code -errno}
   */
  public static int watch(int fd, int events) {
    return (int) Answer.checked(watch0(fd, events));
  }

  /** Undoes {@link #watch}. */
  public static void unwatch(int fd) {
    Answer.checked(unwatch0(fd));
  }

  /**
   * Waits until watched descriptors are ready.
   *
   * @param address the memory for the descriptors' numbers, each an {@code int}
   * @param most how many numbers fit there
   * @param millis the most milliseconds to wait, below 65,536
   * @return how many descriptors are ready, or {@code -errno}
   */
  public static int awaitReady(long address, int most, int millis) {
    return (int) Answer.checked(awaitReady0(address, most, millis));
  }

  private static native long thread0();

  private static native long signal0(long thread);

  private static native long poll0(int fd, int events, int millis);

  private static native long watch0(int fd, int events);

  private static native long unwatch0(int fd);

  private static native long awaitReady0(long address, int most, int millis);
}
