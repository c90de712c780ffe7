//! Keeps a few things for the next transfer. What a burst of more threads needs on top is given back when it ends.

use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many are kept.
const KEPT: usize = 16;

pub(crate) struct Pool<T>(Mutex<Vec<T>>);

impl<T> Pool<T> {
    pub(crate) const fn new() -> Self {
        Pool(Mutex::new(Vec::new()))
    }

    pub(crate) fn take(&self) -> Option<T> {
        self.lock().pop()
    }

    pub(crate) fn give(&self, thing: T) {
        let mut kept = self.lock();
        if kept.len() < KEPT {
            kept.push(thing);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Vec<T>> {
        // A panic elsewhere cannot leave the Vec half changed.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
