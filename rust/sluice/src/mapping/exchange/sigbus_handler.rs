//! The handler of SIGBUS that lets the instructions of an exchange answer "fault".
//!
//! The first exchange sets it, and [`release`] takes it away. If another handler was set over it by then, the library
//! has to stay loaded.

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
use super::instructions::{sluice_exchange_4, sluice_exchange_end, sluice_exchange_fault};
use nix::libc::{self, c_int, c_void, siginfo_t};
use std::mem::MaybeUninit;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicBool, AtomicPtr, Ordering};
use std::sync::{Mutex, PoisonError};

type Context = libc::ucontext_t;

/// The handler that was there before. It is never freed, since a thread may be in our handler at any time.
static PREVIOUS: AtomicPtr<libc::sigaction> = AtomicPtr::new(null_mut());
static SETTING: Mutex<Option<bool>> = Mutex::new(None);

/// Whether the handler is set. [`PREVIOUS`] is stored before that, so that it does not tell.
static IS_SET: AtomicBool = AtomicBool::new(false);

/// Whether the handler is set, so that a fault is answered.
pub(super) fn is_guarded() -> bool {
    IS_SET.load(Ordering::Acquire) || set()
}

fn set() -> bool {
    let mut setting = SETTING.lock().unwrap_or_else(PoisonError::into_inner);
    *setting.get_or_insert_with(|| !is_watched() && set_handler())
}

/// Whether the JVM was told to complain about handlers that are not its own: by `-Xcheck:jni`, without `libjsig`.
fn is_watched() -> bool {
    let told = |text: &[u8]| {
        [b"-Xcheck:jni".as_slice(), b"+CheckJNICalls"]
            .iter()
            .any(|option| text.windows(option.len()).any(|part| part == *option))
    };
    let by_command = std::fs::read("/proc/self/cmdline").is_ok_and(|line| told(&line));
    let by_environment = ["JAVA_TOOL_OPTIONS", "JDK_JAVA_OPTIONS", "_JAVA_OPTIONS"]
        .iter()
        .filter_map(std::env::var_os)
        .any(|value| told(value.as_encoded_bytes()));
    // SAFETY: it looks for a name among the libraries that are loaded.
    let chaining = unsafe { libc::dlsym(libc::RTLD_DEFAULT, c"JVM_get_signal_action".as_ptr()) };
    (by_command || by_environment) && chaining.is_null()
}

fn action() -> Option<libc::sigaction> {
    let mut now = MaybeUninit::<libc::sigaction>::zeroed();
    // SAFETY: nothing is set, and the kernel fills what it is given.
    let answer = unsafe { libc::sigaction(libc::SIGBUS, null_mut(), now.as_mut_ptr()) };
    // SAFETY: it was zeroed, which is a `sigaction`, and then filled.
    (answer == 0).then(|| unsafe { now.assume_init() })
}

fn set_handler() -> bool {
    let Some(previous) = action() else {
        return false;
    };
    let mut own = previous;
    own.sa_sigaction = handler();
    own.sa_flags |= libc::SA_SIGINFO | libc::SA_ONSTACK;
    PREVIOUS.store(Box::into_raw(Box::new(previous)), Ordering::Release);
    // SAFETY: the handler goes on to what was there before for all faults but its own.
    let answer = unsafe { libc::sigaction(libc::SIGBUS, &raw const own, null_mut()) };
    if answer != 0 {
        PREVIOUS.store(null_mut(), Ordering::Release);
    }
    IS_SET.store(answer == 0, Ordering::Release);
    answer == 0
}

fn handler() -> libc::sighandler_t {
    let handler: extern "C" fn(c_int, *mut siginfo_t, *mut c_void) = on_fault;
    handler as libc::sighandler_t
}

/// It does nothing but loads, compares and one store, which a handler may do.
extern "C" fn on_fault(signal: c_int, info: *mut siginfo_t, context: *mut c_void) {
    // SAFETY: the kernel passes the context of the thread that the signal interrupted.
    if unsafe { context.cast::<Context>().as_mut() }.is_some_and(leads_on) {
        return;
    }
    // SAFETY: it is never freed while the handler is set.
    let Some(previous) = (unsafe { PREVIOUS.load(Ordering::Acquire).as_ref() }) else {
        return;
    };
    match previous.sa_sigaction {
        libc::SIG_DFL | libc::SIG_IGN => {
            // The instruction is made again, and ends the process as it would have.
            // SAFETY: it was there before.
            unsafe { libc::sigaction(signal, previous, null_mut()) };
        }
        handler if previous.sa_flags & libc::SA_SIGINFO != 0 => {
            // SAFETY: whoever set it said that it is such a function.
            let handler: extern "C" fn(c_int, *mut siginfo_t, *mut c_void) =
                unsafe { std::mem::transmute(handler) };
            handler(signal, info, context);
        }
        handler => {
            // SAFETY: whoever set it said that it is such a function.
            let handler: extern "C" fn(c_int) = unsafe { std::mem::transmute(handler) };
            handler(signal);
        }
    }
}

/// Lets an exchange that faulted answer "fault": whether the signal was of one.
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn leads_on(context: &mut Context) -> bool {
    let begin = sluice_exchange_4 as *const () as usize;
    let end = (&raw const sluice_exchange_end).addr();
    let fault = (&raw const sluice_exchange_fault).addr();
    let at = instruction(context);
    let is_ours = usize::try_from(*at).is_ok_and(|at| (begin..end).contains(&at));
    if is_ours {
        *at = fault as _;
    }
    is_ours
}

#[cfg(not(any(target_arch = "x86_64", target_arch = "aarch64")))]
fn leads_on(_context: &mut Context) -> bool {
    false
}

#[cfg(target_arch = "x86_64")]
fn instruction(context: &mut Context) -> &mut libc::greg_t {
    &mut context.uc_mcontext.gregs[libc::REG_RIP as usize]
}

#[cfg(target_arch = "aarch64")]
fn instruction(context: &mut Context) -> &mut libc::c_ulonglong {
    &mut context.uc_mcontext.pc
}

/// Takes the handler away. If another handler was set over it, the library is kept loaded for ever instead.
pub(crate) fn release() {
    let mut setting = SETTING.lock().unwrap_or_else(PoisonError::into_inner);
    // SAFETY: it is never freed while the handler is set.
    let Some(previous) = (unsafe { PREVIOUS.load(Ordering::Acquire).as_ref() }) else {
        return;
    };
    if action().is_some_and(|now| now.sa_sigaction == handler()) {
        IS_SET.store(false, Ordering::Release);
        // SAFETY: it was there before.
        unsafe { libc::sigaction(libc::SIGBUS, previous, null_mut()) };
        // A thread may still be in the handler and read the old one, which is therefore not freed.
        PREVIOUS.store(null_mut(), Ordering::Release);
        *setting = None;
    } else {
        stay();
    }
}

fn stay() {
    let mut about = MaybeUninit::<libc::Dl_info>::zeroed();
    // SAFETY: the address is that of a function of this library.
    if unsafe { libc::dladdr(on_fault as *const c_void, about.as_mut_ptr()) } != 0 {
        let how = libc::RTLD_LAZY | libc::RTLD_NOLOAD | libc::RTLD_NODELETE;
        // SAFETY: the call succeeded, so that there is a name; the library is loaded already.
        unsafe { libc::dlopen(about.assume_init().dli_fname, how) };
    }
}
