# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154
# Finds a JDK to run Gradle on, and those that the tests run on.

# Where JDKs may be: JAVA_HOME, the java of the PATH, those beside either, and the usual places.
jdk_homes=
list_jdk_homes() {
    path_home=
    if java=$(command -v java); then
        path_home=$(readlink -f "$java")
        path_home=${path_home%/bin/java}
    fi
    jdk_homes=${JAVA_HOME:-}:$path_home
    for home in ${JAVA_HOME:+"${JAVA_HOME%/*}"/*} ${path_home:+"${path_home%/*}"/*} \
        /usr/lib/jvm/* /usr/java/* /opt/java/* "$HOME"/.sdkman/candidates/java/* "$HOME"/.jdks/*; do
        jdk_homes=$jdk_homes:$home
    done
}

# JAVA_VERSION="17.0.15": the line is read without a process for each home.
major_of() {
    major=
    while IFS='="' read -r key _ version _; do
        [ "$key" != JAVA_VERSION ] || major=${version%%[!0-9]*}
    done <"$1/release"
    major=${major:-0}
}

# find_jdk PROGRAM OLDEST NEWEST: the first home with that program and a version in that range is $home.
find_jdk() {
    program=$1 oldest=$2 newest=$3
    [ -n "$jdk_homes" ] || list_jdk_homes
    IFS=:
    # shellcheck disable=SC2086
    set -- $jdk_homes
    unset IFS
    for home; do
        if [ -f "$home/release" ] && [ -x "$home/bin/$program" ]; then
            major_of "$home"
            [ "$major" -lt "$oldest" ] || [ "$major" -gt "$newest" ] || return 0
        fi
    done
    return 1
}

# Gradle 8 runs on JDK 17 to 23. A Gradle of the PATH may be one that runs on a newer JDK as well.
has_jdk() {
    find_jdk javac 17 23 || { [ "${gradle_is_of_path:-}" = true ] && find_jdk javac 24 99; } || return
    JAVA_HOME=$home
    export JAVA_HOME
}

has_jdk17() { [ -n "${JAVA17_HOME:-}" ] || find_jdk java 17 17; }
has_jdk25() { [ -n "${JAVA25_HOME:-}" ] || find_jdk java 25 25; }
