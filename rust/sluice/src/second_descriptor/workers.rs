//! The threads that share the second table. They are started at need, and a few are kept.

use super::descriptor_socket::DescriptorSocket;
use super::descriptor_table;
use super::worker::Worker;
use crate::error::{Error, Naming};
use crate::system_call::SystemCall;
use nix::errno::Errno;
use std::os::fd::AsFd;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// How many threads are kept for the next call.
const KEPT: usize = 4;

static WORKERS: Mutex<Option<Workers>> = Mutex::new(None);

pub(super) fn workers() -> MutexGuard<'static, Option<Workers>> {
    // A panic elsewhere cannot leave it half changed.
    WORKERS.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The threads that share the second table.
pub(super) struct Workers {
    socket: Arc<DescriptorSocket>,
    /// Starts all others, so that they share its table.
    pub(super) first: Worker,
    idle: Vec<Worker>,
}

impl Workers {
    fn start() -> nix::Result<Workers> {
        let (socket, other_end) = DescriptorSocket::new()?;
        let first = Worker::start()?;
        let mut left = Err(Errno::ECHILD);
        first.run(
            &mut || {
                left = descriptor_table::leave(other_end.as_fd());
                Vec::new()
            },
            &|_| {},
        );
        match left {
            Ok(number) => Ok(Workers {
                socket: Arc::new(socket.with_other_end(number)),
                first,
                idle: Vec::new(),
            }),
            Err(errno) => {
                first.end();
                Err(errno)
            }
        }
    }

    fn take(&mut self) -> nix::Result<Worker> {
        if let Some(worker) = self.idle.pop() {
            return Ok(worker);
        }
        let mut started = Err(Errno::ECHILD);
        self.first.run(
            &mut || {
                started = Worker::start();
                Vec::new()
            },
            &|_| {},
        );
        started
    }
}

/// Starts the first thread and its socket, unless they are there: later there may be no descriptor left for the socket.
///
/// # Errors
/// See `second_descriptor.rs`. The next call tries again.
pub fn prepare() -> Result<(), Error> {
    started(&mut workers()).map(|_| ())
}

fn started(workers: &mut Option<Workers>) -> Result<&mut Workers, Error> {
    match workers {
        Some(workers) => Ok(workers),
        None => Ok(workers.insert(Workers::start().naming(SystemCall::Unshare)?)),
    }
}

pub(super) fn take() -> Result<(Worker, Arc<DescriptorSocket>), Error> {
    let mut workers = workers();
    let workers = started(&mut workers)?;
    let worker = workers.take().naming(SystemCall::Unshare)?;
    Ok((worker, Arc::clone(&workers.socket)))
}

pub(super) fn give_back(worker: Worker) {
    let mut workers = workers();
    match workers.as_mut() {
        Some(workers) if workers.idle.len() < KEPT => workers.idle.push(worker),
        _ => {
            drop(workers);
            worker.end();
        }
    }
}

/// Ends the threads. The table goes with the last of them, and all descriptors in it, of which none may be used any
/// more.
pub(crate) fn release() {
    let workers = workers().take();
    if let Some(workers) = workers {
        workers.idle.into_iter().for_each(Worker::end);
        workers.first.end();
    }
}
