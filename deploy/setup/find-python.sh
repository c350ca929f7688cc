#!/usr/bin/env bash
# Prints the first Python on the PATH that is 3.11 or newer; fails when there is none.
set -euo pipefail
for name in python3 python3.14 python3.13 python3.12 python3.11 python; do
    if "$name" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1; then
        command -v "$name"
        exit 0
    fi
done
exit 1
