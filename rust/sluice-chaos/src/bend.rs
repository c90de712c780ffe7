//! How one call is bent: it gets a delay, a shorter length, or an errno instead of being made.

#![allow(
    clippy::cast_possible_truncation,
    reason = "machine words, which have 64 bits wherever the library runs"
)]

use crate::chance;
use crate::descriptor::{Descriptor, Kind};
use crate::log::Record;
use crate::readiness;
use crate::refusals::refusal;
use crate::signals::Inside;
use crate::system_call::SystemCall;
use crate::{CHAOS, Chaos};
use libc::{size_t, ssize_t};
use std::ffi::c_int;

/// One call that is to be bent.
#[derive(Clone, Copy)]
pub(crate) struct Bend<'a> {
    call: SystemCall,
    fds: &'a [c_int],
    /// The bytes that the call asks for, or 0 if its length is not to be touched.
    asked: usize,
    /// Whether a flag of the call keeps it from waiting.
    at_once: bool,
    /// Whether the call writes to its descriptor.
    writes: bool,
    /// Whether the call looks at the bytes of its first descriptor and leaves them there.
    looks: bool,
}

impl<'a> Bend<'a> {
    /// A call that may start and return late, or be refused, and no more.
    pub(crate) fn late(call: SystemCall, fds: &'a [c_int]) -> Bend<'a> {
        Bend {
            call,
            fds,
            asked: 0,
            at_once: false,
            writes: false,
            looks: false,
        }
    }

    /// A call that moves at most `asked` bytes.
    pub(crate) fn moving(call: SystemCall, fds: &'a [c_int], asked: usize) -> Bend<'a> {
        Bend {
            asked,
            ..Bend::late(call, fds)
        }
    }

    pub(crate) fn at_once(self, at_once: bool) -> Bend<'a> {
        Bend { at_once, ..self }
    }

    pub(crate) fn writing(self) -> Bend<'a> {
        Bend {
            writes: true,
            ..self
        }
    }

    pub(crate) fn looking(self, looks: bool) -> Bend<'a> {
        Bend { looks, ..self }
    }

    pub(crate) fn run(self, real: impl FnOnce(usize) -> ssize_t) -> ssize_t {
        match CHAOS.get() {
            Some(chaos) if !chaos.settings.is_of_the_program() || chance::is_armed() => {
                self.bent(chaos, real)
            }
            _ => real(self.asked),
        }
    }

    fn bent(self, chaos: &Chaos, real: impl FnOnce(usize) -> ssize_t) -> ssize_t {
        let before = errno();
        delay(chaos);
        let (given, answer, errno) = if let Some(errno) = self.instead(chaos) {
            (None, -1, errno)
        } else {
            let given = self.length(chaos);
            set_errno(before);
            let inside = Inside::enter();
            let answer = real(given);
            let errno = errno();
            drop(inside);
            self.learn(given, answer);
            (Some(given), answer, errno)
        };
        delay(chaos);
        chaos.log.write(&Record {
            call: self.call,
            fd: self.fds.first().copied().unwrap_or(-1),
            asked: self.asked,
            given,
            answer,
            errno: if answer == -1 { errno } else { 0 },
        });
        set_errno(errno);
        answer
    }

    /// A call that was cut short has not used all that the kernel called ready.
    fn learn(&self, given: size_t, answer: ssize_t) {
        if self.asked > 0 && given == self.asked {
            self.fds.iter().copied().for_each(readiness::note_used);
        }
        if self.looks && answer > 0 {
            self.fds
                .first()
                .copied()
                .into_iter()
                .for_each(readiness::note_ready);
        }
    }

    /// The errno that the call gets instead of being made.
    fn instead(&self, chaos: &Chaos) -> Option<c_int> {
        let settings = &chaos.settings;
        let mut ends = [Descriptor::of(-1); 2];
        let ends = &mut ends[..self.fds.len()];
        let interrupted = chance::falls(settings.seed, settings.eintr);
        let not_ready = chance::falls(settings.seed, settings.eagain);
        if settings.refuse > 0 || interrupted || not_ready {
            for (end, fd) in ends.iter_mut().zip(self.fds) {
                *end = Descriptor::of(*fd);
            }
        }
        if let Some(errno) = refusal(settings, self.call, ends, || chance::next(settings.seed)) {
            return Some(errno);
        }
        if self.asked > 0 && chance::may_be_put_off() {
            if interrupted && ends.iter().any(|end| self.waits_for(*end)) {
                chance::put_off();
                return Some(libc::EINTR);
            }
            let is_known = self.fds.iter().any(|fd| readiness::was_told(*fd));
            if not_ready && !is_known && ends.iter().any(|end| self.does_not_wait_for(*end)) {
                chance::put_off();
                return Some(libc::EAGAIN);
            }
        }
        chance::made();
        None
    }

    fn waits_for(&self, end: Descriptor) -> bool {
        end.is_stream() && !end.is_non_blocking() && !self.at_once
    }

    /// Of the flags of calls with two descriptors only `SPLICE_F_NONBLOCK` keeps a call from waiting, and it speaks of
    /// pipes alone.
    fn does_not_wait_for(&self, end: Descriptor) -> bool {
        let by_flag = self.at_once && (self.fds.len() == 1 || end.kind == Kind::Pipe);
        end.is_stream() && (end.is_non_blocking() || by_flag)
    }

    /// The length that the kernel is asked for.
    fn length(&self, chaos: &Chaos) -> usize {
        let settings = &chaos.settings;
        if self.asked < 2 || !chance::falls(settings.seed, settings.short) {
            return self.asked;
        }
        let mut block = 1;
        for fd in self.fds {
            let end = Descriptor::of(*fd);
            let is_whole = self.writes
                && self.asked <= libc::PIPE_BUF
                && (end.kind == Kind::Pipe || readiness::was_told(*fd));
            if end.kind == Kind::Other || is_whole {
                return self.asked;
            }
            if end.is_direct() {
                block = 4096;
            }
        }
        let length = chance::length(settings.seed, self.asked);
        length.next_multiple_of(block).min(self.asked)
    }
}

fn delay(chaos: &Chaos) {
    let settings = &chaos.settings;
    if chance::falls(settings.seed, settings.delay) {
        let micros = chance::length(settings.seed, 2000);
        let time = libc::timespec {
            tv_sec: 0,
            tv_nsec: i64::try_from(micros * 1000).unwrap_or(0),
        };
        // SAFETY: the kernel reads a time that lives here. A signal that ends the sleep is nothing.
        unsafe { libc::nanosleep(&raw const time, std::ptr::null_mut()) };
    }
}

fn errno() -> c_int {
    // SAFETY: the place of the thread's errno is always there.
    unsafe { *libc::__errno_location() }
}

pub(crate) fn set_errno(errno: c_int) {
    // SAFETY: as above.
    unsafe { *libc::__errno_location() = errno };
}

/// The errno with which a signal ends a call now, unless what it waits for is `ready`.
pub(crate) fn interrupted(ready: impl FnOnce() -> c_int) -> Option<c_int> {
    let settings = &CHAOS.get()?.settings;
    (chance::falls(settings.seed, settings.eintr) && ready() == 0).then_some(libc::EINTR)
}

#[cfg(test)]
mod tests;
