# shellcheck shell=sh disable=SC2034,SC2119,SC2120,SC2154
# What a container may lack of the usual surroundings of a program: folders on the PATH, a home.

for folder in /usr/local/sbin /usr/sbin /sbin; do
    case :${PATH:-}: in
        *":$folder:"*) ;;
        *) PATH=${PATH:+$PATH:}$folder ;;
    esac
done
export PATH

# The JVM takes the home of the user data base, whatever HOME says, so that Gradle is told as well.
if [ ! -d "${HOME:-}" ] || [ ! -w "$HOME" ]; then
    HOME=$root/target/home
    mkdir -p "$HOME"
    : "${GRADLE_USER_HOME:=$HOME/.gradle}" "${CARGO_HOME:=$HOME/.cargo}"
    export HOME GRADLE_USER_HOME CARGO_HOME
fi
