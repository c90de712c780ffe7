//! A copy in one go: one call opens both files, copies, names the copy and closes.
//!
//! A small file is copied faster than a thread is woken, so that the turns of [`FileCopy`], each a call of its own, would
//! cost more than the bytes. What is unusual leaves no trace, and a target that was created is handed over with the copy as
//! far as it has come. Then it goes on in turns, which tells what is wrong.

use super::directory::{is_cheaply_nameless, keeps_all_names};
use super::file_copy::{FileCopy, Holes, Sharing};
use super::replace::{is_directory, is_same, replace};
use crate::error::Error;
use crate::transfer::steps::Steps;
use crate::transfer::warm::is_cold;
use nix::errno::Errno;
use nix::fcntl::{AT_FDCWD, AtFlags, OFlag, open, openat};
use nix::libc;
use nix::sys::stat::{FileStat, Mode, SFlag, fstat, fstatat};
use nix::sys::utsname::uname;
use nix::unistd::{UnlinkatFlags, close, linkat, unlink, unlinkat};
use std::ffi::{CStr, CString};
use std::os::fd::{AsFd, AsRawFd, BorrowedFd, OwnedFd};
use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// What is too slow is left to the turns, between which the caller may end the copy.
const LONGEST: Duration = Duration::from_millis(50);

/// How a small file is copied by one call.
#[derive(Debug, Clone, Copy)]
pub struct AtOnce {
    /// Whether a source that is a symbolic link is followed. One that is not followed is unusual.
    pub follows_links: bool,
    /// Whether a target that exists is replaced. Otherwise it is unusual.
    pub replaces: bool,
    /// What becomes of holes.
    pub holes: Holes,
    /// Whether extents are shared.
    pub sharing: Sharing,
    /// Whether a source that is not in the page cache is unusual.
    pub leaves_cold: bool,
}

/// What became of a copy that was to be made at once.
#[derive(Debug)]
pub enum Made {
    /// It is complete, or source and target are the same file.
    Complete,
    /// The target was created, and something failed or took long.
    Begun(Box<Begun>),
    /// Nothing was done that could be seen: anything was refused or failed or took long, or the copy needs more than this
    /// does.
    Nothing,
}

/// What a copy has done that was to be made at once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Done {
    /// How many bytes the copy has, holes included; 0 unless it is complete.
    pub size: u64,
    /// What each mechanism did, as [`FileCopy::steps`] has it. That of a copy which has begun stands there.
    pub steps: Steps,
}

/// A copy that has begun, and its files.
#[derive(Debug)]
pub struct Begun {
    /// The source, for reading.
    pub source: OwnedFd,
    /// The target, for writing. It has been created under its own name.
    pub target: OwnedFd,
    /// How far the copy has come. Its descriptors are to be set anew ([`FileCopy::rebind`]).
    pub copy: FileCopy<'static>,
}

/// That a copy is not made at once.
#[derive(Debug)]
struct Unusual;

impl From<Errno> for Unusual {
    fn from(_: Errno) -> Unusual {
        Unusual
    }
}

impl From<Error> for Unusual {
    fn from(_: Error) -> Unusual {
        Unusual
    }
}

impl AtOnce {
    /// Copies the file `source` to `target`, which is an absolute path, as [`FileCopy`] would. If they are the same file,
    /// nothing is done. The copy gets the source's permissions, as far as the umask or the directory's access list lets it.
    ///
    /// A file that is replaced is there until the copy is complete, and the copy has no name before.
    ///
    /// The descriptors lie in the table of the calling thread: see [`run_with`](crate::run_with) for where their closes
    /// release no lock.
    ///
    /// `done` gets what was done, even where nothing of it is left.
    #[must_use]
    pub fn copy(self, source: &CStr, target: &CStr, done: &mut Done) -> Made {
        self.usual(source, target, done).unwrap_or(Made::Nothing)
    }

    fn usual(self, source: &CStr, target: &CStr, done: &mut Done) -> Result<Made, Unusual> {
        /// Set-user-ID and set-group-ID: writes clear them, by rules of their own.
        const SET_ID: u32 = 0o6000;
        const PERMISSIONS: u32 = 0o7777;
        // Not for ever, should it have become a FIFO.
        let mut how = OFlag::O_RDONLY | OFlag::O_NONBLOCK | OFlag::O_CLOEXEC;
        how.set(OFlag::O_NOFOLLOW, !self.follows_links);
        let from = open(source, how, Mode::empty())?;
        let stat = fstat(&from)?;
        if stat.st_mode & SFlag::S_IFMT.bits() != SFlag::S_IFREG.bits()
            || stat.st_mode & SET_ID != 0
            // It may have bytes nevertheless, as files of procfs have, which take long or can be read once.
            || stat.st_size == 0
        {
            return Err(Unusual);
        }
        if self.leaves_cold && is_cold(from.as_fd(), 0, || {}) {
            return Err(Unusual);
        }
        let mode = Mode::from_bits_truncate(stat.st_mode & PERMISSIONS);
        let existing = match self.replaces {
            true => look(target)?,
            false => None,
        };
        match existing {
            None => self.create(from, target, mode, done),
            Some(there) if is_same(&stat, &there) => Ok(Made::Complete),
            Some(there) if is_directory(&there) => Err(Unusual),
            Some(_) => {
                self.exchange(from.as_fd(), target, mode, done)?;
                Ok(Made::Complete)
            }
        }
    }

