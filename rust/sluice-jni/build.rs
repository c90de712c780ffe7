//! Compiles `c/abi.c`: what the Rust side takes for granted about the C side, checked by the C compiler.

fn main() {
    println!("cargo::rerun-if-changed=c/abi.c");
    cc::Build::new()
        .file("c/abi.c")
        .std("c11")
        .warnings_into_errors(true)
        .compile("sluice_abi");
}
