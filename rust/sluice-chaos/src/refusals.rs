//! Which calls are refused, and with which errno: what seccomp profiles, older kernels and file systems answer.

use crate::chance::mixed;
use crate::descriptor::{Descriptor, Kind};
use crate::settings::Settings;
use crate::system_call::SystemCall;
use std::ffi::c_int;

fn errnos(call: SystemCall) -> &'static [c_int] {
    match call {
        SystemCall::CopyFileRange => &[
            libc::ENOSYS,
            libc::EPERM,
            libc::EINVAL,
            libc::EOPNOTSUPP,
            libc::EXDEV,
        ],
        SystemCall::Sendfile | SystemCall::Splice | SystemCall::Tee => {
            &[libc::ENOSYS, libc::EPERM, libc::EINVAL]
        }
        SystemCall::Ficlonerange => &[libc::EOPNOTSUPP, libc::ENOTTY, libc::EXDEV],
        SystemCall::Pipe => &[libc::EMFILE, libc::ENFILE],
        SystemCall::MemfdCreate => &[libc::EMFILE, libc::ENOSYS],
        SystemCall::Mmap => &[libc::ENODEV, libc::ENOMEM],
        SystemCall::ProcessVm => &[libc::EPERM, libc::ENOSYS],
        _ => &[],
    }
}

/// The errno with which `call` is refused for these descriptors, if it is. A file system or a profile always answers
/// the same: the errno depends on the seed, the call and the files. A call on streams alone is refused everywhere or
/// nowhere, as by a profile: no pair of streams refuses what another serves. A call without descriptors meets a limit,
/// which comes and goes with `moment`.
pub fn refusal(
    settings: &Settings,
    call: SystemCall,
    descriptors: &[Descriptor],
    moment: impl FnOnce() -> u64,
) -> Option<c_int> {
    let errnos = errnos(call);
    if settings.refuse == 0 || errnos.is_empty() {
        return None;
    }
    let files = descriptors.iter().filter(|end| end.kind == Kind::Regular);
    let of_whom = match descriptors {
        [] => moment(),
        _ => files.fold(0, |sum: u64, end| sum.wrapping_mul(31) ^ end.inode),
    };
    let drawn = mixed(settings.seed ^ mixed(of_whom) ^ mixed(call as u64));
    let falls = drawn % 1000 < u64::from(settings.refuse);
    let which = usize::try_from((drawn >> 32) % errnos.len() as u64).ok()?;
    falls.then(|| errnos[which])
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::fd::AsRawFd;

    #[test]
    fn a_refusal_stays_and_speaks_of_the_inode() {
        let settings = Settings {
            refuse: 500,
            ..Settings::default()
        };
        let files: Vec<_> = (0..64)
            .map(|_| tempfile::tempfile().expect("a file"))
            .collect();
        let asked = || {
            files
                .iter()
                .map(|file| {
                    let end = [Descriptor::of(file.as_raw_fd())];
                    refusal(&settings, SystemCall::Sendfile, &end, || 0)
                })
                .collect::<Vec<_>>()
        };
        let first = asked();
        assert_eq!(first, asked());
        assert!(first.contains(&None) && first.iter().any(Option::is_some));
    }

    #[test]
    fn what_nobody_refuses_is_not_refused() {
        let settings = Settings {
            refuse: 1000,
            ..Settings::default()
        };
        assert_eq!(refusal(&settings, SystemCall::Read, &[], || 0), None);
        assert!(refusal(&settings, SystemCall::Pipe, &[], || 0).is_some());
    }
}
