//! The native by which a thread that may wait reads a file ahead for one that should not.

use crate::lent::with_one;
use crate::panic::guarded;
use crate::shape::endpoint;
use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};
use sluice::Kind;

/// Reads the next bytes of a file into the page cache (see [`sluice::read_ahead`]): how many of the `count` that begin `after`
/// bytes behind `position`, or behind the descriptor's own offset where that is -1; or `-errno`.
#[unsafe(no_mangle)]
pub extern "system" fn Java_dev_sluice_internal_boundary_NativeReadAhead_read0(
    _env: EnvUnowned<'_>,
    _class: JClass<'_>,
    fd: jint,
    position: jlong,
    after: jlong,
    count: jlong,
) -> jlong {
    guarded(|| {
        with_one(fd, |fd| {
            let source = endpoint(fd, jint::from(Kind::File.number()), position)?;
            let read = sluice::read_ahead(&source, after.unsigned_abs(), count.unsigned_abs())?;
            Ok(i64::try_from(read).unwrap_or(i64::MAX))
        })
    })
}
