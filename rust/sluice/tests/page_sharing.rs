//! The trial whether pages are shared answers for other file systems and for TCP what it answers for itself.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

use sluice::{Mechanism, PageSharing};
use std::net::{TcpListener, TcpStream};
use std::os::fd::AsFd;
use std::os::unix::net::UnixStream;

/// ext4 or an overlay, and tmpfs.
const FOLDERS: [&str; 2] = [env!("CARGO_TARGET_TMPDIR"), "/dev/shm"];

fn tcp() -> (TcpStream, TcpStream) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let sender = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
    (sender, listener.accept().unwrap().0)
}

#[test]
fn the_trial_speaks_for_files_on_disks_and_for_tcp() {
    for mechanism in [Mechanism::Sendfile, Mechanism::Splice, Mechanism::ReadWrite] {
        let told = PageSharing::of(mechanism);
        assert_ne!(told, PageSharing::Unknown, "{mechanism:?}");
        for folder in FOLDERS {
            let file = tempfile::tempfile_in(folder).unwrap();
            let (sender, receiver) = tcp();
            // The segments of one write arrive together on the loopback, and a page is less than one segment.
            sender.set_nodelay(true).unwrap();
            let ends = [sender.as_fd(), receiver.as_fd()];
            let by_tcp = PageSharing::between(mechanism, file.as_fd(), ends).unwrap();
            assert_eq!(by_tcp, told, "{mechanism:?} {folder} TCP");
            let file = tempfile::tempfile_in(folder).unwrap();
            let (sender, receiver) = UnixStream::pair().unwrap();
            let ends = [sender.as_fd(), receiver.as_fd()];
            let by_unix = PageSharing::between(mechanism, file.as_fd(), ends).unwrap();
            assert_eq!(by_unix, told, "{mechanism:?} {folder} unix");
        }
    }
}

#[test]
fn what_sends_nothing_to_a_socket_is_unknown() {
    for mechanism in [Mechanism::CopyFileRange, Mechanism::Reflink] {
        assert_eq!(PageSharing::of(mechanism), PageSharing::Unknown);
    }
}
