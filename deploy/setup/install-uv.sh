#!/usr/bin/env bash
# Installs uv into .tocsin/uv when none is on the PATH; never touches the system.
set -euo pipefail
cd "$(dirname "$0")/../.."
version=0.13.9
if [ -x "$(deploy/setup/find-uv.sh)" ]; then
    exit 0
fi
echo "installing uv $version into .tocsin/uv" >&2
"$(deploy/setup/find-python.sh)" -m venv .tocsin/uv
.tocsin/uv/bin/pip install --quiet --disable-pip-version-check "uv==$version"
