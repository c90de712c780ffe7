//! A thread that runs work for other threads, which wait for it.
//!
//! It is made by `pthread_create(3)`, not by `std`: starting a thread of `std` registers destructors of thread-local
//! values in the thread that starts it, and those keep a library loaded.

use nix::errno::Errno;
use nix::libc::{self, c_void, pthread_t};
use nix::sched::{CpuSet, sched_getaffinity, sched_setaffinity};
use nix::unistd::{Pid, getpid};
use std::hint::spin_loop;
use std::mem::MaybeUninit;
use std::os::fd::OwnedFd;
use std::ptr::null_mut;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

const STACK: usize = 512 << 10;

/// Values of a word that one thread changes and another waits for. Whoever changes it makes a system call only if the
/// other sleeps.
mod word {
    /// The other has changed it.
    pub(super) const CHANGED: u32 = 0;
    /// The other has not, and is looked at or not waited for.
    pub(super) const AWAITED: u32 = 1;
    /// The other has not, and this thread sleeps.
    pub(super) const SLEEPING: u32 = 2;
}

/// For how long a thread looks before it sleeps: waking a thread costs more than most work here. The next work often
/// follows the last at once, as a close follows a read. An answer is looked for as long as opening a file takes.
const LOOKS_FOR_WORK: Duration = Duration::from_micros(100);
const LOOKS_FOR_ANSWER: Duration = Duration::from_micros(100);

/// Whether the process may use more than one processor, as the first thread of the second table finds it. With one,
/// nothing else could make true what is looked for.
static HAS_OTHERS: OnceLock<bool> = OnceLock::new();

/// Looks whether `is_there` comes true within `time`.
fn comes_soon(time: Duration, is_there: impl Fn() -> bool) -> bool {
    if HAS_OTHERS.get() == Some(&false) {
        return is_there();
    }
    let begun = Instant::now();
    loop {
        for _ in 0..32 {
            if is_there() {
                return true;
            }
            spin_loop();
        }
        if begun.elapsed() > time {
            return false;
        }
    }
}

