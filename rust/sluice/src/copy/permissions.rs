//! Which permissions a new file would get in a directory.
//!
//! A file that other users must not open while it is written is created for its owner alone, and gets these permissions
//! later. The kernel has two rules (`open(2)`, `acl(5)`): the directory's default access list if there is one, else the
//! umask.

use nix::errno::Errno;
use nix::libc;
use nix::sched::{CloneFlags, unshare};
use nix::sys::stat::{Mode, umask};
use std::ffi::CStr;
use std::fs;
use std::os::fd::{AsRawFd, BorrowedFd};
use std::thread;

/// Owner, group and others.
const PERMISSIONS: u32 = 0o777;

/// The mode that a new file gets in `directory`, whose name is `path`, when it is created with `mode`. The bits above
/// the permissions are those of `mode`.
#[must_use]
pub fn permissions_of_new(directory: BorrowedFd<'_>, path: &CStr, mode: u32) -> u32 {
    let left = match default_list(directory, path).as_deref().and_then(granted) {
        Some(granted) => granted,
        None => PERMISSIONS & !own_umask(),
    };
    mode & (left | !PERMISSIONS)
}

fn default_list(directory: BorrowedFd<'_>, path: &CStr) -> Option<Vec<u8>> {
    const NAME: &CStr = c"system.posix_acl_default";
    /// More than a directory of ext4 has room for.
    const MOST: usize = 1 << 16;
    let mut list = vec![0_u8; 256];
    loop {
        let (value, size) = (list.as_mut_ptr().cast(), list.len());
        // SAFETY: the kernel writes at most `size` bytes to the list; the name ends with a 0.
        let by_descriptor =
            unsafe { libc::fgetxattr(directory.as_raw_fd(), NAME.as_ptr(), value, size) };
        let read = match Errno::result(by_descriptor) {
            // A directory that may not be read is open as a mere path (`O_PATH`).
            Err(Errno::EBADF) => {
                // SAFETY: as above; the path ends with a 0 as well.
                Errno::result(unsafe { libc::getxattr(path.as_ptr(), NAME.as_ptr(), value, size) })
            }
            read => read,
        };
        match read {
            Err(Errno::ERANGE) if size < MOST => list.resize(MOST, 0),
            Err(_) => return None,
            Ok(read) => {
                list.truncate(usize::try_from(read).unwrap_or(0));
                return Some(list);
            }
        }
    }
}

/// The permissions that an access list lets a file have, by its entries for the three classes of a mode
/// (`posix_acl_create_masq` in the kernel's `fs/posix_acl.c`). If the list has a mask, that is the group's entry.
///
/// The list is as in `linux/posix_acl_xattr.h`: a version of 4 bytes, then entries of tag, permissions and ID.
fn granted(list: &[u8]) -> Option<u32> {
    const VERSION: [u8; 4] = 2_u32.to_le_bytes();
    const USER_OBJ: u16 = 0x01;
    const GROUP_OBJ: u16 = 0x04;
    const MASK: u16 = 0x10;
    const OTHER: u16 = 0x20;
    let entries = list.strip_prefix(&VERSION)?.chunks_exact(8);
    let of = |wanted: u16| {
        entries
            .clone()
            .find(|entry| entry[..2] == wanted.to_le_bytes())
            .map(|entry| u32::from(entry[2] & 7))
    };
    let group = of(MASK).or_else(|| of(GROUP_OBJ))?;
    Some((of(USER_OBJ)? << 6) | (group << 3) | of(OTHER)?)
}

/// The umask, which no system call reads without setting it.
fn own_umask() -> u32 {
    /// The umask if it cannot be found out: group and others get nothing.
    const NARROWEST: u32 = 0o077;
    from_proc().or_else(from_a_thread).unwrap_or(NARROWEST)
}

/// From procfs, which has the thread's own umask since Linux 4.7.
fn from_proc() -> Option<u32> {
    let status = fs::read("/proc/thread-self/status").ok()?;
    let lines = status.split(|byte| *byte == b'\n');
    let value = lines
        .into_iter()
        .find_map(|line| line.strip_prefix(b"Umask:"))?;
    let text = std::str::from_utf8(value).ok()?.trim();
    Some(u32::from_str_radix(text, 8).ok()? & PERMISSIONS)
}

