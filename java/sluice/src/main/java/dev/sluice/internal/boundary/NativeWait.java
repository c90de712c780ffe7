package dev.sluice.internal.boundary;

/** Natives that wait for a descriptor, and that wake a thread which waits. */
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
   * Makes a thread's system call answer {@code EINTR}, as the JDK's channels do: 0, or {@code
   * -errno}.
   */
  public static int signal(long thread) {
    return (int) Answer.checked(signal0(thread));
  }

  /**
   * Waits for {@link #POLLIN} or {@link #POLLOUT} for at most {@code millis} (below 65,536), or
   * without end where that is negative.
   */
  public static void poll(int fd, int events, int millis) {
    Answer.checked(poll0(fd, events, millis));
  }

  /**
   * Lets {@link #awaitReady} answer a descriptor once, when it is ready for {@code events}: 0, or
   * {@code -errno}.
   */
  public static int watch(int fd, int events) {
    return (int) Answer.checked(watch0(fd, events));
  }

  /** Undoes {@link #watch}. */
  public static void unwatch(int fd) {
    Answer.checked(unwatch0(fd));
  }

  /**
   * Waits for at most {@code millis} (below 65,536) for descriptors that are watched.
   *
   * @param address where their numbers go, each an {@code int}
   * @param most how many fit there
   * @return how many they are, or {@code -errno}
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
