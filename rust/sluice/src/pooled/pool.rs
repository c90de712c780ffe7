//! Keeps a few things for the next transfer. What a burst of more threads needs on top is given back when it ends.

use std::sync::{Mutex, MutexGuard, PoisonError};

pub(crate) struct Pool<T> {
    things: Mutex<Vec<T>>,
    most: usize,
}

impl<T> Pool<T> {
    /// A pool that keeps at most so many.
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
        // What is closed need not be waited for by others.
        drop(kept);
        drop(thing);
    }

    /// Gives up all that are kept.
    pub(crate) fn drain(&self) {
        let kept = std::mem::take(&mut *self.lock());
        drop(kept);
    }

    fn lock(&self) -> MutexGuard<'_, Vec<T>> {
        // A panic elsewhere cannot leave the Vec half changed.
        self.things.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
