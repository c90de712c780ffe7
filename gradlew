#!/bin/sh
# Runs the build with a Gradle that is here, or gets one. It stands where Gradle's own wrapper script would, without the
# binary that one needs. In this order:
#   1. the distribution that gradle/wrapper/gradle-wrapper.properties names, unpacked earlier
#   2. gradle 4.4 or newer on the PATH
#   3. a download of that distribution, checked against its SHA-256
#   4. on Debian, as root: the package gradle
set -eu

root=$(cd "$(dirname "$0")" && pwd -P)

setting() { sed -n "s/^$1=//p" "$root/gradle/wrapper/gradle-wrapper.properties" | sed 's/\\:/:/g'; }
say() { echo "gradlew: $*" >&2; }

url=$(setting distributionUrl)
digest=$(setting distributionSha256Sum)
name=$(basename "$url" .zip)
dists=${GRADLE_USER_HOME:-$HOME/.gradle}/wrapper/dists

unpacked() {
    for gradle in "$dists/$name"/*/"${name%-*}"/bin/gradle; do
        [ -x "$gradle" ] && return
    done
    return 1
}

on_path() {
    gradle=$(command -v gradle) || return 1
    # The name of a jar tells the version without the start of a JVM.
    home=$(dirname "$(dirname "$(readlink -f "$gradle")")")
    version=
    for jar in "$home"/lib/gradle-core-[0-9]*.jar; do
        version=$(basename "$jar" .jar) && version=${version#gradle-core-}
    done
    case $version in
        [0-9]*) ;;
        *) version=$("$gradle" --version 2>/dev/null | sed -n 's/^Gradle //p') ;;
    esac
    major=${version%%.*} rest=${version#*.}
    minor=${rest%%[!0-9]*}
    [ "${major:-0}" -gt 4 ] || { [ "${major:-0}" -eq 4 ] && [ "${minor:-0}" -ge 4 ]; }
}

fetch() {
    if command -v curl >/dev/null; then
        curl --fail --silent --show-error --location --connect-timeout 20 --output "$2" "$1"
    elif command -v wget >/dev/null; then
        wget --quiet --timeout=20 --tries=2 --output-document="$2" "$1"
    else
        say "neither curl nor wget is here to download $1"
        return 1
    fi
}

has_digest() {
    if command -v sha256sum >/dev/null; then
        sum=$(sha256sum "$1")
    else
        sum=$(shasum -a 256 "$1")
    fi
    [ "${sum%% *}" = "$digest" ]
}

unpack() {
    if command -v unzip >/dev/null; then
        unzip -q "$1" -d "$2"
    else
        # jar forgets which files can be executed.
        (cd "$2" && "${JAVA_HOME:+$JAVA_HOME/bin/}jar" xf "$1" && chmod +x "${name%-*}/bin/gradle")
    fi
}

downloaded() {
    # Unpacked aside and moved into place, so that what stands there is whole.
    aside=$dists/$name/.$$
    mkdir -p "$aside" || return 1
    say "downloads $url"
    if ! fetch "$url" "$aside/gradle.zip"; then
        say "the download failed"
    elif ! has_digest "$aside/gradle.zip"; then
        say "what was downloaded does not have the SHA-256 $digest"
    elif mkdir "$aside/whole" && unpack "$aside/gradle.zip" "$aside/whole"; then
        mv "$aside/whole" "$dists/$name/$digest" 2>/dev/null || true
    fi
    rm -rf "$aside"
    unpacked
}

from_debian() {
    [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null || return 1
    say "installs the package gradle"
    { apt-get update -q && DEBIAN_FRONTEND=noninteractive apt-get install -q -y --no-install-recommends gradle; } >&2
    on_path
}

major_of() { sed -n 's/^JAVA_VERSION="\([0-9]*\).*/\1/p' "$1/release"; }

# Gradle 8 runs on JDK 17 to 23, so the first such is taken: JAVA_HOME, the java of the PATH, the JDKs beside either.
choose_jdk() {
    path_home=
    if java=$(command -v java); then
        path_home=$(dirname "$(dirname "$(readlink -f "$java")")")
    fi
    for home in "${JAVA_HOME:-}" "$path_home" \
        ${JAVA_HOME:+"$(dirname "$JAVA_HOME")"/*} ${path_home:+"$(dirname "$path_home")"/*}; do
        if [ -f "$home/release" ] && [ -x "$home/bin/javac" ]; then
            major=$(major_of "$home")
            if [ "${major:-0}" -ge 17 ] && [ "$major" -le 23 ]; then
                JAVA_HOME=$home
                export JAVA_HOME
                return
            fi
        fi
    done
}

choose_jdk
[ -n "${JAVA_HOME:-}" ] || command -v java >/dev/null || {
    say "no Java: install a JDK, 17 or newer, or point JAVA_HOME at one"
    exit 1
}
unpacked || on_path || downloaded || from_debian || {
    say "no Gradle: install gradle 4.4 or newer, or make $url reachable"
    exit 1
}
cd "$root"
exec "$gradle" "$@"