/// Sets the umask in a thread that has one of its own, and then ends.
fn from_a_thread() -> Option<u32> {
    let seen = thread::Builder::new().spawn(|| {
        unshare(CloneFlags::CLONE_FS).ok()?;
        Some(umask(Mode::empty()).bits() & PERMISSIONS)
    });
    seen.ok()?.join().ok()?
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::ffi::CString;
    use std::fs::{File, OpenOptions};
    use std::os::fd::AsFd;
    use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};

    /// An access list with a default group of 5 = r-x, and one more user and a mask where wanted.
    fn list(owner: u16, mask: Option<u16>, other: u16) -> Vec<u8> {
        let mut entries = vec![(0x01_u16, owner, u32::MAX)];
        if mask.is_some() {
            entries.push((0x02, 7, 4242));
        }
        entries.push((0x04, 5, u32::MAX));
        entries.extend(mask.map(|mask| (0x10, mask, u32::MAX)));
        entries.push((0x20, other, u32::MAX));
        let mut bytes = 2_u32.to_le_bytes().to_vec();
        for (tag, permissions, id) in entries {
            bytes.extend(tag.to_le_bytes());
            bytes.extend(permissions.to_le_bytes());
            bytes.extend(id.to_le_bytes());
        }
        bytes
    }

    fn set_default(directory: &File, list: &[u8]) -> bool {
        let (value, size) = (list.as_ptr().cast(), list.len());
        let name = c"system.posix_acl_default".as_ptr();
        // SAFETY: the kernel reads `size` bytes of the list; the name ends with a 0.
        unsafe { libc::fsetxattr(directory.as_raw_fd(), name, value, size, 0) == 0 }
    }

    #[test]
    fn they_are_those_that_the_kernel_gives() {
        let lists = [
            None,
            Some(list(7, None, 0)),
            Some(list(6, None, 5)),
            Some(list(7, Some(7), 5)),
            Some(list(7, Some(4), 1)),
            Some(list(5, Some(0), 7)),
        ];
        for folder in [env!("CARGO_MANIFEST_DIR"), "/dev/shm"] {
            let parent = tempfile::tempdir_in(folder).expect("a directory");
            let directory = File::open(&parent).expect("open");
            let path = CString::new(parent.path().to_str().expect("a name")).expect("no 0");
            for (round, list) in lists.iter().enumerate() {
                if list
                    .as_ref()
                    .is_some_and(|list| !set_default(&directory, list))
                {
                    eprintln!("skipped: no access lists in {folder}");
                    break;
                }
                for mode in [0o777, 0o666, 0o640, 0o604, 0o400, 0o070, 0o000, 0o1644] {
                    let name = parent.path().join(format!("{round}-{mode:o}"));
                    let mut how = OpenOptions::new();
                    how.write(true).create_new(true).mode(mode);
                    let created = how.open(name).expect("created").metadata().expect("seen");
                    let expected = created.permissions().mode() & 0o7777;
                    let found = permissions_of_new(directory.as_fd(), &path, mode);
                    assert_eq!(found, expected, "{folder} {list:?} {mode:o}");
                }
            }
        }
    }

    #[test]
    fn a_directory_that_may_not_be_read_is_asked_by_its_name() {
        use nix::fcntl::{OFlag, open};
        let parent = tempfile::tempdir_in("/dev/shm").expect("a directory");
        let path = CString::new(parent.path().to_str().expect("a name")).expect("no 0");
        if !set_default(&File::open(&parent).expect("open"), &list(7, Some(4), 0)) {
            eprintln!("skipped: no access lists in /dev/shm");
            return;
        }
        let directory = open(path.as_c_str(), OFlag::O_PATH, Mode::empty()).expect("open");
        assert_eq!(permissions_of_new(directory.as_fd(), &path, 0o777), 0o740);
    }

    #[test]
    fn both_ways_tell_the_same_umask() {
        let seen = from_a_thread().expect("no seccomp profile");
        assert_eq!(from_proc(), Some(seen));
        assert_eq!(from_a_thread(), Some(seen), "it is left as it was");
    }
}
