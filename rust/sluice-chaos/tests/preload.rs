//! The library in a process that it was preloaded into: this program, which runs itself again.

use std::env;
use std::ffi::CStr;
use std::fs;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::process::Command;

const LIBRARY: &str = "libsluice_chaos.so";

/// Cargo has built it for this test, beside the directory of the test itself.
fn library() -> PathBuf {
    let program = env::current_exe().expect("a program");
    let directories = program.ancestors().skip(1).take(2);
    let found = directories
        .map(|directory| directory.join(LIBRARY))
        .find(|file| file.exists());
    found.expect("cargo builds the library")
}

const ARMED: &str = "SLUICE_CHAOS_TEST_ARMED";

/// Runs a test of this program again, with the library preloaded, and answers what it logged.
fn again(armed: bool, settings: &str) -> String {
    let directory = tempfile::tempdir().expect("a directory");
    let log = directory.path().join("log");
    let mut command = Command::new(env::current_exe().expect("a program"));
    if armed {
        command.env(ARMED, "1");
    }
    let output = command
        .args(["--exact", "a_correct_program_stays_correct"])
        .env("LD_PRELOAD", library())
        .env("SLUICE_CHAOS", format!("{settings},log={}", log.display()))
        .output()
        .expect("it runs");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(output.status.success(), "{text}");
    assert!(text.contains("1 passed"), "{text}");
    fs::read_to_string(&log).unwrap_or_default()
}

fn tell(name: &CStr) {
    // SAFETY: the name ends with 0.
    let found = unsafe { libc::dlsym(libc::RTLD_DEFAULT, name.as_ptr()) };
    // SAFETY: what the library exports by these names takes and answers nothing.
    let function =
        unsafe { std::mem::transmute::<*mut libc::c_void, Option<extern "C" fn()>>(found) };
    function.expect("the library is preloaded")();
}

#[test]
fn calls_of_a_thread_that_asked_for_it_are_bent() {
    let log = again(true, "seed=3,short=1000,in=self");
    let bent = log
        .lines()
        .map(|line| line.split(' ').collect::<Vec<_>>())
        .filter(|words| words[1] == "read" && words[3] != words[4])
        .count();
    assert!(bent > 1, "{log}");
}

#[test]
fn calls_of_other_threads_are_not() {
    assert_eq!(again(false, "seed=3,short=1000,in=self"), "");
}

#[test]
fn calls_of_another_object_are_not() {
    assert_eq!(again(true, "seed=3,short=1000,in=libother.so"), "");
}

#[test]
fn a_correct_program_stays_correct() {
    let is_armed = env::var_os(ARMED).is_some();
    if is_armed {
        tell(c"sluice_chaos_arm");
    }
    let all = through_a_socket();
    if is_armed {
        tell(c"sluice_chaos_disarm");
    }
    assert_eq!(all, [7; 5000]);
}

/// It goes on where a call was cut short.
fn through_a_socket() -> Vec<u8> {
    let (mut reader, mut writer) = UnixStream::pair().expect("a socket");
    writer.write_all(&[7; 5000]).expect("room");
    drop(writer);
    let mut all = Vec::new();
    reader.read_to_end(&mut all).expect("the bytes");
    all
}
