//! Promises of a copy that is made by one call, on every file system there is to write on.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

use nix::errno::Errno;
use sluice::{AtOnce, Done, Holes, Made, Sharing, replace};
use std::ffi::CString;
use std::fs::{self, File};
use std::os::fd::AsFd;
use std::os::unix::ffi::OsStrExt;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use tempfile::TempDir;

/// ext4 or an overlay, and tmpfs.
const FOLDERS: [&str; 2] = [env!("CARGO_TARGET_TMPDIR"), "/dev/shm"];

const REPLACING: AtOnce = AtOnce {
    follows_links: true,
    replaces: true,
    holes: Holes::Keep,
    sharing: Sharing::Auto,
    leaves_cold: false,
};

const CREATING: AtOnce = AtOnce {
    replaces: false,
    ..REPLACING
};

fn name(path: &Path) -> CString {
    CString::new(path.as_os_str().as_bytes()).unwrap()
}

fn copy(how: AtOnce, source: &Path, target: &Path) -> Made {
    how.copy(&name(source), &name(target), &mut Done::default())
}

fn must_copy(how: AtOnce, source: &Path, target: &Path) {
    let made = copy(how, source, target);
    assert!(matches!(made, Made::Complete), "{made:?}");
}

/// A folder with a file `source` of some bytes.
fn folder(within: &str) -> TempDir {
    let folder = tempfile::tempdir_in(within).unwrap();
    fs::write(folder.path().join("source"), content(7)).unwrap();
    folder
}

fn content(seed: u8) -> Vec<u8> {
    (seed..251).cycle().take(70_001).collect()
}

