//! What the kernel has told the current thread of a descriptor since it last used it: that it is ready (`poll(2)`), or that
//! bytes are there (`MSG_PEEK`, `tee(2)`). Whoever relies on that is right, so it is not contradicted.

use std::cell::Cell;
use std::ffi::c_int;

/// More than a transfer has at once.
const MOST: usize = 4;

const NONE: c_int = -1;

thread_local! {
    static READY: [Cell<c_int>; MOST] = const { [const { Cell::new(NONE) }; MOST] };
}

/// The kernel says that it is ready, or holds bytes.
pub fn is_ready(fd: c_int) {
    READY.with(|ready| {
        let free = |place: &&Cell<c_int>| [NONE, fd].contains(&place.get());
        if let Some(place) = ready.iter().find(free).or(ready.first()) {
            place.set(fd);
        }
    });
}

/// The thread has used it.
pub fn is_used(fd: c_int) {
    READY.with(|ready| {
        ready
            .iter()
            .filter(|place| place.get() == fd)
            .for_each(|place| place.set(NONE));
    });
}

/// Whether the kernel has said so.
pub fn was_ready(fd: c_int) -> bool {
    READY.with(|ready| ready.iter().any(|place| place.get() == fd))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_holds_until_the_descriptor_is_used() {
        assert!(!was_ready(7));
        is_ready(7);
        is_ready(8);
        assert!(was_ready(7) && was_ready(8));
        is_used(7);
        assert!(!was_ready(7) && was_ready(8));
    }
}
