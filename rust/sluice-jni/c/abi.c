// What the Rust side takes for granted about the C side. Nothing here runs: a wrong assumption does not compile.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/sendfile.h>
#include <sys/types.h>

_Static_assert(sizeof(void *) == 8, "addresses cross the boundary as a Java long");
_Static_assert(sizeof(off64_t) == 8 && sizeof(loff_t) == 8, "file offsets are 64 bits wide");
_Static_assert(sizeof(size_t) == 8, "one call may be asked for 0x7ffff000 bytes");
_Static_assert(sizeof(int) == 4, "descriptors and errno cross the boundary as a Java int");

// The errnos that the ladder and the table of exceptions in Java know by number.
_Static_assert(EPERM == 1 && EINTR == 4 && EIO == 5 && EBADF == 9 && EAGAIN == 11, "errno");
_Static_assert(EACCES == 13 && EXDEV == 18 && ENODEV == 19 && EINVAL == 22, "errno");
_Static_assert(ETXTBSY == 26 && EFBIG == 27 && ENOSPC == 28 && ESPIPE == 29 && EPIPE == 32, "errno");
_Static_assert(ENOTTY == 25 && ENOSYS == 38 && EOVERFLOW == 75 && EOPNOTSUPP == 95 && ECONNRESET == 104, "errno");

// The events that Java asks for by number.
_Static_assert(POLLIN == 1 && POLLOUT == 4, "poll events");

int sluice_abi_checked(void);

int sluice_abi_checked(void) { return 1; }
