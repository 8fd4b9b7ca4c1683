#!/bin/sh
# A cluster's worker: labels the lines it reads. worker.sh RETORT MODELS [CRASH VICTIM]
#
# The first of all workers that makes the directory CRASH is killed in the middle of its lines: VICTIM is
# "retort", the program itself, or the name of a process above it, such as java, an executor of Spark.
set -u
retort=$1 models=$2 crash=${3:-} victim=${4:-}

if [ -z "$crash" ] || ! mkdir "$crash" 2>/dev/null; then
    exec "$retort" label --json --for-import --models "$models" -q -
fi

# 500 lines and half a one, and then no end: it waits for more when it is killed.
exec 3<&0
{ head -n 500 <&3; printf '{"id":"half'; sleep 3; } | "$retort" label --json --for-import --models "$models" -q - &
pid=$!
sleep 1
if [ "$victim" != retort ]; then
    above=$$
    while [ "$above" -gt 1 ] && [ "$(cat "/proc/$above/comm")" != "$victim" ]; do
        above=$(sed -n 's/^PPid:[^0-9]*//p' "/proc/$above/status")
    done
    [ "$above" -gt 1 ] && kill -9 "$above" && echo "$victim $above" >"$crash/killed"
fi
kill -9 "$pid" && echo "retort $pid" >>"$crash/killed"
wait "$pid"
