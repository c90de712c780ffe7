//! One file by two descriptors, of which one has `O_DIRECT`: the lent one, and one that was opened again.

use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::pooled::buffer::WHOLE as SIZE;
use crate::second_descriptor::SecondDescriptor;
use crate::system_call::SystemCall;
use crate::transfer::direct_file::alignment;
use crate::transfer::steps::Steps;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::uio::{pread, pwrite};
use std::os::fd::BorrowedFd;

const SELF: Mechanism = Mechanism::DirectIo;

/// The flags by which a descriptor promises something of each write or read. The second descriptor gets them too.
const KEPT: OFlag = OFlag::O_SYNC.union(OFlag::O_DSYNC).union(OFlag::O_NOATIME);

/// A file by two descriptors: one past the page cache, one through it.
pub(super) struct BothDescriptors<'fd> {
    pub(super) lent_file: LentFile<'fd>,
    opened: SecondDescriptor,
}

/// Which of the two descriptors the next bytes go by.
#[derive(Clone, Copy)]
pub(super) enum Chosen {
    Lent,
    Opened,
}

/// A file that was lent, and how it is to be opened again.
pub(super) struct LentFile<'fd> {
    lent: BorrowedFd<'fd>,
    how: OFlag,
    lent_is_direct: bool,
    pub(super) alignment: u64,
}

impl<'fd> LentFile<'fd> {
    pub(super) fn of(
        file: BorrowedFd<'fd>,
        access: OFlag,
        steps: &mut Steps,
    ) -> Result<Self, Error> {
        let alignment = alignment(file, steps)?;
        steps.called(SELF);
        let flags = fcntl(file, FcntlArg::F_GETFL).naming(SystemCall::Fcntl)?;
        let flags = OFlag::from_bits_retain(flags);
        if flags.contains(OFlag::O_APPEND) {
            return Err(Errno::EINVAL).naming(SystemCall::Open);
        }
        let lent_is_direct = flags.contains(OFlag::O_DIRECT);
        let mut how = access | flags & KEPT;
        how.set(OFlag::O_DIRECT, !lent_is_direct);
        steps.called(SELF);
        Ok(LentFile {
            lent: file,
            how,
            lent_is_direct,
            alignment,
        })
    }

    pub(super) fn open(self) -> Result<BothDescriptors<'fd>, Error> {
        Ok(BothDescriptors {
            opened: SecondDescriptor::reopened(self.lent, self.how)?,
            lent_file: self,
        })
    }

    /// Reads by one call past the page cache, with a descriptor that is opened for that call alone.
    pub(super) fn read_once(&self, chunk: &mut [u8], at: u64) -> Result<usize, Error> {
        let at = offset(at)?;
        SecondDescriptor::briefly(self.lent, self.how, |fd| pread(fd, chunk, at))?
            .naming(SystemCall::Read)
    }

    /// By which descriptor the next bytes go, of at most `left` from byte `at` on, and how many they are.
    pub(super) fn next(&self, at: u64, left: u64) -> (Chosen, usize) {
        let past = at % self.alignment;
        let is_direct = past == 0 && left >= self.alignment;
        let len = if is_direct {
            left.min(SIZE as u64) / self.alignment * self.alignment
        } else {
            left.min(self.alignment - past)
        };
        let chosen = if is_direct == self.lent_is_direct {
            Chosen::Lent
        } else {
            Chosen::Opened
        };
        (chosen, usize::try_from(len).unwrap_or(SIZE).min(SIZE))
    }
}

impl BothDescriptors<'_> {
    pub(super) fn read(&self, chosen: Chosen, chunk: &mut [u8], at: u64) -> Result<usize, Error> {
        let at = offset(at)?;
        match chosen {
            Chosen::Lent => pread(self.lent_file.lent, chunk, at),
            Chosen::Opened => self.opened.with(|fd| pread(fd, chunk, at))?,
        }
        .naming(SystemCall::Read)
    }

    pub(super) fn write(&self, chosen: Chosen, data: &[u8], at: u64) -> Result<usize, Error> {
        let at = offset(at)?;
        match chosen {
            Chosen::Lent => pwrite(self.lent_file.lent, data, at),
            Chosen::Opened => self.opened.with(|fd| pwrite(fd, data, at))?,
        }
        .naming(SystemCall::Write)
    }
}

fn offset(at: u64) -> Result<i64, Error> {
    i64::try_from(at)
        .map_err(|_| Errno::EOVERFLOW)
        .naming(SystemCall::Lseek)
}
