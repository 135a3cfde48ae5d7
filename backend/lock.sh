#!/bin/sh
# Writes requirements*.txt anew from pyproject.toml: every version and every file's hash, for all
# platforms and Python >= 3.11. Needs uv on PATH. Pass --upgrade to take newer versions.
set -eu
cd "$(dirname "$0")"

lock() {
  output=$1
  shift
  uv pip compile "$@" --output-file "$output" --quiet \
    --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
    --custom-compile-command "backend/lock.sh"
}

lock requirements.txt pyproject.toml "$@"
lock requirements-dev.txt pyproject.toml --group pyproject.toml:dev --constraints requirements.txt "$@"
lock requirements-build.txt --group pyproject.toml:build "$@"
