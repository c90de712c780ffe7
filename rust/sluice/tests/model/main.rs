//! Any pair of descriptors, any count, whatever the other ends do: the sum is right. What was taken from the source is what
//! reached the target and what was told to be stranded, byte by byte.
//!
//! Where `sluice-chaos` was built, the same is played once more with that library preloaded, which bends the system calls.

#![allow(
    clippy::unwrap_used,
    reason = "a test that cannot set itself up has failed"
)]

mod play;
mod scenario;

use play::play;
use scenario::scenarios;

use nix::libc;
use proptest::test_runner::{Config, TestRunner};
use std::path::PathBuf;
use std::process::Command;

/// How many scenarios, unless the environment says how many (`PROPTEST_CASES`), as for an emulator.
const CASES: u32 = 256;

fn cases() -> u32 {
    let wanted = std::env::var("PROPTEST_CASES").ok();
    wanted.and_then(|cases| cases.parse().ok()).unwrap_or(CASES)
}

#[test]
fn every_sum_is_right() {
    take_signals();
    let mut runner = TestRunner::new(Config {
        cases: cases(),
        failure_persistence: None,
        max_shrink_time: 20_000,
        ..Config::default()
    });
    let played = runner.run(&scenarios(), |scenario| play(&scenario));
    played.unwrap_or_else(|failure| panic!("{failure}"));
}

/// Without a handler the library sends none of the signals that the JDK sends.
fn take_signals() {
    extern "C" fn nothing(_: libc::c_int) {}
    let mut action = std::mem::MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: all of it may be 0, and the handler does nothing, which may be done anywhere.
    unsafe {
        (*action.as_mut_ptr()).sa_sigaction = nothing as extern "C" fn(libc::c_int) as usize;
        libc::sigaction(libc::SIGRTMAX() - 2, action.as_ptr(), std::ptr::null_mut());
    }
}

/// The library that bends system calls, of whichever build there is.
fn chaos() -> Option<PathBuf> {
    let program = std::env::current_exe().unwrap();
    let beside = program.parent()?;
    let released = program.ancestors().nth(3)?.join("release");
    [beside, &released]
        .map(|directory| directory.join("libsluice_chaos.so"))
        .into_iter()
        .find(|library| library.exists())
}

#[test]
fn every_sum_is_right_where_calls_are_bent() {
    let Some(library) = chaos() else {
        println!("skipped: sluice-chaos was not built");
        return;
    };
    let seed = std::process::id();
    let settings =
        format!("seed={seed},short=250,eintr=60,eagain=60,delay=20,refuse=60,signal=60,in=self");
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", "every_sum_is_right", "--nocapture"])
        .env("LD_PRELOAD", library)
        .env("SLUICE_CHAOS", &settings)
        .output()
        .unwrap();
    let text = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(
        output.status.success(),
        "SLUICE_CHAOS={settings}\n{text}{errors}"
    );
}
