# Makes .venv in the checkout and installs the pinned, hashed requirements; sourced by demo.sh and test.sh.
# Needs the working directory to be the checkout. Knows no package host: pip's and uv's own settings decide.

VENV=.venv

say() { printf '%s\n' "$*" >&2; }

fail() {
    say "$@"
    exit 1
}

# Prints the command of the newest Python that really runs and is at least 3.11.
find_python() {
    for name in python3.13 python3.12 python3.11 python3 python3.14; do
        if "$name" -c 'import sys, venv; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
            printf '%s\n' "$name"
            return 0
        fi
    done
    return 1
}

make_venv() {
    if [ -x "$VENV/bin/python" ] && "$VENV/bin/python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
        return 0
    fi
    python=$(find_python) || fail "Python 3.11 or newer is needed and none was found." \
        "Debian, Ubuntu: apt-get install python3 python3-venv. Then start this again."
    say "Making $VENV with $("$python" --version)"
    "$python" -m venv --clear "$VENV" || fail "$python cannot make a virtual environment." \
        "Debian, Ubuntu: apt-get install python3-venv. Then start this again."
}

# Prints what an environment made from the file $1 depends on.
fingerprint() {
    cat "$1" pyproject.toml deploy/environment.sh | cksum
    pwd -P
}

# The installer's own pin and hashes stand among the requirements.
install_uv() {
    if ! "$VENV/bin/uv" --version >/dev/null 2>&1; then
        sed -n '/^uv==/,/[^\\]$/p' "$1" >"$VENV/uv.txt"
        "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$VENV/uv.txt"
    fi
}

# install_pins FILE exact|add: "exact" removes whatever FILE does not name, "add" leaves it alone.
install_pins() {
    if [ "$2" = exact ]; then
        "$VENV/bin/uv" pip sync --quiet --python "$VENV/bin/python" --require-hashes "$1" && return 0
    else
        "$VENV/bin/uv" pip install --quiet --python "$VENV/bin/python" --require-hashes -r "$1" && return 0
    fi
    # a machine may reach its packages through settings that only pip reads
    say "uv could not install the requirements; pip tries (slower)"
    "$VENV/bin/python" -m pip install --quiet --disable-pip-version-check --require-hashes -r "$1"
}

# make_environment FILE exact|add: does nothing when FILE has been installed here already.
make_environment() {
    make_venv
    stamp=$VENV/$(basename "$1").stamp
    wanted=$(fingerprint "$1")
    if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$wanted" ]; then
        return 0
    fi
    say "Installing what $1 pins (once; it needs the package index)"
    rm -f "$stamp"
    install_uv "$1" && install_pins "$1" "$2" || fail "The requirements could not be installed; see above."
    "$VENV/bin/uv" pip install --quiet --offline --no-deps --no-build-isolation --python "$VENV/bin/python" \
        --editable . || fail "The checkout could not be installed into $VENV; see above."
    printf '%s\n' "$wanted" >"$stamp"
}
