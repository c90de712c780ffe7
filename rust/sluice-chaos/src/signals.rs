//! Sends signals that mean nothing to the threads that are in a bent call. The signal is the one with which the JDK
//! wakes its own threads (`INTERRUPT_SIGNAL` of its `NativeThread.c`), whose handler does nothing. Without a handler
//! none is sent: the default would end the process.

use crate::chance;
use crate::settings::Settings;
use std::ffi::c_int;
use std::mem::MaybeUninit;
use std::sync::atomic::{AtomicI32, AtomicUsize, Ordering};
use std::time::Duration;

const TICK: Duration = Duration::from_millis(1);
const SLOTS: usize = 256;

/// The threads that are in a call, each in the slot of its number. Two threads that share a slot get fewer signals.
static INSIDE: [AtomicI32; SLOTS] = [const { AtomicI32::new(0) }; SLOTS];
static THREADS: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    static SLOT: usize = THREADS.fetch_add(1, Ordering::Relaxed) % SLOTS;
}

/// Lives as long as the current thread is in a call.
pub struct Inside(usize);

impl Inside {
    pub fn enter() -> Inside {
        let slot = SLOT.with(|slot| *slot);
        // SAFETY: takes no memory.
        let thread = unsafe { libc::gettid() };
        INSIDE[slot].store(thread, Ordering::Relaxed);
        Inside(slot)
    }
}

impl Drop for Inside {
    fn drop(&mut self) {
        INSIDE[self.0].store(0, Ordering::Relaxed);
    }
}

/// Starts the thread that sends the signals, if any are to be sent.
pub fn start(settings: &Settings) {
    let (seed, rate) = (settings.seed, settings.signal);
    if rate == 0 {
        return;
    }
    // The new thread inherits the mask, so that other threads handle the signals of the process.
    let mut all = MaybeUninit::<libc::sigset_t>::uninit();
    let mut old = MaybeUninit::<libc::sigset_t>::uninit();
    // SAFETY: the calls fill and read sets that live here.
    unsafe {
        libc::sigfillset(all.as_mut_ptr());
        libc::pthread_sigmask(libc::SIG_SETMASK, all.as_ptr(), old.as_mut_ptr());
    }
    let name = std::thread::Builder::new().name("sluice-chaos".to_owned());
    let started = name.spawn(move || {
        loop {
            std::thread::sleep(TICK);
            send(seed, rate);
        }
    });
    // SAFETY: the set was filled by the call above.
    unsafe { libc::pthread_sigmask(libc::SIG_SETMASK, old.as_ptr(), std::ptr::null_mut()) };
    drop(started);
}

fn send(seed: u64, rate: u32) {
    let signal = libc::SIGRTMAX() - 2;
    if !has_handler(signal) {
        return;
    }
    for slot in &INSIDE {
        let thread = slot.load(Ordering::Relaxed);
        if thread != 0 && chance::falls(seed, rate) {
            // SAFETY: takes no memory. A thread that has gone is refused, one that has left its call handles it anywhere.
            unsafe { libc::syscall(libc::SYS_tgkill, libc::getpid(), thread, signal) };
        }
    }
}

fn has_handler(signal: c_int) -> bool {
    let mut action = MaybeUninit::<libc::sigaction>::uninit();
    // SAFETY: without a new action the call only fills the old one, which is as large as it has to be.
    if unsafe { libc::sigaction(signal, std::ptr::null(), action.as_mut_ptr()) } != 0 {
        return false;
    }
    // SAFETY: the call succeeded and has filled it.
    let handler = unsafe { action.assume_init() }.sa_sigaction;
    handler != libc::SIG_DFL && handler != libc::SIG_IGN
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_a_handler_nothing_is_sent() {
        let _inside = Inside::enter();
        // The signal would end this process.
        send(1, 1000);
        assert!(!has_handler(libc::SIGRTMAX() - 2));
    }
}
