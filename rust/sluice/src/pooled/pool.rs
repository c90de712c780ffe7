//! Keeps a few things for the next transfer. What a burst of threads takes beyond that is given back at its end.

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) struct Pool<T> {
    things: Mutex<Vec<T>>,
    most: usize,
}

impl<T> Pool<T> {
    /// A pool that keeps at most `most` things.
    pub(crate) const fn new(most: usize) -> Self {
        Pool {
            things: Mutex::new(Vec::new()),
            most,
        }
    }

    pub(crate) fn take(&self) -> Option<T> {
        self.lock().pop()
    }

    pub(crate) fn give(&self, thing: T) {
        let mut kept = self.lock();
        if kept.len() < self.most {
            kept.push(thing);
            return;
        }
        // A drop may close a descriptor: other threads need not wait for that.
        drop(kept);
        drop(thing);
    }

    /// Drops everything that is kept.
    pub(crate) fn drain(&self) {
        let kept = std::mem::take(&mut *self.lock());
        drop(kept);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<T>> {
        // A panic elsewhere cannot leave the Vec half changed.
        self.things.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
