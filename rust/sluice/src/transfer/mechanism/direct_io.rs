//! `O_DIRECT`: aligned buffers go between a file and its device past the page cache, which is left to others.
//!
//! One file is read or written so: a source, or, where only the target's offset is given, the target. The other side stays
//! as it is. A descriptor that was opened without the flag is opened again through procfs, which leaves the caller's own
//! alone; to close that must release no lock of the process, so that it is a [`SecondDescriptor`]. Where the range does not begin or end at a block, that head or tail goes through the page cache.
//!
//! # Errors
//! `EINVAL`: the file system has no direct I/O (procfs), the target is open with `O_APPEND`, or no side is a file;
//! `EACCES`, `EPERM`, `ENOENT`: the file's link in procfs may not be opened or is not there; those of `unshare(2)`, where there
//! can be no second descriptor table; those of `read(2)` and `write(2)`.
//! Source: `open(2)`, `O_DIRECT`; `statx(2)`, `STATX_DIOALIGN`.

use crate::endpoint::{Kind, Offset};
use crate::error::{Error, Naming};
use crate::mechanism::Mechanism;
use crate::pooled::buffer::{Buffer, WHOLE as SIZE};
use crate::second_descriptor::SecondDescriptor;
use crate::system_call::SystemCall;
use crate::transfer::direct_file::alignment;
use crate::transfer::file_position::{move_on, place};
use crate::transfer::progress::{Ending, Progress};
use crate::transfer::request::Request;
use crate::transfer::steps::Steps;
use crate::transfer::whole_blocks::Reader;
use nix::errno::Errno;
use nix::fcntl::{FcntlArg, OFlag, fcntl};
use nix::sys::uio::{pread, pwrite};
use std::os::fd::BorrowedFd;

const SELF: Mechanism = Mechanism::DirectIo;

/// What a descriptor promises of each write or read, and the second one must promise too.
const KEPT: OFlag = OFlag::O_SYNC.union(OFlag::O_DSYNC).union(OFlag::O_NOATIME);

pub(in crate::transfer) fn run(
    request: &Request<'_>,
    has_moved: bool,
    steps: &mut Steps,
) -> Progress {
    let (source, target) = (&request.source, &request.target);
    let serves_target =
        target.kind == Kind::File && (source.kind != Kind::File || source.offset == Offset::Own);
    if serves_target {
        return into_file(request, has_moved, steps);
    }
    if source.kind == Kind::File {
        return request.positioned(SELF, steps, from_file);
    }
    Progress::refused(SystemCall::Open, Errno::EINVAL)
}

/// A file twice: past the page cache, and through it.
struct Doors<'fd> {
    again: Again<'fd>,
    opened: SecondDescriptor,
}

/// The one or the other descriptor.
#[derive(Clone, Copy)]
enum Door {
    Lent,
    Opened,
}

/// How a file is to be opened again.
struct Again<'fd> {
    lent: BorrowedFd<'fd>,
    how: OFlag,
    lent_is_direct: bool,
    alignment: u64,
}

impl<'fd> Again<'fd> {
    fn of(file: BorrowedFd<'fd>, access: OFlag, steps: &mut Steps) -> Result<Self, Error> {
        let alignment = alignment(file, SELF, steps)?;
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
        Ok(Again {
            lent: file,
            how,
            lent_is_direct,
            alignment,
        })
    }

    fn open(self) -> Result<Doors<'fd>, Error> {
        Ok(Doors {
            opened: SecondDescriptor::reopened(self.lent, self.how)?,
            again: self,
        })
    }

    /// Reads what one call takes past the page cache, by a descriptor that is there for that alone.
    fn read_once(&self, chunk: &mut [u8], at: u64) -> Result<usize, Error> {
        let at = offset(at)?;
        SecondDescriptor::briefly(self.lent, self.how, |fd| pread(fd, chunk, at))?
            .naming(SystemCall::Read)
    }

    /// Which way the next bytes go, of at most `left` from byte `at` on, and how many.
    fn next(&self, at: u64, left: u64) -> (Door, usize) {
        let past = at % self.alignment;
        let is_direct = past == 0 && left >= self.alignment;
        let len = if is_direct {
            left.min(SIZE as u64) / self.alignment * self.alignment
        } else {
            left.min(self.alignment - past)
        };
        let door = if is_direct == self.lent_is_direct {
            Door::Lent
        } else {
            Door::Opened
        };
        (door, usize::try_from(len).unwrap_or(SIZE).min(SIZE))
    }
}

impl Doors<'_> {
    fn read(&self, door: Door, chunk: &mut [u8], at: u64) -> Result<usize, Error> {
        let at = offset(at)?;
        match door {
            Door::Lent => pread(self.again.lent, chunk, at),
            Door::Opened => self.opened.with(|fd| pread(fd, chunk, at))?,
        }
        .naming(SystemCall::Read)
    }

    fn write(&self, door: Door, data: &[u8], at: u64) -> Result<usize, Error> {
        let at = offset(at)?;
        match door {
            Door::Lent => pwrite(self.again.lent, data, at),
            Door::Opened => self.opened.with(|fd| pwrite(fd, data, at))?,
        }
        .naming(SystemCall::Write)
    }
}