fn names_in(folder: &Path) -> Vec<String> {
    let entries = fs::read_dir(folder).unwrap();
    let mut names: Vec<String> = entries
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

/// Whether copies onto a file are made at once here: kernels before 6.0 and some file systems make no file without a name
/// that can be trusted with the umask.
fn is_replaced_here(folder: &Path) -> bool {
    let probe = folder.join("probe");
    fs::write(&probe, "").unwrap();
    let copied = copy(REPLACING, &folder.join("source"), &probe);
    fs::remove_file(&probe).unwrap();
    let is_made = matches!(copied, Made::Complete);
    if !is_made {
        eprintln!("skipped: no files without a name in {}", folder.display());
    }
    is_made
}

#[test]
fn a_new_file_has_the_bytes_and_the_permissions() {
    for within in FOLDERS {
        let folder = folder(within);
        let (source, target) = (folder.path().join("source"), folder.path().join("target"));
        for how in [CREATING, REPLACING] {
            set_mode(&source, 0o640);
            must_copy(how, &source, &target);
            assert_eq!(fs::read(&target).unwrap(), content(7));
            assert_eq!(fs::metadata(&target).unwrap().mode() & 0o7777, 0o640);
            assert_eq!(names_in(folder.path()), ["source", "target"]);
            fs::remove_file(&target).unwrap();
        }
    }
}

#[test]
fn a_file_that_is_replaced_is_another_file_and_its_other_names_stay() {
    for within in FOLDERS {
        let folder = folder(within);
        let path = |name| folder.path().join(name);
        if !is_replaced_here(folder.path()) {
            continue;
        }
        fs::write(path("target"), "former").unwrap();
        fs::hard_link(path("target"), path("other")).unwrap();
        set_mode(&path("source"), 0o604);
        must_copy(REPLACING, &path("source"), &path("target"));
        assert_eq!(fs::read(path("target")).unwrap(), content(7));
        assert_eq!(fs::read(path("other")).unwrap(), b"former");
        let mode = fs::metadata(path("target")).unwrap().mode();
        assert_eq!(mode & 0o7777, 0o604);
        assert_eq!(names_in(folder.path()), ["other", "source", "target"]);
        // A link is replaced, not what it leads to.
        symlink(path("other"), path("link")).unwrap();
        must_copy(REPLACING, &path("source"), &path("link"));
        assert_eq!(fs::read(path("link")).unwrap(), content(7));
        assert_eq!(fs::read(path("other")).unwrap(), b"former");
    }
}

#[test]
fn what_was_done_is_told() {
    for within in FOLDERS {
        let folder = folder(within);
        let (source, target) = (folder.path().join("source"), folder.path().join("target"));
        let size = content(7).len() as u64;
        for how in [CREATING, REPLACING] {
            let mut done = Done::default();
            let made = how.copy(&name(&source), &name(&target), &mut done);
            if matches!(made, Made::Nothing) {
                assert_eq!(done.size, 0);
                continue;
            }
            assert_eq!(done.size, size);
            let bytes: u64 = done.steps.by_mechanism.iter().map(|step| step.bytes).sum();
            assert_eq!(bytes, size, "{done:?}");
            assert!(done.steps.calls() > 0);
        }
    }
}

#[test]
fn a_file_is_not_copied_onto_itself() {
    for within in FOLDERS {
        let folder = folder(within);
        let (source, other) = (folder.path().join("source"), folder.path().join("other"));
        fs::hard_link(&source, &other).unwrap();
        let before = fs::metadata(&source).unwrap();
        must_copy(REPLACING, &source, &other);
        let after = fs::metadata(&other).unwrap();
        assert_eq!((after.ino(), after.nlink()), (before.ino(), 2));
        assert_eq!(fs::read(&other).unwrap(), content(7));
    }
}

#[test]
fn what_is_unusual_leaves_everything_as_it_was() {
    for within in FOLDERS {
        let folder = folder(within);
        let path = |name| folder.path().join(name);
        fs::create_dir(path("directory")).unwrap();
        fs::write(path("former"), "former").unwrap();
        fs::write(path("setuid"), "x").unwrap();
        fs::write(path("empty"), "").unwrap();
        set_mode(&path("setuid"), 0o4755);
        symlink("source", path("link")).unwrap();
        nix::unistd::mkfifo(&path("fifo"), nix::sys::stat::Mode::S_IRWXU).unwrap();
        let names = names_in(folder.path());
        let not_following = AtOnce {
            follows_links: false,
            ..CREATING
        };
        for (how, source, target) in [
            (REPLACING, "missing", "new"),
            (REPLACING, "directory", "new"),
            (REPLACING, "fifo", "new"),
            (REPLACING, "setuid", "new"),
            (REPLACING, "empty", "new"),
            (REPLACING, "source", "directory"),
            (REPLACING, "source", "missing/new"),
            (CREATING, "source", "former"),
            (not_following, "link", "new"),
        ] {
            let copied = copy(how, &path(source), &path(target));
            assert!(matches!(copied, Made::Nothing), "{source} to {target}");
        }
        assert_eq!(names_in(folder.path()), names);
        assert_eq!(fs::read(path("former")).unwrap(), b"former");
    }
}

#[test]
fn a_reader_sees_the_former_file_or_the_copy_and_nothing_else() {
    for within in FOLDERS {
        let folder = folder(within);
        let path = |name| folder.path().join(name);
        if !is_replaced_here(folder.path()) {
            continue;
        }
        fs::write(path("second"), content(9)).unwrap();
        fs::write(path("target"), content(9)).unwrap();
        let ended = AtomicBool::new(false);
        thread::scope(|scope| {
            scope.spawn(|| {
                while !ended.load(Ordering::Relaxed) {
                    let seen = fs::read(path("target")).unwrap();
                    assert!(seen == content(7) || seen == content(9), "{}", seen.len());
                }
            });
            for _ in 0..200 {
                must_copy(REPLACING, &path("source"), &path("target"));
                must_copy(REPLACING, &path("second"), &path("target"));
            }
            ended.store(true, Ordering::Relaxed);
        });
    }
}

#[test]
fn a_name_is_taken_from_a_file_or_from_nobody_but_not_from_a_directory() {
    for within in FOLDERS {
        let folder = folder(within);
        let path = |name| folder.path().join(name);
        let directory = File::open(folder.path()).unwrap();
        let take = |from: &str, to: &str| {
            let (from, to) = (CString::new(from).unwrap(), CString::new(to).unwrap());
            replace(directory.as_fd(), &from, &to)
        };
        take("source", "new").unwrap();
        assert_eq!(names_in(folder.path()), ["new"]);
        fs::write(path("former"), "former").unwrap();
        take("new", "former").unwrap();
        assert_eq!(names_in(folder.path()), ["former"]);
        assert_eq!(fs::read(path("former")).unwrap(), content(7));
        fs::create_dir(path("directory")).unwrap();
        assert_eq!(take("former", "directory"), Err(Errno::EISDIR));
        assert!(path("directory").is_dir());
        assert_eq!(fs::read(path("former")).unwrap(), content(7));
        assert_eq!(take("missing", "former"), Err(Errno::ENOENT));
    }
}

#[test]
fn a_copy_that_fails_in_the_middle_is_handed_over_with_its_files() {
    let folder = folder(FOLDERS[0]);
    let (source, target) = (folder.path().join("source"), folder.path().join("target"));
    fs::write(&source, vec![7; 1 << 20]).unwrap();
    // A child, since the limit is the process's: no file beyond 64 KiB.
    let program = std::env::current_exe().unwrap();
    let status = std::process::Command::new("sh")
        .args(["-c", "trap '' XFSZ; ulimit -f 128; exec \"$@\"", "sh"])
        .arg(program)
        .args(["--exact", "--ignored", "the_child_of_the_copy_that_fails"])
        .env("SLUICE_SOURCE", &source)
        .env("SLUICE_TARGET", &target)
        .status()
        .unwrap();
    if status.code() == Some(126) {
        eprintln!("skipped: an emulated program is started by none of its own kind");
        return;
    }
    assert!(status.success());
}

#[test]
#[ignore = "for the test above"]
fn the_child_of_the_copy_that_fails() {
    let path = |name| std::path::PathBuf::from(std::env::var_os(name).unwrap());
    let (source, target) = (path("SLUICE_SOURCE"), path("SLUICE_TARGET"));
    let Made::Begun(mut begun) = copy(CREATING, &source, &target) else {
        panic!("it was not begun, or was completed");
    };
    let there = fs::metadata(&target).unwrap();
    let handed_over = nix::sys::stat::fstat(&begun.target).unwrap();
    assert_eq!(handed_over.st_ino, there.ino());
    assert_eq!(begun.copy.advance().unwrap_err().errno, Errno::EFBIG);
}
