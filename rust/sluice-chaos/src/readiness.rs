//! What the kernel has told the current thread of a descriptor since the thread last used it: that it is ready
//! (`poll(2)`), or that bytes are there (`MSG_PEEK`, `tee(2)`). A program may rely on that, so that it is not
//! contradicted.

use std::cell::Cell;
use std::ffi::c_int;

/// How many descriptors are remembered: more than a transfer has.
const MOST: usize = 4;

const NONE: c_int = -1;

thread_local! {
    static READY: [Cell<c_int>; MOST] = const { [const { Cell::new(NONE) }; MOST] };
}

/// Notes that the kernel has told a descriptor to be ready, or to hold bytes.
pub fn note_ready(fd: c_int) {
    READY.with(|ready| {
        let free = |place: &&Cell<c_int>| [NONE, fd].contains(&place.get());
        if let Some(place) = ready.iter().find(free).or(ready.first()) {
            place.set(fd);
        }
    });
}

/// Notes that the thread has used a descriptor.
pub fn note_used(fd: c_int) {
    READY.with(|ready| {
        ready
            .iter()
            .filter(|place| place.get() == fd)
            .for_each(|place| place.set(NONE));
    });
}

/// Whether the kernel has told so of a descriptor.
pub fn was_told(fd: c_int) -> bool {
    READY.with(|ready| ready.iter().any(|place| place.get() == fd))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_until_the_descriptor_is_used() {
        assert!(!was_told(7));
        note_ready(7);
        note_ready(8);
        assert!(was_told(7) && was_told(8));
        note_used(7);
        assert!(!was_told(7) && was_told(8));
    }
}
