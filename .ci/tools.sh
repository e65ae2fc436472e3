# The tools that checks need in addition to Rust: where they are, and how they are installed by name. `.ci/run` and `packaging/check`
# source this file.
# shellcheck shell=bash
tools=$PWD/target/tools
export CARGO_TERM_COLOR=never NODE_PATH=$tools/node_modules
export PATH=$tools/bin:$tools/node_modules/.bin:$tools/python/bin:$PATH
unchecked=()

step() { printf '\n== %s (after %d s)\n' "$1" "$SECONDS"; }

# Is there such a program, or such a package of Node's or Python's?
has() {
    command -v "$1" > /dev/null || [ -d "$NODE_PATH/$1" ] || compgen -G "$tools/python/lib/python3*/site-packages/$1" > /dev/null
}

# Runs an installation for at most that many seconds. What fails is missing later, and is named there.
try() { timeout "$@" < /dev/null > /dev/null 2>&1 || echo "failed: ${*:2}"; }

# Installs Debian's packages for the tools that are missing, each given as TOOL:PACKAGE.
apt_install() {
    local tool package packages=() root=()
    for tool in "$@"; do
        has "${tool%:*}" || packages+=("${tool#*:}")
    done
    if [ "${#packages[@]}" = 0 ] || ! has apt-get; then return; fi
    [ "$(id -u)" = 0 ] || root=(sudo -n)
    try 60 "${root[@]}" apt-get update
    # One by one: what cannot be had must not keep the others out.
    for package in "${packages[@]}"; do try 120 "${root[@]}" apt-get install -y --no-install-recommends "$package"; done
}

# Installs the packages of PyPI for the tools that are missing, each given as TOOL:PACKAGE.
pip_install() {
    local tool
    for tool in "$@"; do
        if has python3 && ! has "${tool%%:*}"; then
            [ -d "$tools/python" ] || try 30 python3 -m venv "$tools/python"
            try 60 "$tools/python/bin/pip" install "${tool#*:}"
        fi
    done
}

# Installs cargo-deb for dpkg.
cargo_deb_install() {
    if has dpkg && ! has cargo-deb; then try 180 cargo install --quiet --locked --root "$tools" cargo-deb; fi
}

# Prints what was not checked.
list_unchecked() {
    local reason
    for reason in "${unchecked[@]:-nothing}"; do echo "not checked: $reason"; done
}
