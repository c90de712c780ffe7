//! FUSE servers that answer every errno.

use crate::support::{COUNT, Served, assert_whole_or_told, content, errnos, request, run};
use nix::errno::Errno;
use sluice::{Ending, Endpoint, Mechanism, Request, Steps};
use std::fs::{self, File};
use std::os::fd::AsFd;

#[test]
fn whatever_one_file_is_answered_auto_moves_all_or_tells_it_and_no_other_file_is_slowed() {
    let Some(served) = Served::start() else {
        return;
    };
    let content = content();
    for errno in errnos() {
        // This answer switches the call off for the whole mount: fuse_copy_file_range in the kernel.
        let is_for_all = errno == Errno::ENOSYS as i32;
        for call in ["copy_file_range", "read", "write"] {
            if is_for_all && call == "copy_file_range" {
                continue;
            }
            for mode in ["cached", "direct"] {
                let of = format!("{mode} {call} {errno}");
                let healthy = format!("{of}.{mode}");
                let refusing = format!("{healthy}.{call}={errno}");
                let (from, to) = match call {
                    "read" => (&refusing, &healthy),
                    _ => (&healthy, &refusing),
                };
                let (from, to) = (format!("from.{from}"), format!("to.{to}"));
                let source = served.source(&from, content);
                let (progress, _) = run(&source, &served.target(&to), Mechanism::Auto);
                let arrived = fs::read(served.path(&to)).unwrap_or_default();
                assert_whole_or_told(errno, progress, content, &arrived, &of);
                served.empty(&[from, to]);
            }
        }
        served.assert_not_slowed(&errno.to_string());
    }
    drop(served);
    let Some(served) = Served::start() else {
        return;
    };
    let source = served.source("source", content);
    let name = format!("target.copy_file_range={}", Errno::ENOSYS as i32);
    let (progress, _) = run(&source, &served.target(&name), Mechanism::Auto);
    let arrived = fs::read(served.path(&name)).unwrap();
    assert_eq!(progress.ending, Ending::Complete);
    assert!(arrived == content);
    // After this answer the kernel copies instead of the server.
    served.assert_not_slowed("ENOSYS");
}

#[test]
fn a_refusal_of_the_copy_alone_loses_no_byte() {
    let Some(served) = Served::start() else {
        return;
    };
    let content = content();
    for errno in [
        Errno::EPERM,
        Errno::EACCES,
        Errno::EINVAL,
        Errno::EBADF,
        Errno::EXDEV,
        Errno::EOPNOTSUPP,
        Errno::ETXTBSY,
        Errno::EIO,
        Errno::ENOENT,
        Errno::EAGAIN,
    ] {
        let source = served.source(&format!("source {errno:?}"), content);
        let name = format!("target.copy_file_range={}", errno as i32);
        let (progress, steps) = run(&source, &served.target(&name), Mechanism::Auto);
        assert_eq!(progress.ending, Ending::Complete, "{errno}: {steps:?}");
        assert!(fs::read(served.path(&name)).unwrap() == content, "{errno}");
    }
}

#[test]
fn an_open_that_is_refused_says_why() {
    let Some(served) = Served::start() else {
        return;
    };
    for errno in errnos().filter(|errno| *errno != Errno::ENOSYS as i32) {
        let path = served.path(&format!("open={errno}"));
        let error = File::open(path).unwrap_err();
        assert_eq!(error.raw_os_error(), Some(errno));
    }
}

#[test]
fn eagain_between_two_files_is_a_failure_and_no_end() {
    let Some(served) = Served::start() else {
        return;
    };
    let content = content();
    let eagain = Errno::EAGAIN as i32;
    for mode in ["cached", "direct"] {
        let name = format!("{mode}.write={eagain}.copy_file_range={eagain}");
        let source = served.source("source", content);
        let target = served.target(&name);
        for mechanism in [Mechanism::Auto, Mechanism::ReadWrite] {
            let (progress, _) = run(&source, &target, mechanism);
            let Ending::Failed(error) = progress.ending else {
                panic!("{mode}, {mechanism:?}: {progress:?}");
            };
            assert_eq!(error.errno, Errno::EAGAIN, "{mode}, {mechanism:?}");
        }
    }
}

#[test]
fn a_signal_in_the_middle_of_a_servers_work_loses_no_byte() {
    let Some(served) = Served::start() else {
        return;
    };
    let content = content();
    for call in ["copy_file_range", "read", "write"] {
        let refusal = format!("{call}={}:2", Errno::EINTR as i32);
        let is_read = call == "read";
        let source_name = if is_read { &refusal } else { "source" };
        let target_name = if is_read { "target" } else { &refusal };
        let source = served.source(source_name, content);
        let target = served.target(target_name);
        let mut bytes = 0;
        while bytes < COUNT as u64 {
            let request = Request {
                source: Endpoint::file_at(source.as_fd(), bytes),
                count: COUNT as u64 - bytes,
                ..request(&source, Endpoint::file_at(target.as_fd(), bytes))
            };
            let progress = request.run(Mechanism::Auto, &mut Steps::default());
            bytes += progress.bytes;
            if let Ending::Failed(error) = progress.ending {
                assert_eq!(error.errno, Errno::EINTR, "{call}");
            }
        }
        assert!(fs::read(served.path(target_name)).unwrap() == content);
    }
}
