#!/bin/sh
# ConvoKit, pandas (through which doccano reads and writes) and Label Studio's own library, installed
# into the build directory: what we write loads there, what they write comes in. The last line is
# "N passed, N failed".
set -u
build=$1
place=$build/peers-exchange
if [ ! -f "$place/installed" ]; then
    python3 -m venv "$place" &&
        "$place/bin/pip" install --quiet --disable-pip-version-check convokit==5.0.0 label-studio-sdk==2.1.2 >&2 &&
        touch "$place/installed"
fi
RETORT_MODELS=$PWD/models RETORT_BUILD=$build "$place/bin/python" tests/exchange/peers.py 2>&1
