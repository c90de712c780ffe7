//! The C baseline (`c/baseline.c`): one native for each of its loops.
//!
//! C makes all calls of a pass over the file, so that the cost of the one JNI crossing is too small to be measured.

use jni::EnvUnowned;
use jni::errors::ThrowRuntimeExAndDefault;
use jni::objects::{JByteBuffer, JClass};
use jni::sys::{jint, jlong};

use crate::error::answer;
use crate::loop_buffer;

/// A pipe: `struct ends` of `c/baseline.c`.
#[repr(C)]
struct Ends {
    reader: i32,
    writer: i32,
}

unsafe extern "C" {
    fn sluice_bench_sendfile(source: i32, target: i32, region: i64, piece: i64) -> i64;
    fn sluice_bench_respond(
        source: i32,
        target: i32,
        region: i64,
        piece: i64,
        heads: *const u8,
        head_bytes: i64,
    ) -> i64;
    fn sluice_bench_copy_file_range(source: i32, target: i32, region: i64, piece: i64) -> i64;
    fn sluice_bench_receive_and_write(
        source: i32,
        target: i32,
        region: i64,
        piece: i64,
        buffer: *mut u8,
    ) -> i64;
    fn sluice_bench_splice_to_file(
        source: i32,
        target: i32,
        region: i64,
        piece: i64,
        pipe: Ends,
    ) -> i64;
    fn sluice_bench_splice_to_stream(
        source: i32,
        target: i32,
        region: i64,
        piece: i64,
        pipe: Ends,
    ) -> i64;
    fn sluice_bench_splice_into_pipe(source: i32, target: i32, region: i64, piece: i64) -> i64;
    fn sluice_bench_splice_out_of_pipe(source: i32, target: i32, region: i64, piece: i64) -> i64;
}

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_c_CLoops_sendfile0(
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
extern "system" fn Java_dev_sluice_bench_c_CLoops_respond0<'local>(
    mut env: EnvUnowned<'local>,
    _class: JClass<'local>,
    source: jint,
    target: jint,
    region: jlong,
    piece: jlong,
    heads: JByteBuffer<'local>,
    head_bytes: jint,
) -> jlong {
    env.with_env(|env| -> jni::errors::Result<jlong> {
        let heads = env.get_direct_buffer_address(&heads)?;
        // SAFETY: Java passes a direct buffer with the heads of all pieces of the region, and keeps it meanwhile.
        Ok(
            unsafe {
                sluice_bench_respond(source, target, region, piece, heads, head_bytes.into())
            },
        )
    })
    .resolve::<ThrowRuntimeExAndDefault>()
}

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_c_CLoops_copyFileRange0(
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
extern "system" fn Java_dev_sluice_bench_c_CLoops_receiveAndWrite0(
    _env: EnvUnowned,
    _class: JClass,
    source: jint,
    target: jint,
    region: jlong,
    piece: jlong,
) -> jlong {
    loop_buffer::with_buffer(|buffer| {
        // SAFETY: beside numbers it takes a buffer that is as long as it expects, outlives the call
        // and belongs to this thread alone.
        unsafe {
            sluice_bench_receive_and_write(source, target, region, piece, buffer.as_mut_ptr())
        }
    })
    .unwrap_or_else(|error| answer(&error))
}

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_c_CLoops_spliceToFile0(
    _env: EnvUnowned,
    _class: JClass,
    source: jint,
    target: jint,
    region: jlong,
    piece: jlong,
    reader: jint,
    writer: jint,
) -> jlong {
    let pipe = Ends { reader, writer };
    // SAFETY: takes numbers only; a bad descriptor is the kernel's EBADF.
    unsafe { sluice_bench_splice_to_file(source, target, region, piece, pipe) }
}

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_c_CLoops_spliceToStream0(
    _env: EnvUnowned,
    _class: JClass,
    source: jint,
    target: jint,
    region: jlong,
    piece: jlong,
    reader: jint,
    writer: jint,
) -> jlong {
    let pipe = Ends { reader, writer };
    // SAFETY: takes numbers only; a bad descriptor is the kernel's EBADF.
    unsafe { sluice_bench_splice_to_stream(source, target, region, piece, pipe) }
}

#[unsafe(no_mangle)]
extern "system" fn Java_dev_sluice_bench_c_CLoops_spliceIntoPipe0(
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
extern "system" fn Java_dev_sluice_bench_c_CLoops_spliceOutOfPipe0(
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
