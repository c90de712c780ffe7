//! The JNI edge of Sluice: converts arguments, keeps panics from crossing into the JVM, calls the core.
//!
//! Natives on the hot path take and give primitives only. They answer bytes (0 or more), or `-errno`, or `i64::MIN` when
//! the code below panicked; no exception is thrown from here, Java has one table that turns an errno into an exception.
//! A transfer answers its bytes, its ending and its errno in one number: see [`progress`].

#![allow(
    non_snake_case,
    reason = "JNI derives a native's symbol from its Java name"
)]

#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
mod abi;
mod answer;
mod channel;
mod copy;
mod descriptor;
mod directory;
mod foreign;
mod ledger;
mod lent;
mod machine;
mod mapping;
mod memory;
mod panic;
mod progress;
mod read_ahead;
mod shape;
mod tables;
mod transfer;
mod trusted_lookup;
mod wait;

use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{JavaVM, jint};
use panic::guarded;
use std::ffi::c_void;

/// The number of the boundary's shape. `NativeLoader` compares it with the one that the classes were compiled against;
/// raise both whenever a native's parameters, an answer or the layout of `Steps` changes.
const ABI: jint = 14;

/// The JVM calls this once the class loader of the library's classes has been collected, so that no thread is in a native
/// and none will come: descriptors, memory and threads that are kept for later go back. No mapping is left either, since
/// the cleaners that give addresses back are objects of those classes.
#[unsafe(no_mangle)]
pub extern "system" fn JNI_OnUnload(_vm: *mut JavaVM, _reserved: *mut c_void) {
    // Nobody would be told of a panic.
    let _ = guarded(|| {
        wait::release();
        sluice::release();
        0
    });
}

/// Answers the number of the boundary's shape.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeAbi_abi0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
) -> jint {
    ABI
}
