# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154
# What a task of the build needs of the machine: a table of the tasks, and a table of the needs.

# Without a need the task fails, so gradlew ends where it is missing. Without a wish the task goes on: a page has no charts,
# some tests are skipped and say why.
needs_of() {
    case ${1##*:} in
        -*) ;;
        help | tasks | projects | properties | dependencies | clean | javaFormat | javaFormatCheck) ;;
        cargoFmt) needs="$needs rust rustfmt" ;;
        cargoClippy) needs="$needs cc rust clippy" ;;
        compare) needs="$needs cc rust" wishes="$wishes fonts" ;;
        serverLoad) needs="$needs cc rust" wishes="$wishes wrk" ;;
        publishLocal) needs="$needs cc rust venv" ;;
        *Emulated) needs="$needs cc rust venv" ;;
        test17*) needs="$needs cc rust" wishes="$wishes jdk17" ;;
        test21*) needs="$needs cc rust" wishes="$wishes venv" ;;
        test25*) needs="$needs cc rust" wishes="$wishes jdk25" ;;
        check)
            needs="$needs cc rust rustfmt clippy venv"
            wishes="$wishes jdk17 jdk25 fonts strace xfs btrfs e2fs mounts browser curl bwrap qemu wrk"
            ;;
        *) needs="$needs cc rust" ;;
    esac
}

# need | programs that prove it, or a function that does | what it is called | its packages by apt-get, dnf, apk, pacman,
# zypper, brew. `a/b` is the first of both that there is, `@` the suffix of the packages with a Rust that is new enough.
# read_needs FUNCTION calls it for each line.
read_needs() {
    while IFS='|' read -r need proof words apt dnf apk pacman zypper brew <&3; do
        "$@"
    done 3<<END
jdk|has_jdk|a JDK of 17 to 23|openjdk-17-jdk-headless/openjdk-21-jdk-headless|java-21-openjdk-devel|openjdk17|jdk17-openjdk|java-17-openjdk-devel|openjdk@17
cc|has_cc|a C compiler|gcc libc6-dev|gcc glibc-devel|gcc musl-dev|gcc|gcc glibc-devel|gcc
rust|has_rust|Rust $oldest_rust or newer|rustc@ cargo@|rust cargo|rust cargo|rust|rust cargo|rust
rustfmt|has_rustfmt|rustfmt|rustfmt@|rustfmt|rustfmt|rust|rust|rust
clippy|has_clippy|clippy|rust@-clippy|clippy|rust-clippy|rust|rust|rust
gradle|has_gradle|Gradle 4.4 or newer|gradle|gradle|gradle|gradle|gradle|gradle
venv|has_venv|Python 3 with venv|python3 python3-venv|python3|python3|python|python3|python
fonts|has_fonts|fontconfig and a font|fontconfig fonts-dejavu-core|fontconfig dejavu-sans-fonts|fontconfig font-dejavu|fontconfig ttf-dejavu|fontconfig dejavu-fonts|fontconfig
jdk17|has_jdk17|a JDK 17|openjdk-17-jdk-headless|java-17-openjdk-devel|openjdk17|jdk17-openjdk|java-17-openjdk-devel|openjdk@17
jdk25|has_jdk25|a JDK 25|openjdk-25-jdk-headless|java-25-openjdk-devel|openjdk25|jdk-openjdk|java-25-openjdk-devel|openjdk@25
strace|strace|strace|strace|strace|strace|strace|strace|
xfs|mkfs.xfs|mkfs.xfs|xfsprogs|xfsprogs|xfsprogs|xfsprogs|xfsprogs|
btrfs|mkfs.btrfs|mkfs.btrfs|btrfs-progs|btrfs-progs|btrfs-progs|btrfs-progs|btrfsprogs|
e2fs|filefrag chattr|filefrag, chattr|e2fsprogs|e2fsprogs|e2fsprogs e2fsprogs-extra|e2fsprogs|e2fsprogs|
mounts|mount losetup setpriv prlimit unshare|mount, losetup, setpriv, prlimit, unshare|mount util-linux|util-linux|util-linux mount losetup setpriv|util-linux|util-linux|
browser|chromium chromedriver|chromium, chromedriver|chromium chromium-driver|chromium chromedriver|chromium chromium-chromedriver|chromium|chromium chromedriver|
curl|curl|curl|curl|curl|curl|curl|curl|curl
wrk|wrk|wrk|wrk|wrk|wrk||wrk|
bwrap|bwrap|bwrap|bubblewrap|bubblewrap|bubblewrap|bubblewrap|bubblewrap|
qemu|qemu-aarch64|qemu-aarch64|qemu-user|qemu-user|qemu-aarch64|qemu-user|qemu-linux-user|
END
}

has_cc() { command -v cc && { [ -f /usr/include/stdio.h ] || echo '#include <stdio.h>' | cc -E -; }; } >/dev/null 2>&1

# Debian and Ubuntu keep the part of Python that fills a new environment in a package of its own.
has_venv() {
    python=$(command -v python3) || return 1
    python=$(readlink -f "$python")
    [ "${python%/*}" != /usr/bin ] || [ -d "/usr/lib/${python##*/}/ensurepip" ] || [ -d "/usr/lib64/${python##*/}/ensurepip" ]
}

has_fonts() { command -v fc-list >/dev/null && [ -n "$(fc-list)" ]; }
