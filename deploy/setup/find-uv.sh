#!/usr/bin/env bash
# Prints the uv to use: the one on the PATH when it works, else the project's own.
set -euo pipefail
own="$(cd "$(dirname "$0")/../.." && pwd)/.tocsin/uv/bin/uv"
if uv --version >/dev/null 2>&1; then
    command -v uv
else
    echo "$own"
fi
