//! The names of the system calls that can be refused, and of the errnos that they can be refused with.

use libc::{c_long, c_ulong};

/// One system call that is refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Refusal {
    /// The number of the call.
    pub call: c_long,
    /// The second argument of the call, if only one request is refused.
    pub request: Option<c_ulong>,
    /// The errno that the call answers.
    pub errno: i32,
}

const CALLS: &[(&str, c_long, Option<c_ulong>)] = &[
    ("copy_file_range", libc::SYS_copy_file_range, None),
    ("sendfile", libc::SYS_sendfile, None),
    ("splice", libc::SYS_splice, None),
    ("tee", libc::SYS_tee, None),
    ("mmap", libc::SYS_mmap, None),
    ("process_vm_readv", libc::SYS_process_vm_readv, None),
    ("process_vm_writev", libc::SYS_process_vm_writev, None),
    ("close_range", libc::SYS_close_range, None),
    ("unshare", libc::SYS_unshare, None),
    ("memfd_create", libc::SYS_memfd_create, None),
    ("preadv2", libc::SYS_preadv2, None),
    // The crate `libc` has no number for it; it is the same on every processor.
    ("cachestat", 451, None),
    ("ficlone", libc::SYS_ioctl, Some(libc::FICLONE)),
    ("ficlonerange", libc::SYS_ioctl, Some(libc::FICLONERANGE)),
];

const ERRNOS: &[(&str, i32)] = &[
    ("ENOSYS", libc::ENOSYS),
    ("EPERM", libc::EPERM),
    ("EACCES", libc::EACCES),
    ("EINVAL", libc::EINVAL),
    ("EOPNOTSUPP", libc::EOPNOTSUPP),
    ("ENOTTY", libc::ENOTTY),
    ("EXDEV", libc::EXDEV),
    ("EBADF", libc::EBADF),
];

/// Reads `CALL=ERRNO[,CALL=ERRNO ...]`, or says which name is unknown.
pub fn parse(refusals: &str) -> Result<Vec<Refusal>, String> {
    refusals.split(',').map(one).collect()
}

fn one(refusal: &str) -> Result<Refusal, String> {
    let unknown = || format!("unknown: {refusal}");
    let (call, errno) = refusal.split_once('=').ok_or_else(unknown)?;
    let (_, number, request) = CALLS
        .iter()
        .find(|(name, ..)| *name == call)
        .ok_or_else(unknown)?;
    let (_, errno) = ERRNOS
        .iter()
        .find(|(name, _)| *name == errno)
        .ok_or_else(unknown)?;
    Ok(Refusal {
        call: *number,
        request: *request,
        errno: *errno,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_and_errnos_are_known_by_name() {
        let clone = Refusal {
            call: libc::SYS_ioctl,
            request: Some(libc::FICLONERANGE),
            errno: libc::EXDEV,
        };
        let sendfile = Refusal {
            call: libc::SYS_sendfile,
            request: None,
            errno: libc::EPERM,
        };
        assert_eq!(
            parse("ficlonerange=EXDEV,sendfile=EPERM"),
            Ok(vec![clone, sendfile])
        );
        for unknown in ["", "sendfile", "sendfile=NONE", "none=EPERM"] {
            assert!(parse(unknown).is_err(), "{unknown}");
        }
    }
}
