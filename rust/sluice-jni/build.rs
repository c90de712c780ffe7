//! Compiles `c/abi.c`: what the Rust side takes for granted about the C side, checked by the C compiler. And has the linker
//! leave out the symbols, which a start would hash in vain: Cargo does not pass the profile's `strip` on for a package whose
//! `opt-level` the profile names.

fn main() {
    println!("cargo::rerun-if-changed=c/abi.c");
    println!("cargo::rustc-cdylib-link-arg=-Wl,--strip-all");
    cc::Build::new()
        .file("c/abi.c")
        .std("c11")
        .warnings_into_errors(true)
        .compile("sluice_abi");
}
