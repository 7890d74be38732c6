#!/bin/sh
# Starts the demonstration from a checkout: real transitions on SQLite and a sign-in link for each role.
set -eu

usage() {
    cat <<'TEXT'
Usage: deploy/demo.sh [--port PORT] [--data DIR] [--on DATE] [--no-open]

Makes .venv beside the code, installs the pinned requirements once, loads the demonstration and serves it.

  --port PORT   port to listen on (default 8764)
  --data DIR    folder for the demonstration's data (default data/demo); kept between starts
  --on DATE     the day it is in the demonstration, as 2023-07-01
  --no-open     do not open a browser
  --help        this text

Needs Python 3.11 or newer. The first start needs the package index, later ones need no network.
TEXT
}

start=$(pwd)
cd "$(dirname "$0")/.."
. deploy/environment.sh

port=8764
data=$(pwd)/data/demo
on=
open=

value() { [ $# -ge 2 ] || { usage >&2; exit 2; }; }

while [ $# -gt 0 ]; do
    case $1 in
        --port) value "$@"; port=$2; shift 2 ;;
        --data) value "$@"; data=$2; shift 2 ;;
        --on) value "$@"; on=$2; shift 2 ;;
        --no-open) open=--no-open; shift ;;
        --help | -h) usage; exit 0 ;;
        *) say "Unknown option: $1"; usage >&2; exit 2 ;;
    esac
done

case $data in
    /*) ;;
    *) data=$start/$data ;;
esac

# an environment that test.sh made holds all of this already: nothing is ever removed from it here
make_environment deploy/requirements.txt add
exec "$VENV/bin/unbroken" demo --port "$port" --data "$data" ${on:+--on "$on"} ${open:+"$open"}
