//! What differs from processor to processor, as Java has to know it. Java asks the library, which was built for the
//! processor that runs it; the property `os.arch` may have been set to anything.

use jni::sys::jint;

/// Whether no store becomes visible before an earlier store, and no load before an earlier load: as on x86-64.
const KEEPS_ORDER: bool = cfg!(target_arch = "x86_64");

/// All of it, by the names that Java has for it.
pub(crate) const ALL: &[(&str, jint)] = &[
    // Another bit on aarch64 than on x86-64.
    ("O_DIRECT", libc::O_DIRECT),
    ("KEEPS_ORDER", KEEPS_ORDER as jint),
];
