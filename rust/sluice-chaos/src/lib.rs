//! A library that a test preloads (`LD_PRELOAD`), and that bends the system calls of one object in the process by a seed:
//! lengths become shorter, calls answer `EINTR`, `EAGAIN` or a refusal, start and return late, and their threads get
//! signals that mean nothing.
//!
//! The kernel could have done everything that the library does: a correct program stays correct. `EINTR` and `EAGAIN`
//! come instead of a call, never after bytes have moved. `EAGAIN` comes only for a descriptor that does not block, and
//! that the kernel has not called ready just before. A refusal speaks of a call or of a file, and stays. A write of
//! `PIPE_BUF` bytes or fewer into a pipe, or into a socket that is ready, is not cut short.
//!
//! The variable `SLUICE_CHAOS` holds the settings, see `settings.rs`. Without it the library does nothing. The calls of the
//! JVM, and of every other library, are not touched: only the entries of the one object's global offset table are replaced,
//! see `object.rs`. In a Rust test the object is the program itself, and a thread is bent between `sluice_chaos_arm` and
//! `sluice_chaos_disarm`.

mod bend;
mod calls;
mod chance;
mod descriptor;
mod log;
mod object;
mod readiness;
mod refusals;
mod settings;
mod signals;
mod system_call;

use settings::Settings;
use std::sync::OnceLock;

/// The settings and the log of the process. Empty if nothing is to be bent.
static CHAOS: OnceLock<Chaos> = OnceLock::new();

struct Chaos {
    settings: Settings,
    log: log::Log,
}

impl Chaos {
    fn of(settings: Settings) -> Chaos {
        let log = log::Log::open(settings.log.as_deref());
        Chaos { settings, log }
    }
}

mod start {
    use crate::{CHAOS, Chaos, object, settings, signals};
    use std::ffi::{CStr, c_char, c_int, c_void};

    /// Called by the dynamic linker, after it has bound every object of the process and before `main`.
    #[used]
    #[unsafe(link_section = ".init_array")]
    static START: extern "C" fn() = start;

    extern "C" fn start() {
        let Ok(text) = std::env::var("SLUICE_CHAOS") else {
            return;
        };
        match settings::parse(&text) {
            Ok(settings) => {
                let chaos = CHAOS.get_or_init(|| Chaos::of(settings));
                object::bend(&chaos.settings);
                signals::start(&chaos.settings);
            }
            Err(wrong) => {
                eprintln!("SLUICE_CHAOS: {wrong}");
                std::process::abort();
            }
        }
    }

    /// Loads a library as the system's own `dlopen(3)` does, and bends its calls if it is the one to be bent.
    ///
    /// # Safety
    /// As `dlopen(3)`: `file` is null or a string that ends with 0.
    #[unsafe(no_mangle)]
    pub unsafe extern "C" fn dlopen(file: *const c_char, flags: c_int) -> *mut c_void {
        type Dlopen = unsafe extern "C" fn(*const c_char, c_int) -> *mut c_void;
        // SAFETY: the name ends with 0.
        let next = unsafe { libc::dlsym(libc::RTLD_NEXT, c"dlopen".as_ptr()) };
        // SAFETY: the next definition of `dlopen` is the C library's, which has this type.
        let next = unsafe { std::mem::transmute::<*mut c_void, Option<Dlopen>>(next) };
        let Some(next) = next else {
            return std::ptr::null_mut();
        };
        // SAFETY: as the caller's.
        let handle = unsafe { next(file, flags) };
        if let Some(chaos) = CHAOS.get().filter(|_| !handle.is_null() && !file.is_null()) {
            // SAFETY: the caller's string, which the C library has just read.
            let name = unsafe { CStr::from_ptr(file) };
            if chaos.settings.is_of(&name.to_string_lossy()) {
                object::bend(&chaos.settings);
            }
        }
        handle
    }

    /// Lets the calls of the current thread be bent, where the object is the program itself.
    #[unsafe(no_mangle)]
    pub extern "C" fn sluice_chaos_arm() {
        crate::chance::arm(true);
    }

    /// Undoes `sluice_chaos_arm`.
    #[unsafe(no_mangle)]
    pub extern "C" fn sluice_chaos_disarm() {
        crate::chance::arm(false);
    }
}
