# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154
# Debian and Ubuntu: which packages there are, and how they are installed without a question.

log=$root/build/set-up.txt

# -- what is offered --

# Sets offers to NAME=VERSION of every package that may be wanted and that apt can install.
read_offers() {
    names='' offers=' '
    rust_releases=$(apt-cache pkgnames rustc- | sed -n 's/^rustc\(-1\.[0-9]*\)$/\1/p' | sort -t. -k2n)
    for rust_release in '' -web $rust_releases; do
        names="$names rustc$rust_release cargo$rust_release rustfmt$rust_release rust$rust_release-clippy"
    done
    read_needs add_names
    # shellcheck disable=SC2086
    policy=$(LC_ALL=C apt-cache policy $names)
    while read -r key value; do
        case $key$value in
            'Candidate:(none)') ;;
            Candidate:*) offers="$offers$name=$value " ;;
            *:) [ -n "$value" ] || name=${key%:} ;;
        esac
    done <<END
$policy
END
    choose_rust_release
}
add_names() {
    for name in $apt; do
        names="$names ${name%%/*} ${name#*/}"
    done
}

# Sets offered to the version of a package.
is_offered() {
    offered=${offers#* "$1"=}
    [ "$offered" != "$offers" ] || return 1
    offered=${offered%% *}
}

# Debian 12 has a newer Rust as rustc-web, Ubuntu as rustc-1.85: sets rust_release to what follows the name. What a Rust
# lacks that is there has to be of the same release.
choose_rust_release() {
    if has_rust; then
        owner=$(dpkg-query -S "$(readlink -f "$rust_bin/cargo")" 2>/dev/null) || owner=none
        owner=${owner%%:*}
        rust_release=${owner#cargo}
        return
    fi
    for rust_release in '' -web $rust_releases; do
        if is_offered "rustc$rust_release" && at_least "$oldest_rust" "$offered"; then
            return
        fi
    done
    rust_release=-none
}

# Sets packages to those of a cell of the table, or to nothing where one of them is not offered.
choose_offers() {
    packages=
    for package in $1; do
        case $package in
            *@*) package=${package%@*}$rust_release${package#*@} ;;
            */*) if is_offered "${package%%/*}"; then package=${package%%/*}; else package=${package#*/}; fi ;;
        esac
        if ! is_offered "$package"; then
            packages=
            return
        fi
        packages="$packages $package"
    done
}

# -- what is done --

# The output is shown where something fails. Another apt may hold a lock for a while.
apt_get() {
    DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=120 -o Dpkg::Use-Pty=0 "$@" >"$log" 2>&1 </dev/null
}

tell_failure() {
    say "$1 failed:"
    { grep '^E:' "$log" || tail -n 5 "$log"; } >&2
    say "its whole output is in $log"
}

# The lock of the lists is not waited for by apt-get itself, and lists that cannot be fetched are no error to it.
update_lists() {
    say 'reads the lists of packages: apt-get update'
    tries=24
    until apt_get -o APT::Update::Error-Mode=any update; do
        if [ "$tries" = 0 ] || ! grep -q 'Could not get lock' "$log"; then
            tell_failure 'apt-get update'
            return 1
        fi
        tries=$((tries - 1))
        sleep 5
    done
}

has_lists() { [ -n "$(find /var/lib/apt/lists -maxdepth 1 -name '*_Packages*' 2>/dev/null | head -n 1)" ]; }
are_lists_of_today() { has_lists && [ -n "$(find /var/lib/apt/lists -maxdepth 0 -mtime -1)" ]; }

# Only an old Rust is replaced. Whatever else would have to go is for a user to decide.
removes_nothing_else() {
    apt_get --simulate install --no-install-recommends "$@" || return 0
    removed=$(sed -n 's/^Remv \([^ ]*\).*/\1/p' "$log" | tr '\n' ' ')
    for package in $removed; do
        case $package in
            rust* | cargo* | libstd-rust*) ;;
            *)
                say "does not install$wanted: that would remove $removed"
                return 1
                ;;
        esac
    done
    [ -z "$removed" ] || say "removes ${removed% }, which the newer packages replace"
}

install_packages() {
    removes_nothing_else "$@" || return
    ! apt_get install --no-install-recommends "$@" || return 0
    if grep -q 'dpkg --configure -a' "$log"; then
        say 'ends what was interrupted: dpkg --configure -a'
        DEBIAN_FRONTEND=noninteractive dpkg --configure -a >"$log" 2>&1 </dev/null
        ! apt_get install --no-install-recommends "$@" || return 0
    fi
    tell_failure 'apt-get install'
    return 1
}

install_by_apt() {
    mkdir -p "${log%/*}"
    are_lists_of_today || update_lists || true
    find_packages say
    if [ -n "$wanted" ]; then
        # shellcheck disable=SC2086
        install_packages $wanted
    fi
    if [ -n "$components" ]; then
        say "installs$components: rustup component add$components"
        # shellcheck disable=SC2086
        rustup component add $components >&2
    fi
}
