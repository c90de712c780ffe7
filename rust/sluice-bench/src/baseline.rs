//! The C baseline (`c/baseline.c`), one native for each of its loops.
//!
//! All calls of a pass over the file are made in C, so the one JNI crossing costs nothing that could
//! be measured.

use jni::EnvUnowned;
use jni::objects::JClass;
use jni::sys::{jint, jlong};

unsafe extern "C" {
    fn sluice_bench_sendfile(source: i32, target: i32, region: i64, piece: i64) -> i64;
    fn sluice_bench_copy_file_range(source: i32, target: i32, region: i64, piece: i64) -> i64;
    fn sluice_bench_receive_and_write(source: i32, target: i32, region: i64, piece: i64) -> i64;
    fn sluice_bench_splice_to_file(source: i32, target: i32, region: i64, piece: i64) -> i64;
    fn sluice_bench_splice_to_stream(source: i32, target: i32, region: i64, piece: i64) -> i64;
    fn sluice_bench_splice_into_pipe(source: i32, target: i32, region: i64, piece: i64) -> i64;
    fn sluice_bench_splice_out_of_pipe(source: i32, target: i32, region: i64, piece: i64) -> i64;
}

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_sendfile0(
    _env: EnvUnowned,
    _class: JClass,
    source: jint,
    target: jint,
    region: jlong,
    piece: jlong,
) -> jlong {
    // SAFETY: takes numbers only; a bad descriptor is the kernel's EBADF.
    unsafe { sluice_bench_sendfile(source, target, region, piece) }
}

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_copyFileRange0(
    _env: EnvUnowned,
    _class: JClass,
    source: jint,
    target: jint,
    region: jlong,
    piece: jlong,
) -> jlong {
    // SAFETY: takes numbers only; a bad descriptor is the kernel's EBADF.
    unsafe { sluice_bench_copy_file_range(source, target, region, piece) }
}

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_receiveAndWrite0(
    _env: EnvUnowned,
    _class: JClass,
    source: jint,
    target: jint,
    region: jlong,
    piece: jlong,
) -> jlong {
    // SAFETY: takes numbers only; its static buffer is used by one thread, since Java runs one
    // round at a time (`dev.sluice.bench.Native` says so).
    unsafe { sluice_bench_receive_and_write(source, target, region, piece) }
}

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_spliceToFile0(
    _env: EnvUnowned,
    _class: JClass,
    source: jint,
    target: jint,
    region: jlong,
    piece: jlong,
) -> jlong {
    // SAFETY: takes numbers only; its static pipe is used by one thread, since Java runs one
    // round at a time (`dev.sluice.bench.Native` says so).
    unsafe { sluice_bench_splice_to_file(source, target, region, piece) }
}

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_spliceToStream0(
    _env: EnvUnowned,
    _class: JClass,
    source: jint,
    target: jint,
    region: jlong,
    piece: jlong,
) -> jlong {
    // SAFETY: takes numbers only; its static pipe is used by one thread, since Java runs one
    // round at a time (`dev.sluice.bench.Native` says so).
    unsafe { sluice_bench_splice_to_stream(source, target, region, piece) }
}

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_spliceIntoPipe0(
    _env: EnvUnowned,
    _class: JClass,
    source: jint,
    target: jint,
    region: jlong,
    piece: jlong,
) -> jlong {
    // SAFETY: takes numbers only; a bad descriptor is the kernel's EBADF.
    unsafe { sluice_bench_splice_into_pipe(source, target, region, piece) }
}

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_Native_spliceOutOfPipe0(
    _env: EnvUnowned,
    _class: JClass,
    source: jint,
    target: jint,
    region: jlong,
    piece: jlong,
) -> jlong {
    // SAFETY: takes numbers only; a bad descriptor is the kernel's EBADF.
    unsafe { sluice_bench_splice_out_of_pipe(source, target, region, piece) }
}
