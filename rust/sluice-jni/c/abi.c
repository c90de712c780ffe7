// What the Rust side takes for granted about the C side. Nothing here runs: a wrong assumption does not compile.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <poll.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <ucontext.h>

_Static_assert(sizeof(void *) == 8, "addresses cross the boundary as a Java long");
_Static_assert(sizeof(off_t) == 8 && sizeof(loff_t) == 8, "file offsets are 64 bits wide");
_Static_assert(sizeof(size_t) == 8, "one call may be asked for 0x7ffff000 bytes");
_Static_assert(sizeof(int) == 4, "descriptors and errno cross the boundary as a Java int");

// The errnos that the ladder and the table of exceptions in Java know by number.
#define ERRNO(name, number) _Static_assert(name == number, #name);
ERRNO(EPERM, 1)
ERRNO(ENOENT, 2)
ERRNO(ESRCH, 3)
ERRNO(EINTR, 4)
ERRNO(EIO, 5)
ERRNO(ENXIO, 6)
ERRNO(E2BIG, 7)
ERRNO(ENOEXEC, 8)
ERRNO(EBADF, 9)
ERRNO(ECHILD, 10)
ERRNO(EAGAIN, 11)
ERRNO(ENOMEM, 12)
ERRNO(EACCES, 13)
ERRNO(EFAULT, 14)
ERRNO(ENOTBLK, 15)
ERRNO(EBUSY, 16)
ERRNO(EEXIST, 17)
ERRNO(EXDEV, 18)
ERRNO(ENODEV, 19)
ERRNO(ENOTDIR, 20)
ERRNO(EISDIR, 21)
ERRNO(EINVAL, 22)
ERRNO(ENFILE, 23)
ERRNO(EMFILE, 24)
ERRNO(ENOTTY, 25)
ERRNO(ETXTBSY, 26)
ERRNO(EFBIG, 27)
ERRNO(ENOSPC, 28)
ERRNO(ESPIPE, 29)
ERRNO(EROFS, 30)
ERRNO(EMLINK, 31)
ERRNO(EPIPE, 32)
ERRNO(EDOM, 33)
ERRNO(ERANGE, 34)
ERRNO(EDEADLK, 35)
ERRNO(ENAMETOOLONG, 36)
ERRNO(ENOLCK, 37)
ERRNO(ENOSYS, 38)
ERRNO(ENOTEMPTY, 39)
ERRNO(ELOOP, 40)
ERRNO(ENOMSG, 42)
ERRNO(EIDRM, 43)
ERRNO(ECHRNG, 44)
ERRNO(EL2NSYNC, 45)
ERRNO(EL3HLT, 46)
ERRNO(EL3RST, 47)
ERRNO(ELNRNG, 48)
ERRNO(EUNATCH, 49)
ERRNO(ENOCSI, 50)
ERRNO(EL2HLT, 51)
ERRNO(EBADE, 52)
ERRNO(EBADR, 53)
ERRNO(EXFULL, 54)
ERRNO(ENOANO, 55)
ERRNO(EBADRQC, 56)
ERRNO(EBADSLT, 57)
ERRNO(EBFONT, 59)
ERRNO(ENOSTR, 60)
ERRNO(ENODATA, 61)
ERRNO(ETIME, 62)
ERRNO(ENOSR, 63)
ERRNO(ENONET, 64)
ERRNO(ENOPKG, 65)
ERRNO(EREMOTE, 66)
ERRNO(ENOLINK, 67)
ERRNO(EADV, 68)
ERRNO(ESRMNT, 69)
ERRNO(ECOMM, 70)
ERRNO(EPROTO, 71)
ERRNO(EMULTIHOP, 72)
ERRNO(EDOTDOT, 73)
ERRNO(EBADMSG, 74)
ERRNO(EOVERFLOW, 75)
ERRNO(ENOTUNIQ, 76)
ERRNO(EBADFD, 77)
ERRNO(EREMCHG, 78)
ERRNO(ELIBACC, 79)
ERRNO(ELIBBAD, 80)
ERRNO(ELIBSCN, 81)
ERRNO(ELIBMAX, 82)
ERRNO(ELIBEXEC, 83)
ERRNO(EILSEQ, 84)
ERRNO(ERESTART, 85)
ERRNO(ESTRPIPE, 86)
ERRNO(EUSERS, 87)
ERRNO(ENOTSOCK, 88)
ERRNO(EDESTADDRREQ, 89)
ERRNO(EMSGSIZE, 90)
ERRNO(EPROTOTYPE, 91)
ERRNO(ENOPROTOOPT, 92)
ERRNO(EPROTONOSUPPORT, 93)
ERRNO(ESOCKTNOSUPPORT, 94)
ERRNO(EOPNOTSUPP, 95)
ERRNO(EPFNOSUPPORT, 96)
ERRNO(EAFNOSUPPORT, 97)
ERRNO(EADDRINUSE, 98)
ERRNO(EADDRNOTAVAIL, 99)
ERRNO(ENETDOWN, 100)
ERRNO(ENETUNREACH, 101)
ERRNO(ENETRESET, 102)
ERRNO(ECONNABORTED, 103)
ERRNO(ECONNRESET, 104)
ERRNO(ENOBUFS, 105)
ERRNO(EISCONN, 106)
ERRNO(ENOTCONN, 107)
ERRNO(ESHUTDOWN, 108)
ERRNO(ETOOMANYREFS, 109)
ERRNO(ETIMEDOUT, 110)
ERRNO(ECONNREFUSED, 111)
ERRNO(EHOSTDOWN, 112)
ERRNO(EHOSTUNREACH, 113)
ERRNO(EALREADY, 114)
ERRNO(EINPROGRESS, 115)
ERRNO(ESTALE, 116)
ERRNO(EUCLEAN, 117)
ERRNO(ENOTNAM, 118)
ERRNO(ENAVAIL, 119)
ERRNO(EISNAM, 120)
ERRNO(EREMOTEIO, 121)
ERRNO(EDQUOT, 122)
ERRNO(ENOMEDIUM, 123)
ERRNO(EMEDIUMTYPE, 124)
ERRNO(ECANCELED, 125)
ERRNO(ENOKEY, 126)
ERRNO(EKEYEXPIRED, 127)
ERRNO(EKEYREVOKED, 128)
ERRNO(EKEYREJECTED, 129)
ERRNO(EOWNERDEAD, 130)
ERRNO(ENOTRECOVERABLE, 131)
ERRNO(ERFKILL, 132)
ERRNO(EHWPOISON, 133)
#undef ERRNO
_Static_assert(EWOULDBLOCK == EAGAIN && EDEADLOCK == EDEADLK && ENOTSUP == EOPNOTSUPP, "two names of one errno");

