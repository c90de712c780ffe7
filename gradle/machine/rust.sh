# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154
# Finds a Rust by its version: an old cargo may stand before a new one on the PATH.

# The one place that says which Rust is old enough is Cargo.toml.
read_oldest_rust() {
    while IFS=' ="' read -r key _ value _; do
        [ "$key" != rust-version ] || oldest_rust=$value
    done <"$root/Cargo.toml"
}

# at_least 1.85 1.96.0+dfsg1
at_least() {
    case $2 in [0-9]*.[0-9]*) ;; *) return 1 ;; esac
    minor=${2#*.}
    [ "${2%%.*}" -gt "${1%%.*}" ] || { [ "${2%%.*}" -eq "${1%%.*}" ] && [ "${minor%%[!0-9]*}" -ge "${1#*.}" ]; }
}

is_new_enough() {
    [ -x "$1/cargo" ] && [ -x "$1/rustc" ] || return 1
    version=$(PATH="$1:$PATH" "$1/cargo" --version 2>/dev/null) || return 1
    version=${version#cargo }
    at_least "$oldest_rust" "$version"
}

rust_bin=
has_rust() {
    [ -z "$rust_bin" ] || return 0
    IFS=:
    # shellcheck disable=SC2086
    set -- $PATH "${CARGO_HOME:-$HOME/.cargo}/bin" /usr/local/cargo/bin
    unset IFS
    for folder in "$@" /usr/lib/rust-*/bin; do
        if is_new_enough "$folder"; then
            rust_bin=$folder
            [ "$(command -v cargo)" = "$folder/cargo" ] || PATH=$folder:$PATH
            return
        fi
    done
    return 1
}

# The programs of rustup run those of a toolchain, which may lack a part.
is_rustup() { [ -x "$rust_bin/rustup" ]; }
has_component() {
    if ! is_rustup; then
        has_programs "$rust_bin" "$@"
        return
    fi
    # Where every toolchain has it, rustup need not be asked which one is used.
    for toolchain in "${RUSTUP_HOME:-$HOME/.rustup}"/toolchains/*; do
        if ! has_programs "$toolchain/bin" "$@"; then
            has_programs "$("$rust_bin/rustc" --print sysroot 2>/dev/null)/bin" "$@"
            return
        fi
    done
}
has_programs() {
    bin=$1
    shift
    for program; do
        [ -x "$bin/$program" ] || return 1
    done
}
has_rustfmt() { has_rust && has_component cargo-fmt rustfmt; }
has_clippy() { has_rust && has_component cargo-clippy clippy-driver; }
