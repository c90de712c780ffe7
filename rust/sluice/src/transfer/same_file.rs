//! Whether two descriptors name one file.

use super::file_size::size_or_zero;
use super::steps::Steps;
use crate::endpoint::Endpoint;
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::system_call::SystemCall;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::libc;
use nix::sys::stat::{FileStat, fstat};

/// Whether the two files of a transfer are one, as far as that was looked at.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Files {
    #[default]
    Unseen,
    Two,
    One {
        /// Its size when it was looked at.
        size: u64,
        /// Whether the target is open with `O_APPEND`. All bytes are then written at its end.
        appends: bool,
    },
}

/// Whether a target is the file `source`. `called` is called for each system call.
pub(crate) fn files_of(
    source: Identity,
    target: &Endpoint<'_>,
    mut called: impl FnMut(),
) -> Result<Files, Error> {
    called();
    let stat = fstat(target.fd).naming(SystemCall::Statx)?;
    if Identity::of(&stat) != Some(source) {
        return Ok(Files::Two);
    }
    called();
    let flags = fcntl(target.fd, FcntlArg::F_GETFL).naming(SystemCall::Fcntl)?;
    Ok(Files::One {
        size: size_or_zero(target.fd, &stat)?,
        appends: OFlag::from_bits_retain(flags).contains(OFlag::O_APPEND),
    })
}

/// What two descriptors that name the same bytes have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Identity {
    /// By the file system and its number there.
    File(u64, u64),
    /// By the device, which may have several nodes.
    BlockDevice(u64),
}

impl Identity {
    /// `None` of what holds no bytes: a terminal, a FIFO, `/dev/zero`.
    pub(crate) fn of(stat: &FileStat) -> Option<Identity> {
        match stat.st_mode & libc::S_IFMT {
            libc::S_IFREG => Some(Identity::File(stat.st_dev, stat.st_ino)),
            libc::S_IFBLK => Some(Identity::BlockDevice(stat.st_rdev)),
            _ => None,
        }
    }
}

/// Whether an end is a file or a block device. A short call does not mean that such a target is full.
pub(super) fn holds_bytes(
    endpoint: &Endpoint<'_>,
    mechanism: Mechanism,
    steps: &mut Steps,
) -> bool {
    steps.called(mechanism);
    fstat(endpoint.fd).is_ok_and(|stat| Identity::of(&stat).is_some())
}
