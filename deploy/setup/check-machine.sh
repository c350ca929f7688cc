#!/usr/bin/env bash
# Checks what `make demo` and `make test` need, and prints the command that mends what is missing.
# With the argument `tests`, checks what only the tests need.
set -euo pipefail
cd "$(dirname "$0")/../.."
needed_mib=2500
failed=0

complain() {
    echo "missing: $1" >&2
    echo "   mend: $2" >&2
    failed=1
}

if [ "${1:-}" = tests ]; then
    # Node.js needs no check: it comes as a Python package, like the broker and its Java.
    if ! command -v kcat >/dev/null; then
        complain "kcat, with which a test runs docs/subscribers/kcat.md" \
            "sudo apt-get install kcat   (or: brew install kcat)"
    fi
    if ! command -v promtool >/dev/null; then
        complain "promtool and prometheus, with which rules and dashboards are tested" \
            "sudo apt-get install prometheus   (or: brew install prometheus)"
    fi
    if ! command -v prometheus-alertmanager >/dev/null && ! command -v alertmanager >/dev/null; then
        complain "Alertmanager, in which the tests look for alerts that fire" \
            "sudo apt-get install prometheus-alertmanager   (or: brew install alertmanager)"
    fi
    if ! command -v kubectl >/dev/null && ! command -v kustomize >/dev/null; then
        complain "kubectl or kustomize, with which deploy/kubernetes is rendered" \
            "go install sigs.k8s.io/kustomize/kustomize/v5@v5.5.0   (or: brew install kustomize)"
    fi
    exit "$failed"
fi

case "$(uname -s)-$(uname -m)" in
Linux-x86_64 | Linux-aarch64 | Darwin-x86_64 | Darwin-arm64) ;;
*) complain "a platform with a Java runtime on PyPI (this is $(uname -s) $(uname -m))" \
    "use Linux or macOS on x86-64 or arm64, or docker compose up -d" ;;
esac

if (ldd --version 2>&1 || true) | grep -qi musl; then
    complain "glibc: the Java runtime on PyPI is not built for musl" \
        "use a distribution with glibc, such as Debian, or docker compose up -d"
fi

if ! python="$(deploy/setup/find-python.sh)"; then
    complain "Python 3.11 or newer" "sudo apt-get install python3 python3-venv   (or: brew install python)"
elif ! uv --version >/dev/null 2>&1 && ! [ -x .tocsin/uv/bin/uv ] && ! "$python" -c 'import venv, ensurepip' 2>/dev/null; then
    complain "uv, or Python's venv module to install it with" "sudo apt-get install python3-venv   (or: pip install uv)"
fi

free_mib="$(df -Pm . | awk 'NR == 2 { print $4 }')"
if [ "$free_mib" -lt "$needed_mib" ]; then
    complain "$needed_mib MiB of free disk here (there are $free_mib)" "free some space, or clone to a larger disk"
fi

exit "$failed"
