//! Compiles the C baseline.

fn main() {
    println!("cargo::rerun-if-changed=c/baseline.c");
    cc::Build::new()
        .file("c/baseline.c")
        .opt_level(2)
        .warnings(true)
        .extra_warnings(true)
        .warnings_into_errors(true)
        .compile("sluice_bench_baseline");
}
