# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154
# What is missing is installed, as root where there is apt-get; elsewhere the command is told.

# provide "NEEDS" "WORDS": fails, with a line that begins with those words, if needs are missing at the end.
provide() {
    find_missing "$1"
    [ -n "$missing" ] || return 0
    find_manager
    if [ "$manager" = apt-get ] && [ "$(id -u)" = 0 ]; then
        install_by_apt
        jdk_homes=
        find_missing "$1"
        [ -n "$missing" ] || return 0
    fi
    find_packages
    say "$2 $missing_words$(how_to)"
    return 1
}

# Sets missing to the needs that are not there, and missing_words to what they are called.
find_missing() {
    missing='' missing_words=''
    read_needs add_missing "$1"
}
add_missing() {
    if is_among "$need" "$1" && ! is_there "$proof"; then
        missing="$missing $need"
        missing_words=${missing_words:+$missing_words, }$words
    fi
}
is_among() {
    case " $2 " in *" $1 "*) ;; *) return 1 ;; esac
}
is_there() {
    case $1 in
        has_*) "$1" ;;
        *) for program in $1; do command -v "$program" >/dev/null || return 1; done ;;
    esac
}

find_manager() {
    for manager in apt-get dnf apk pacman zypper brew; do
        ! command -v "$manager" >/dev/null || return 0
    done
    manager=
}

# Sets wanted to the packages of what is missing, components to the parts that rustup has, without to what neither has.
find_packages() {
    wanted='' components='' without=''
    [ "$manager" != apt-get ] || read_offers
    read_needs add_packages "$@"
}
add_packages() {
    is_among "$need" "$missing" || return 0
    if is_among "$need" 'rustfmt clippy' && has_rust && is_rustup; then
        components="$components $need"
        return
    fi
    case $manager in
        apt-get) choose_offers "$apt" ;;
        dnf) packages=" $dnf" ;;
        apk) packages=" $apk" ;;
        pacman) packages=" $pacman" ;;
        zypper) packages=" $zypper" ;;
        brew) packages=" $brew" ;;
        *) packages='' ;;
    esac
    packages=${packages% }
    if [ -z "$packages" ]; then
        without="${without:+$without, }$words"
        return
    fi
    [ $# = 0 ] || "$@" "installs $words:$packages"
    for package in $packages; do
        is_among "$package" "$wanted" || wanted="$wanted $package"
    done
}

# The command that a user can give, and what no command gets.
how_to() {
    if [ "$manager" = apt-get ] && ! has_lists; then
        printf '%s' '; as root: apt-get update; then gradlew can tell the packages'
        return
    fi
    case $manager in
        '') ;;
        pacman) command='pacman -S --needed' ;;
        apk) command='apk add' ;;
        *) command="$manager install" ;;
    esac
    who='as root: '
    [ "$manager" != brew ] || who=''
    printf '%s' "${wanted:+; $who$command$wanted}${components:+; rustup component add$components}"
    [ -z "$manager" ] || printf '%s' "${without:+; no package has: $without}"
}
