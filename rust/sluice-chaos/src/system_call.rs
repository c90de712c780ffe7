//! The system calls that are bent.

/// Makes the enum of one table: variant and name.
macro_rules! system_calls {
    ($($number:literal $name:literal $variant:ident,)+) => {
        /// A system call, as the log names it. What is refused depends on its number, which therefore never changes.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u8)]
        pub enum SystemCall {
            $($variant = $number,)+
        }

        impl SystemCall {
            pub fn name(self) -> &'static str {
                match self {
                    $(SystemCall::$variant => $name,)+
                }
            }
        }
    };
}

system_calls! {
    1 "read" Read,
    2 "write" Write,
    3 "sendfile" Sendfile,
    4 "splice" Splice,
    5 "tee" Tee,
    6 "copy_file_range" CopyFileRange,
    7 "ioctl(FICLONERANGE)" Ficlonerange,
    8 "poll" Poll,
    9 "epoll_wait" EpollWait,
    10 "mmap" Mmap,
    11 "munmap" Munmap,
    12 "mremap" Mremap,
    13 "msync" Msync,
    14 "close" Close,
    15 "pipe2" Pipe,
    16 "memfd_create" MemfdCreate,
    17 "process_vm_readv" ProcessVm,
}
