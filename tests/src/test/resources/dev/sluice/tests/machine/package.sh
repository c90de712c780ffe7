#!/bin/sh
# Puts onto a machine of a test what a package has: programs that do nothing but tell their version, or what they are given.
set -e
package=$1

program() {
    mkdir -p "$MACHINE/${1%/*}"
    printf '#!/bin/sh\n%s\n' "${2:-:}" >"$MACHINE/$1"
    chmod +x "$MACHINE/$1"
}

# The programs of a Rust: those of rustc-1.85 lie in a folder of their own.
rust_program() {
    case $package in
        rust*-1.* | cargo-1.*) folder=usr/lib/rust-1.$(echo "$package" | sed 's/.*-1\.\([0-9]*\).*/\1/')/bin ;;
        *) folder=usr/bin ;;
    esac
    program "$folder/$1" "echo '$1 $(sed -n "s/^$package //p" "$MACHINE/offers")'"
}

case $package in
    openjdk-*)
        version=${package#openjdk-} && version=${version%%-*}
        home=usr/lib/jvm/java-$version
        program "$home/bin/java"
        case $package in *jdk-headless) program "$home/bin/javac" ;; esac
        echo "JAVA_VERSION=\"$version.0.1\"" >"$MACHINE/$home/release"
        [ -e "$MACHINE/usr/bin/java" ] || ln -s "$MACHINE/$home/bin/java" "$MACHINE/usr/bin/java"
        ;;
    gradle)
        opens='# As Debian has it: --add-opens java.base/java.lang=ALL-UNNAMED'
        # shellcheck disable=SC2016
        program usr/share/gradle/bin/gradle "$opens"'
echo "gradle $* on ${JAVA_HOME##*/} with $(cargo --version 2>/dev/null) in $PWD"'
        mkdir -p "$MACHINE/usr/share/gradle/lib" && : >"$MACHINE/usr/share/gradle/lib/gradle-core-4.4.1.jar"
        ln -s "$MACHINE/usr/share/gradle/bin/gradle" "$MACHINE/usr/bin/gradle"
        ;;
    gcc) program usr/bin/cc 'exit 1' ;;
    libc6-dev) mkdir -p "$MACHINE/usr/include" && : >"$MACHINE/usr/include/stdio.h" ;;
    cargo*) rust_program cargo ;;
    rustc*) rust_program rustc ;;
    rustfmt*) rust_program cargo-fmt && rust_program rustfmt ;;
    rust*-clippy) rust_program cargo-clippy && rust_program clippy-driver ;;
    fontconfig) program usr/bin/fc-list 'echo a font' ;;
    python3) program usr/bin/python3.11 && ln -s python3.11 "$MACHINE/usr/bin/python3" ;;
    python3-venv) mkdir -p "$MACHINE/usr/lib/python3.11/ensurepip" ;;
    *) program "usr/bin/$package" ;;
esac
