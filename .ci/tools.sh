# Finds the tools that checks need besides Rust, and installs them by name. `.ci/run` and `packaging/check`
# source this file.
# shellcheck shell=bash
tools=$PWD/target/tools
export CARGO_TERM_COLOR=never NODE_PATH=$tools/node_modules
export PATH=$tools/bin:$tools/node_modules/.bin:$tools/python/bin:$PATH
unchecked=()

step() { printf '\n== %s (after %d s)\n' "$1" "$SECONDS"; }

# Is there such a program, or such a package of Node's, Python's, Go's or Java's?
has() {
    command -v "$1" > /dev/null || [ -d "$NODE_PATH/$1" ] || has_python "$1" \
        || [ -d "/usr/share/gocode/src/$1" ] || [ -f "/usr/share/java/$1.jar" ]
}

# Is there such a program or package in the environment that Python's tools share?
has_python() { [ -e "$tools/python/bin/$1" ] || compgen -G "$tools/python/lib/python3*/site-packages/$1" > /dev/null; }

# Runs an installation for at most this many seconds. A tool that is still missing is named later.
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
    # One by one: a package that cannot be installed must not stop the others.
    for package in "${packages[@]}"; do try 120 "${root[@]}" apt-get install -y --no-install-recommends "$package"; done
}

# Installs npm's packages for the tools that are missing, each given as TOOL:PACKAGE.
npm_install() {
    local tool packages=()
    for tool in "$@"; do
        has "${tool%%:*}" || packages+=("${tool#*:}")
    done
    if [ "${#packages[@]}" = 0 ] || ! has npm; then return; fi
    one_by_one 180 npm install --prefix "$tools" --no-audit --no-fund -- "${packages[@]}"
}

# Installs PyPI's packages for the tools that are missing, each given as TOOL:PACKAGE.
pip_install() {
    local tool packages=()
    for tool in "$@"; do
        has_python "${tool%%:*}" || packages+=("${tool#*:}")
    done
    if [ "${#packages[@]}" = 0 ] || ! has python3; then return; fi
    [ -d "$tools/python" ] || try 30 python3 -m venv "$tools/python"
    one_by_one 180 "$tools/python/bin/pip" install -- "${packages[@]}"
}

# Runs an installation of the packages after `--`: of all at once, or one by one if that fails. A package that cannot be
# installed must not stop the others.
one_by_one() {
    local seconds=$1 command=() package
    shift
    while [ "$1" != -- ]; do command+=("$1"); shift; done
    shift
    timeout "$seconds" "${command[@]}" "$@" < /dev/null > /dev/null 2>&1 && return
    for package in "$@"; do try 60 "${command[@]}" "$package"; done
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
