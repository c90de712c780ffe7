//! The gate that every native passes: a panic ends here.
//!
//! Unwinding into the JVM's frames is undefined, so that no native may run outside [`guarded`] (or jni's own `with_env`,
//! which holds the same promise for natives that handle objects).

use std::panic::{UnwindSafe, catch_unwind};

/// What a native answers when the code below it panicked. Java turns it into an `InternalError`.
pub(crate) const PANICKED: i64 = i64::MIN;

/// Runs `native`; a panic in it becomes [`PANICKED`].
pub(crate) fn guarded(native: impl FnOnce() -> i64 + UnwindSafe) -> i64 {
    catch_unwind(native).unwrap_or(PANICKED)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_becomes_an_answer() {
        assert_eq!(guarded(|| panic!("expected by this test")), PANICKED);
        assert_eq!(guarded(|| 42), 42);
    }
}
