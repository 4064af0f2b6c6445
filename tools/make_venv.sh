#!/bin/sh
# Make the virtual environment .venv with a Python that is new enough. Used by the Makefile.
#   PYTHON=python3.12 tools/make_venv.sh     to choose the Python
set -eu

enough='import sys; sys.exit(sys.version_info < (3, 11))'

choose() {
    for candidate in ${PYTHON:-python3 python3.14 python3.13 python3.12 python3.11}; do
        if "$candidate" -c "$enough" 2>/dev/null; then
            echo "$candidate"
            return
        fi
    done
}

python=$(choose)
if [ -z "$python" ]; then
    echo "Regulars needs Python 3.11 or newer, and ${PYTHON:-python3} is $("${PYTHON:-python3}" --version 2>&1 || true)." >&2
    echo "Install a newer one, or say where it is: make run PYTHON=/path/to/python3.12" >&2
    exit 1
fi

if ! rm -rf .venv || ! mkdir .venv 2>/dev/null; then
    echo "Cannot write in $(pwd): .venv belongs there. Make the folder yours, or clone into one that is." >&2
    exit 1
fi

echo "Making a virtual environment with $("$python" --version) …"
# Debian's Python has no ensurepip unless python3-venv is installed; then pip is fetched by itself.
if "$python" -c 'import ensurepip' 2>/dev/null; then
    "$python" -m venv .venv
else
    "$python" -m venv --without-pip .venv
    .venv/bin/python tools/bootstrap_pip.py
fi