fn from_file(request: &Request<'_>, steps: &mut Steps) -> Progress {
    let again = Again::of(request.source.fd, OFlag::O_RDONLY, steps);
    let (again, mut buffer) = match again.and_then(|again| Ok((again, Buffer::take()?))) {
        Ok(opened) => opened,
        Err(error) => return Progress::failed(0, error),
    };
    let start = match request.source.offset {
        Offset::At(at) => at,
        Offset::Own => 0,
    };
    let count = match request.clipped_to_source() {
        Ok(count) => count,
        Err(error) => return Progress::failed(0, error),
    };
    let (first, len) = again.next(start, count);
    if matches!(first, Door::Opened) && len as u64 == count {
        return request.by_pieces(count, buffer.whole(), SELF, steps, |bytes, chunk, _| {
            let asked = chunk.len();
            Ok((asked, again.read_once(chunk, start.saturating_add(bytes))?))
        });
    }
    let doors = match again.open() {
        Ok(doors) => doors,
        Err(error) => return Progress::failed(0, error),
    };
    request.by_pieces(count, buffer.whole(), SELF, steps, |bytes, chunk, _| {
        let at = start.saturating_add(bytes);
        let (door, asked) = doors.again.next(at, chunk.len() as u64);
        let filled = doors.read(door, &mut chunk[..asked], at)?;
        Ok((asked, filled))
    })
}

fn into_file(request: &Request<'_>, has_moved: bool, steps: &mut Steps) -> Progress {
    let target = &request.target;
    let opened = Again::of(target.fd, OFlag::O_WRONLY, steps)
        .and_then(Again::open)
        .and_then(|doors| Ok((place(target, SELF, steps)?, doors, Buffer::take()?)));
    let (start, doors, mut buffer) = match opened {
        Ok(opened) => opened,
        Err(error) => return Progress::failed(0, error),
    };
    let mut store = |request: &Request<'_>, steps: &mut Steps| {
        let mut store = Store {
            doors: &doors,
            start,
            bytes: 0,
            held: 0,
        };
        let ending = store.fill_and_write(request, has_moved, buffer.whole(), steps);
        if store.held > 0 && request.source.kind != Kind::File {
            steps.stranded += store.held as u64;
        }
        Progress {
            bytes: store.bytes,
            ending,
        }
    };
    let progress = if request.source.kind == Kind::File {
        request.positioned(SELF, steps, store)
    } else {
        store(request, steps)
    };
    match move_on(target, start, progress.bytes, SELF, steps) {
        Ok(()) => progress,
        Err(error) => Progress::failed(progress.bytes, error),
    }
}

/// What has been written, and what the buffer holds beyond it.
struct Store<'a> {
    doors: &'a Doors<'a>,
    start: u64,
    bytes: u64,
    held: usize,
}

impl Store<'_> {
    fn fill_and_write(
        &mut self,
        request: &Request<'_>,
        has_moved: bool,
        buffer: &mut [u8],
        steps: &mut Steps,
    ) -> Ending {
        let mut budget = request.budget();
        let mut reader = Reader::default();
        loop {
            let left = request.count - self.bytes - self.held as u64;
            let room = buffer.len() - self.held;
            let asked = usize::try_from(left).map_or(room, |left| left.min(room));
            let chunk = &mut buffer[self.held..self.held + asked];
            let ahead = self.bytes + self.held as u64;
            if let Some(ending) = request.before_taking(has_moved || ahead > 0) {
                return match self.write(buffer, 0, steps) {
                    Ok(()) => ending,
                    Err(error) => Ending::Failed(error),
                };
            }
            steps.called(SELF);
            let ended = match reader.read(&request.source.advanced(ahead), chunk, steps) {
                Ok(0) => Some(Ending::EndOfFile),
                Ok(filled) => {
                    self.held += filled;
                    let is_whole = filled as u64 == left;
                    let waits = request.waits_for_source();
                    if is_whole {
                        Some(Ending::Complete)
                    } else if filled < asked && !waits {
                        Some(Ending::Short)
                    } else if budget.is_spent(filled as u64) {
                        Some(Ending::Paused)
                    } else {
                        None
                    }
                }
                Err(error) => Some(Ending::Failed(error)),
            };
            // The last bytes go as they are; before that a block waits until it is whole.
            let keep = if ended.is_some() {
                0
            } else {
                self.doors.again.alignment
            };
            if let Err(error) = self.write(buffer, keep, steps) {
                return Ending::Failed(error);
            }
            if let Some(ending) = ended {
                return ending;
            }
        }
    }

    /// Writes what is held, but for less than `keep` bytes that do not fill a block.
    fn write(&mut self, buffer: &mut [u8], keep: u64, steps: &mut Steps) -> Result<(), Error> {
        let mut done = 0;
        let result = loop {
            let held = self.held as u64;
            let at = self.start.saturating_add(self.bytes);
            if held == 0 || held < keep && at % self.doors.again.alignment == 0 {
                break Ok(());
            }
            let (door, len) = self.doors.again.next(at, held);
            // What lies at an unaligned place of the buffer would be refused; the rest is moved to its front first.
            if done % 4096 != 0 {
                buffer.copy_within(done..done + self.held, 0);
                done = 0;
            }
            steps.called(SELF);
            match self.doors.write(door, &buffer[done..done + len], at) {
                Ok(0) => break Err(Error::stuck(SystemCall::Write)),
                Ok(written) => {
                    done += written;
                    self.bytes += written as u64;
                    self.held -= written;
                }
                Err(Error {
                    errno: Errno::EINTR,
                    ..
                }) => {}
                Err(error) => break Err(error),
            }
        };
        buffer.copy_within(done..done + self.held, 0);
        result
    }
}

fn offset(at: u64) -> Result<i64, Error> {
    i64::try_from(at)
        .map_err(|_| Errno::EOVERFLOW)
        .naming(SystemCall::Lseek)
}
