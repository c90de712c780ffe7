//! A block device.

use crate::support::{MIB, content, errno_of, moved, open, request};
use nix::errno::Errno;
use nix::sys::stat::{Mode, SFlag, mknod};
use sluice::{Endpoint, Mechanism, Request, Steps};
use std::fs::{File, OpenOptions};
use std::os::fd::AsFd;
use std::os::unix::fs::{FileExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process::Command;

/// A loop device twice, by two nodes: they share their pages, and `fstat(2)` says 0 of their size.
#[test]
fn a_block_device_by_two_nodes_is_one_file() {
    let directory = tempfile::tempdir().unwrap();
    let before = content(2 * MIB);
    let image = directory.path().join("image");
    std::fs::write(&image, &before).unwrap();
    let Some(device) = LoopDevice::over(&image) else {
        eprintln!("skipped: needs root and a loop device");
        return;
    };
    let Some(node) = device.second_node(directory.path()) else {
        eprintln!("skipped: needs a directory for temporary files that may hold devices");
        return;
    };
    let one = open(&device.0);
    let source = Endpoint::file_at(one.as_fd(), 0);
    let target = Endpoint::file_at(node.as_fd(), 100);
    let request = request(source, target, 2 * MIB);
    let progress = request.run(Mechanism::Auto, &mut Steps::default());
    // The last 100 bytes have no room.
    assert_eq!(errno_of(progress), Some(Errno::ENOSPC));
    let request = Request {
        count: 2 * MIB as u64 - 100,
        ..request
    };
    let progress = request.run(Mechanism::Auto, &mut Steps::default());
    assert_eq!(progress.bytes, 2 * MIB as u64 - 100);
    let mut after = vec![0; 2 * MIB];
    one.read_exact_at(&mut after, 0).unwrap();
    assert!(after == moved(&before, 0, 100, 2 * MIB - 100));
}

struct LoopDevice(PathBuf);

impl LoopDevice {
    fn over(image: &Path) -> Option<LoopDevice> {
        let made = Command::new("losetup")
            .args(["--find", "--show"])
            .arg(image)
            .output();
        let made = made.ok().filter(|made| made.status.success())?;
        let device = String::from_utf8(made.stdout).unwrap();
        Some(LoopDevice(PathBuf::from(device.trim())))
    }

    fn second_node(&self, directory: &Path) -> Option<File> {
        let node = directory.join("node");
        let number = std::fs::metadata(&self.0).unwrap().rdev();
        let mode = Mode::S_IRUSR | Mode::S_IWUSR;
        mknod(&node, SFlag::S_IFBLK, mode, number).ok()?;
        OpenOptions::new().read(true).write(true).open(node).ok()
    }
}

impl Drop for LoopDevice {
    fn drop(&mut self) {
        let detached = Command::new("losetup")
            .arg("--detach")
            .arg(&self.0)
            .status();
        assert!(detached.is_ok_and(|status| status.success()));
    }
}
