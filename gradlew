#!/bin/sh
# Runs the build, after it has seen to what the build needs of the machine. `gradle/machine` has the tables of that, finds
# what is here, and installs what is missing. A Gradle is found, or got, in this order:
#   1. the distribution that gradle/wrapper/gradle-wrapper.properties names, unpacked earlier
#   2. gradle 4.4 or newer on the PATH
#   3. a download of that distribution, checked against its SHA-256
#   4. on Debian and Ubuntu, as root: the package gradle
set -eu

root=$(cd "$(dirname "$0")" && pwd -P)
for part in surroundings needs jdk rust install apt; do
    # shellcheck source=/dev/null
    . "$root/gradle/machine/$part.sh"
done

setting() { sed -n "s/^$1=//p" "$root/gradle/wrapper/gradle-wrapper.properties" | sed 's/\\:/:/g'; }
say() { echo "gradlew: $*" >&2; }

url=$(setting distributionUrl)
digest=$(setting distributionSha256Sum)
distribution=$(basename "$url" .zip)
dists=${GRADLE_USER_HOME:-$HOME/.gradle}/wrapper/dists

unpacked() {
    for gradle in "$dists/$distribution"/*/"${distribution%-*}"/bin/gradle; do
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

can_fetch() { command -v curl || command -v wget; } >/dev/null

fetch() {
    if command -v curl >/dev/null; then
        curl --fail --silent --show-error --location --connect-timeout 20 --output "$2" "$1"
    else
        wget --quiet --timeout=20 --tries=2 --output-document="$2" "$1"
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
        (cd "$2" && "${JAVA_HOME:+$JAVA_HOME/bin/}jar" xf "$1" && chmod +x "${distribution%-*}/bin/gradle")
    fi
}

downloaded() {
    # Unpacked aside and moved into place, so that what stands there is whole.
    aside=$dists/$distribution/.$$
    mkdir -p "$aside" || return 1
    say "downloads $url"
    if ! fetch "$url" "$aside/gradle.zip"; then
        say "the download failed"
    elif ! has_digest "$aside/gradle.zip"; then
        say "what was downloaded does not have the SHA-256 $digest"
    elif mkdir "$aside/whole" && unpack "$aside/gradle.zip" "$aside/whole"; then
        mv "$aside/whole" "$dists/$distribution/$digest" 2>/dev/null || true
    fi
    rm -rf "$aside"
    unpacked
}

# shellcheck disable=SC2034
has_gradle() {
    gradle_is_of_path=
    unpacked || { on_path && gradle_is_of_path=true; }
}

read_oldest_rust
needs=jdk wishes='' previous=''
for argument; do
    case $previous in
        -x | --exclude-task | -P | -D | -p | -b | -I | -g) ;;
        *) needs_of "$argument" ;;
    esac
    previous=$argument
done
has_gradle || can_fetch || needs="$needs gradle"

provide "$needs" 'needs' || exit 1
has_gradle || { can_fetch && downloaded; } || provide gradle 'needs' || exit 1
provide "$wishes" 'goes on without' || true

cd "$root"
# Before 7.3, Gradle looks into java.lang, which a JDK of 17 has to be told to open. Debian's script tells it, that of Ubuntu
# 22.04 does not.
if [ -n "$gradle_is_of_path" ] && [ "${major:-9}" -lt 7 ] && ! grep -q -e --add-opens "$gradle"; then
    opens=--add-opens=java.base/java.lang=ALL-UNNAMED
    export GRADLE_OPTS="${GRADLE_OPTS:-} $opens"
    set -- "-Dorg.gradle.jvmargs=-Xmx1024m $opens" "$@"
fi
exec "$gradle" "$@"
