#!/usr/bin/env bash
# Asks the OSV database about every locked package that we ship. Exit code 1 when one has a known
# vulnerability; where the database cannot be reached, a notice and 0, so that work goes on offline.
set -euo pipefail
cd "$(dirname "$0")/../.."
uv="$(deploy/setup/find-uv.sh)"
folder="$(mktemp -d)"
trap 'rm -rf "$folder"' EXIT

"$uv" export --quiet --locked --no-dev --all-packages --no-emit-workspace --no-hashes \
    --output-file "$folder/requirements.txt"
if "$uv" tool run --quiet --from pip-audit==2.10.1 pip-audit --vulnerability-service osv \
    --no-deps --disable-pip --progress-spinner off --timeout 20 \
    --requirement "$folder/requirements.txt" >"$folder/report" 2>"$folder/errors"; then
    echo "no known vulnerability"
    exit 0
fi
if grep -q '^Name ' "$folder/report"; then
    cat "$folder/report" "$folder/errors"
    exit 1
fi
if grep -qiE 'connection|timed? ?out|resolve|unreachable|network|failed to fetch|40[37] ' "$folder/errors"; then
    echo "notice: the vulnerability database cannot be reached from here; nothing was audited" >&2
    exit 0
fi
cat "$folder/report" "$folder/errors" >&2
exit 1