/// The work. It answers the descriptors that are to be closed once the caller no longer waits: a close may take long.
type Work<'a> = &'a mut (dyn FnMut() -> Vec<OwnedFd> + 'a);

enum Task {
    Run(Work<'static>),
    End,
}

// SAFETY: `Worker::run` makes tasks, of work that may be sent.
unsafe impl Send for Task {}

/// For how many waits for work the thread sleeps at once after one that it looked through in vain. Where it shares a
/// processor with the caller, whoever looks keeps the other from running, and a thread that sleeps is run as soon as it is
/// woken.
const RESTS: u32 = 64;

/// By which one thread tells another that something is there.
struct Signal {
    /// For `futex(2)`.
    word: AtomicU32,
    /// How many further waits do without a look. Only the thread that waits uses it.
    rests: AtomicU32,
    /// How many waits do so after a look in vain.
    rests_in_vain: u32,
}

impl Signal {
    const fn awaited(rests_in_vain: u32) -> Signal {
        Signal {
            word: AtomicU32::new(word::AWAITED),
            rests: AtomicU32::new(0),
            rests_in_vain,
        }
    }

    /// Begins to wait anew. No thread waits yet.
    fn reset(&self) {
        self.word.store(word::AWAITED, Ordering::Relaxed);
    }

    /// Ends the wait of the other thread, and shows it what was written before.
    fn give(&self) {
        if self.word.swap(word::CHANGED, Ordering::AcqRel) == word::SLEEPING {
            wake(&self.word);
        }
    }

    fn is_given(&self) -> bool {
        self.word.load(Ordering::Acquire) == word::CHANGED
    }

    /// Looks for it, unless that was in vain lately.
    fn is_seen(&self, looks: Duration) -> bool {
        let rests = self.rests.load(Ordering::Relaxed);
        if rests > 0 {
            self.rests.store(rests - 1, Ordering::Relaxed);
            return self.is_given();
        }
        let is_seen = comes_soon(looks, || self.is_given());
        if !is_seen {
            self.rests.store(self.rests_in_vain, Ordering::Relaxed);
        }
        is_seen
    }

    /// Waits until the other thread calls [`Signal::give`]. `interrupted` is called for each signal that ends a sleep.
    fn await_it(&self, looks: Duration, interrupted: &dyn Fn()) {
        if self.is_seen(looks) {
            return;
        }
        let (awaited, sleeping) = (word::AWAITED, word::SLEEPING);
        _ = self
            .word
            .compare_exchange(awaited, sleeping, Ordering::Acquire, Ordering::Acquire);
        while !self.is_given() {
            if await_change(&self.word, sleeping) == Err(Errno::EINTR) {
                interrupted();
            }
        }
    }
}

/// What the thread shares with the callers that give it work.
struct Shared {
    task: Mutex<Option<Task>>,
    given: Signal,
    done: Signal,
    starts_in_second: bool,
}

impl Shared {
    fn task(&self) -> MutexGuard<'_, Option<Task>> {
        self.task.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn give(&self, task: Task) {
        *self.task() = Some(task);
        self.given.give();
    }

    fn next(&self) -> Task {
        loop {
            self.given.await_it(LOOKS_FOR_WORK, &|| {});
            self.given.reset();
            if let Some(given) = self.task().take() {
                return given;
            }
        }
    }
}

/// A thread that works for one caller at a time.
pub(super) struct Worker {
    thread: pthread_t,
    shared: Arc<Shared>,
}

// SAFETY: a `pthread_t` may be used by any thread of the process.
unsafe impl Send for Worker {}

impl Worker {
    /// Starts a thread, which shares the descriptor table of the calling thread.
    ///
    /// # Errors
    /// `EAGAIN`: no more threads.
    pub(super) fn start() -> nix::Result<Worker> {
        let shared = Arc::new(Shared {
            task: Mutex::new(None),
            given: Signal::awaited(RESTS),
            done: Signal::awaited(0),
            starts_in_second: super::descriptor_table::is_second(),
        });
        let given = Arc::into_raw(Arc::clone(&shared));
        let thread = start(given.cast_mut().cast()).inspect_err(|_| {
            // SAFETY: no thread has taken it.
            drop(unsafe { Arc::from_raw(given) });
        })?;
        Ok(Worker { thread, shared })
    }

    /// Runs `work` on the thread, and waits until it is done. `interrupted` is called for each signal that ends the
    /// wait.
    pub(super) fn run(
        &self,
        work: &mut (dyn FnMut() -> Vec<OwnedFd> + '_),
        interrupted: &dyn Fn(pthread_t),
    ) {
        // SAFETY: only the lifetime is another one: this returns when the work is done, and the thread forgets it then.
        let work: Work<'static> = unsafe { std::mem::transmute::<Work<'_>, Work<'static>>(work) };
        self.shared.done.reset();
        self.shared.give(Task::Run(work));
        self.shared
            .done
            .await_it(LOOKS_FOR_ANSWER, &|| interrupted(self.thread));
    }

    /// Ends the thread, and waits until it is gone.
    pub(super) fn end(self) {
        self.shared.give(Task::End);
        // SAFETY: the thread is joined once, here.
        unsafe { libc::pthread_join(self.thread, null_mut()) };
    }
}

fn start(shared: *mut c_void) -> nix::Result<pthread_t> {
    let mut attributes = MaybeUninit::<libc::pthread_attr_t>::uninit();
    let mut thread = MaybeUninit::<pthread_t>::uninit();
    // SAFETY: the attributes are made before they are used and destroyed after; `main` takes what `shared` points to.
    let error = unsafe {
        libc::pthread_attr_init(attributes.as_mut_ptr());
        libc::pthread_attr_setstacksize(attributes.as_mut_ptr(), STACK);
        let error = libc::pthread_create(thread.as_mut_ptr(), attributes.as_ptr(), main, shared);
        libc::pthread_attr_destroy(attributes.as_mut_ptr());
        error
    };
    if error != 0 {
        return Err(Errno::from_raw(error));
    }
    // SAFETY: the call succeeded and has filled it.
    Ok(unsafe { thread.assume_init() })
}

/// Lets this thread run where the process's first thread may as well. The thread that started it may be bound to a
/// processor, and the two would then wait for each other there.
fn unbind() {
    let me = Pid::from_raw(0);
    if let (Ok(mut mine), Ok(first)) = (sched_getaffinity(me), sched_getaffinity(getpid())) {
        for cpu in (0..CpuSet::count()).filter(|cpu| first.is_set(*cpu) == Ok(true)) {
            _ = mine.set(cpu);
        }
        // What fails here costs time alone.
        _ = sched_setaffinity(me, &mine);
    }
    HAS_OTHERS.get_or_init(|| thread::available_parallelism().is_ok_and(|all| all.get() > 1));
}

extern "C" fn main(shared: *mut c_void) -> *mut c_void {
    // SAFETY: `Worker::start` gave this thread a count of its own.
    let shared = unsafe { Arc::from_raw(shared.cast_const().cast::<Shared>()) };
    // SAFETY: the name is shorter than 16 bytes and ends with a 0.
    unsafe { libc::prctl(libc::PR_SET_NAME, c"sluice-files".as_ptr()) };
    unbind();
    if shared.starts_in_second {
        super::descriptor_table::mark();
    }
    while let Task::Run(work) = shared.next() {
        let left = work();
        shared.done.give();
        drop(left);
    }
    null_mut()
}

/// Waits while `word` is `value`, by `futex(2)`: the waits of `std` hide signals.
fn await_change(word: &AtomicU32, value: u32) -> nix::Result<()> {
    let operation = libc::FUTEX_WAIT | libc::FUTEX_PRIVATE_FLAG;
    let for_ever = std::ptr::null::<libc::timespec>();
    // SAFETY: the word is borrowed, hence there; the kernel only reads it.
    let answer =
        unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, value, for_ever) };
    Errno::result(answer).map(|_| ())
}

fn wake(word: &AtomicU32) {
    let operation = libc::FUTEX_WAKE | libc::FUTEX_PRIVATE_FLAG;
    // SAFETY: the word is borrowed; the kernel takes its address only.
    unsafe { libc::syscall(libc::SYS_futex, word.as_ptr(), operation, 1) };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_thread_that_is_bound_to_a_processor_binds_none_that_it_starts() {
        let all = sched_getaffinity(getpid()).expect("no seccomp profile");
        let first = (0..CpuSet::count()).find(|cpu| all.is_set(*cpu) == Ok(true));
        let mut one = CpuSet::new();
        one.set(first.expect("a processor")).expect("in range");
        let found = thread::spawn(move || {
            sched_setaffinity(Pid::from_raw(0), &one).expect("one of its own");
            let worker = Worker::start().expect("a thread");
            let mut found = CpuSet::new();
            worker.run(
                &mut || {
                    found = sched_getaffinity(Pid::from_raw(0)).expect("as above");
                    Vec::new()
                },
                &|_| {},
            );
            worker.end();
            found
        });
        assert_eq!(found.join().expect("no panic"), all);
    }

    #[test]
    fn every_work_is_done_once_whoever_sleeps_meanwhile() {
        let worker = Worker::start().expect("a thread");
        let mut done = 0;
        for round in 0..300_u64 {
            // Sometimes the thread sleeps when work comes, sometimes the caller when it is done.
            thread::sleep(Duration::from_micros(round % 3 * 70));
            worker.run(
                &mut || {
                    thread::sleep(Duration::from_micros(round % 4 * 60));
                    done += 1;
                    Vec::new()
                },
                &|_| {},
            );
            assert_eq!(done, round + 1);
        }
        worker.end();
    }
}
