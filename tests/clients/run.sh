#!/bin/sh
# Google's client for Python, installed into the build directory. The last line is "N passed, N failed".
set -u
build=$1
client=google-api-python-client==2.202.0
place=$build/clients/python
if [ ! -f "$place/installed" ]; then
    python3 -m pip install --quiet --disable-pip-version-check --target "$place" "$client" >&2 && touch "$place/installed"
fi
PYTHONPATH=$place RETORT_BUILD=$build python3 tests/clients/google_python.py 2>&1
