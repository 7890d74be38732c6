#!/bin/sh
# Sets everything up on a fresh machine and runs every check; fails when one fails, never leaves one out.
set -u

usage() {
    cat <<'TEXT'
Usage: deploy/test.sh [--full]

Makes .venv, installs the pinned requirements and runs: format, lint, types, import contracts, checklists,
tests on SQLite and PostgreSQL, browser tests, packaging. --full adds the tests that take minutes.

Needs Python 3.11 or newer and Chromium, with --full PgBouncer too; both are installed with apt-get when this runs as
root.
PostgreSQL comes with the requirements.
TEXT
}

cd "$(dirname "$0")/.." || exit 1
. deploy/environment.sh

which_tests='not full'
case ${1-} in
    '') ;;
    --full) which_tests='full or not full' ;;
    --help | -h) usage; exit 0 ;;
    *) say "Unknown option: $1"; usage >&2; exit 2 ;;
esac

failed=

# step NAME COMMAND...: runs it, says how long it took, remembers a failure and goes on.
step() {
    name=$1
    shift
    printf '\n== %s\n' "$name"
    began=$(date +%s)
    if "$@"; then
        outcome=passed
    else
        outcome=FAILED
        failed="$failed
   $name"
    fi
    printf -- '-- %s: %s in %s s\n' "$name" "$outcome" "$(($(date +%s) - began))"
}

# The headless shell comes first: it draws no windows, which takes a third less time.
find_chromium() {
    for name in ${CHROMIUM:+"$CHROMIUM"} chromium-headless-shell chromium chromium-browser google-chrome; do
        command -v "$name" && return 0
    done
    return 1
}

install() { DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends "$1"; }

browser_is_there() {
    find_chromium && return 0
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
        apt-get update -qq && { install chromium-headless-shell || install chromium; }
        find_chromium && return 0
    fi
    say "No Chromium for the browser tests. Install it (as root: apt-get install chromium-headless-shell)" \
        "or set CHROMIUM to its path, then start this again."
    return 1
}

tests() { python -m pytest -q -m "$which_tests" "$@"; }

# On a busy machine mypy's workers may come too late for it; by itself it needs none.
types() { mypy --num-workers "$(workers)" || mypy; }

workers() { python -c 'import os; print(2 if len(os.sched_getaffinity(0)) > 1 else 0)'; }

all_began=$(date +%s)
step 'environment' make_environment deploy/requirements-dev.txt exact
[ -z "$failed" ] || exit 1
PATH=$(pwd)/$VENV/bin:$PATH
export PATH
# each of many processes would compile everything again
unset PYTHONDONTWRITEBYTECODE

step 'format' ruff format --check
step 'lint' ruff check
step 'types' types
step 'import contracts' lint-imports
step 'checklists' unbroken checklist check
step 'tests on SQLite and PostgreSQL' tests -n "$(workers)" --dist loadfile --ignore tests/browser --ignore tests/packaging
if [ "$which_tests" != 'not full' ]; then
    # those that write beside each other, with every transaction on another session of the server
    step 'tests through a pooler' env UNBROKEN_TESTS_POOLER=1 python -m pytest -q -k postgresql \
        tests/kit tests/scans tests/outbox tests/jobs
fi
step 'browser' browser_is_there
CHROMIUM=$(find_chromium)
export CHROMIUM
step 'tests in the browser' tests -n "$(workers)" --dist worksteal tests/browser
step 'packaging' tests tests/packaging

printf '\nAll of it took %s s.\n' "$(($(date +%s) - all_began))"
if [ -n "$failed" ]; then
    printf 'FAILED:%s\n' "$failed"
    exit 1
fi
echo 'Everything passed.'