    /// Copies to a file that does not exist, under its own name, which nobody else can take meanwhile.
    fn create(
        self,
        from: OwnedFd,
        target: &CStr,
        mode: Mode,
        done: &mut Done,
    ) -> Result<Made, Unusual> {
        let how = OFlag::O_WRONLY | OFlag::O_CREAT | OFlag::O_EXCL | OFlag::O_CLOEXEC;
        let to = open(target, how, mode)?;
        let mut copy = FileCopy::new(borrowed(&from), borrowed(&to), self.holes, self.sharing);
        if content(&mut copy).is_err() {
            return Ok(Made::Begun(Box::new(Begun {
                source: from,
                target: to,
                copy,
            })));
        }
        done.steps.add(copy.steps());
        let created = fstat(&to)?;
        // Some file systems, such as NFS, tell only now that bytes could not be written.
        if close(to).is_err() {
            if look(target)?.is_some_and(|there| is_same(&there, &created)) {
                unlink(target)?;
            }
            return Err(Unusual);
        }
        done.size = copy.size();
        Ok(Made::Complete)
    }

    /// Copies to a file without a name, which then takes the target's.
    fn exchange(
        self,
        from: BorrowedFd<'_>,
        target: &CStr,
        mode: Mode,
        done: &mut Done,
    ) -> Result<(), Unusual> {
        let (directory, name) = directory_and_name(target)?;
        let how = OFlag::O_PATH | OFlag::O_DIRECTORY | OFlag::O_CLOEXEC;
        let directory = open(directory.as_c_str(), how, Mode::empty())?;
        let to = nameless_in(directory.as_fd(), mode)?;
        let mut copy = FileCopy::new(from, to.as_fd(), self.holes, self.sharing);
        let copied = content(&mut copy);
        done.steps.add(copy.steps());
        let size = copy.size();
        copied?;
        let temporary = temporary_name()?;
        give_name(&to, directory.as_fd(), &temporary)?;
        close(to)
            .and_then(|()| replace(directory.as_fd(), &temporary, &name))
            .inspect_err(|_| {
                _ = unlinkat(&directory, temporary.as_c_str(), UnlinkatFlags::NoRemoveDir);
            })?;
        done.size = size;
        Ok(())
    }
}

/// The descriptor, for a copy that goes with it wherever it goes.
fn borrowed(fd: &OwnedFd) -> BorrowedFd<'static> {
    // SAFETY: the copy is dropped, or handed over with its files, before the descriptor is closed.
    unsafe { BorrowedFd::borrow_raw(fd.as_raw_fd()) }
}

fn content(copy: &mut FileCopy<'_>) -> Result<(), Unusual> {
    let begun = Instant::now();
    for turn in [FileCopy::share, FileCopy::advance] {
        while !turn(copy)? {
            if begun.elapsed() > LONGEST {
                return Err(Unusual);
            }
        }
    }
    Ok(())
}

/// What has a name, which is not followed if it is a link; `None` if nothing has it.
fn look(name: &CStr) -> nix::Result<Option<FileStat>> {
    match fstatat(AT_FDCWD, name, AtFlags::AT_SYMLINK_NOFOLLOW) {
        Ok(stat) => Ok(Some(stat)),
        Err(Errno::ENOENT) => Ok(None),
        Err(errno) => Err(errno),
    }
}

fn directory_and_name(path: &CStr) -> Result<(CString, CString), Unusual> {
    let path = path.to_bytes();
    let slash = path.iter().rposition(|byte| *byte == b'/').ok_or(Unusual)?;
    let part = |bytes: &[u8]| CString::new(bytes).map_err(|_| Unusual);
    Ok((part(&path[..slash.max(1)])?, part(&path[slash + 1..])?))
}

/// Creates a file without a name (`O_TMPFILE`, see `open(2)`). The kernel gives it the permissions of any new file.
fn nameless_in(directory: BorrowedFd<'_>, mode: Mode) -> Result<OwnedFd, Unusual> {
    if !is_cheaply_nameless(directory) || !is_umask_kept() || keeps_all_names(directory) {
        return Err(Unusual);
    }
    let how = OFlag::O_WRONLY | OFlag::O_TMPFILE | OFlag::O_CLOEXEC;
    Ok(openat(directory, c".", how, mode)?)
}

/// Whether the kernel takes the umask from a file without a name: on file systems without access lists it does since 6.0
/// (`vfs_tmpfile` in its `fs/namei.c`).
fn is_umask_kept() -> bool {
    static IS_KEPT: OnceLock<bool> = OnceLock::new();
    *IS_KEPT.get_or_init(|| {
        let release = uname().ok();
        let release = release.as_ref().and_then(|name| name.release().to_str());
        let major = release.and_then(|release| release.split('.').next()?.parse::<u32>().ok());
        major.is_some_and(|major| major >= 6)
    })
}

/// A name that cannot be guessed.
fn temporary_name() -> Result<CString, Unusual> {
    let mut random = [0_u8; 8];
    // SAFETY: the kernel writes at most `len` bytes to the array. It is called by its number: glibc has it since 2.25.
    let answer =
        unsafe { libc::syscall(libc::SYS_getrandom, random.as_mut_ptr(), random.len(), 0) };
    if Errno::result(answer) != Ok(8) {
        return Err(Unusual);
    }
    let random = u64::from_ne_bytes(random);
    CString::new(format!(".sluice-{random:x}.tmp")).map_err(|_| Unusual)
}

/// Gives a file without a name one in a directory (`linkat(2)`).
fn give_name(file: &OwnedFd, directory: BorrowedFd<'_>, name: &CStr) -> nix::Result<()> {
    // `/proc/self` has the descriptors of the process's first thread, whose table may be another.
    let number = file.as_raw_fd();
    let file = CString::new(format!("/proc/thread-self/fd/{number}")).map_err(|_| Errno::EINVAL)?;
    linkat(
        AT_FDCWD,
        file.as_c_str(),
        directory,
        name,
        AtFlags::AT_SYMLINK_FOLLOW,
    )
}