// The events that Java asks for by number.
_Static_assert(POLLIN == 1 && POLLOUT == 4, "poll events");

// What the kernel and the crate libc have to mean alike, on the processors that are released for: src/abi.rs has the same
// lines for the other side.
#if defined(__x86_64__) || defined(__aarch64__)
#ifdef __x86_64__
#define BY_PROCESSOR(x86_64, aarch64) x86_64
#else
#define BY_PROCESSOR(x86_64, aarch64) aarch64
#endif

#define NUMBER(name, number) _Static_assert((unsigned long)(name) == (number), #name);
NUMBER(SYS_futex, BY_PROCESSOR(202, 98))
// Newer than the oldest headers that this is compiled with; src/abi.rs has them always.
#ifdef SYS_memfd_create
NUMBER(SYS_memfd_create, BY_PROCESSOR(319, 279))
#endif
#ifdef SYS_statx
NUMBER(SYS_statx, BY_PROCESSOR(332, 291))
#endif
#ifdef SYS_close_range
NUMBER(SYS_close_range, 436)
#endif
NUMBER(FIONREAD, 0x541b)
NUMBER(FICLONERANGE, 0x4020940d)
NUMBER(BLKGETSIZE64, 0x80081272)
NUMBER(O_DIRECT, BY_PROCESSOR(0x4000, 0x10000))
NUMBER(O_CLOEXEC, 0x80000)
NUMBER(O_TMPFILE, BY_PROCESSOR(0x410000, 0x404000))
NUMBER(F_SETPIPE_SZ, 1031)
NUMBER(F_GETPIPE_SZ, 1032)
NUMBER(MAP_NORESERVE, 0x4000)
NUMBER(MAP_POPULATE, 0x8000)
NUMBER(SA_SIGINFO, 4)
NUMBER(SA_ONSTACK, 0x08000000)
NUMBER(SIGBUS, 7)
NUMBER(SIGUSR1, 10)

#define SIZE(type, size) _Static_assert(sizeof(type) == (size), #type);
#define FIELD(type, field, offset) _Static_assert(offsetof(type, field) == (offset), #type "." #field);
SIZE(struct epoll_event, BY_PROCESSOR(12, 16))
FIELD(struct epoll_event, data, BY_PROCESSOR(4, 8))
SIZE(struct file_clone_range, 32)
FIELD(struct file_clone_range, src_offset, 8)
FIELD(struct file_clone_range, dest_offset, 24)
SIZE(struct stat, BY_PROCESSOR(144, 128))
FIELD(struct stat, st_ino, 8)
FIELD(struct stat, st_mode, BY_PROCESSOR(24, 16))
FIELD(struct stat, st_size, 48)
SIZE(struct flock, 32)
FIELD(struct flock, l_start, 8)
FIELD(struct flock, l_pid, 24)
SIZE(struct pollfd, 8)
FIELD(struct pollfd, revents, 6)
SIZE(struct sigaction, 152)
FIELD(struct sigaction, sa_flags, 136)
SIZE(siginfo_t, 128)
FIELD(siginfo_t, si_addr, 16)
#ifdef __x86_64__
FIELD(ucontext_t, uc_mcontext.gregs[REG_RIP], 168)
#else
FIELD(ucontext_t, uc_mcontext.pc, 440)
#endif
#ifdef STATX_TYPE
SIZE(struct statx, 256)
FIELD(struct statx, stx_mode, 28)
#endif
#ifdef STATX_DIOALIGN
NUMBER(STATX_DIOALIGN, 0x2000)
FIELD(struct statx, stx_dio_mem_align, 152)
FIELD(struct statx, stx_dio_offset_align, 156)
#endif
#endif

int sluice_abi_checked(void);

int sluice_abi_checked(void) { return 1; }
