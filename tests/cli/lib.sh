# What the cases share. Sourced by run.sh in each case's own directory; file descriptor 3 tells why.

root=$(cd "$here/../.." && pwd)
retort=$build/retort
unset NO_COLOR RETORT_MODELS LC_ALL LANG LANGUAGE COLUMNS
export RETORT_MODELS=${CLI_MODELS:-$root/models} TZ=UTC
model_dir=$RETORT_MODELS
python3() { command "$python" "$@"; }
python=/usr/bin/python3
[ -x $python ] || python=python3

fail() {
    echo "$*" >&3
    exit 1
}

skip() {
    echo "$*" >&3
    exit 77
}

# run EXIT ARGUMENT...: runs retort; its output is in `out` and `err`, and its exit code must be EXIT.
# EXIT may be several, as in "1|4". Standard input is the caller's.
run() {
    local want=$1 got
    shift
    timeout "${limit:-120}" "$retort" "$@" >out 2>err
    got=$?
    case "|$want|" in
    *"|$got|"*) ;;
    *)
        echo "retort $*: exit $got instead of $want" | cut -c1-300 >&3
        head -3 err >&3
        exit 1
        ;;
    esac
}

# Standard error is one line, and names each WORD (any case).
one_line() {
    local word
    [ "$(wc -l <err)" -eq 1 ] || { echo "stderr is not one line:" >&3; head -5 err >&3; exit 1; }
    for word in "$@"; do
        grep -qiF -- "$word" err || fail "stderr does not name '$word': $(cut -c1-300 err)"
    done
}

silent() { [ ! -s err ] || fail "stderr is not empty: $(head -2 err)"; }
empty_out() { [ ! -s out ] || fail "stdout is not empty: $(head -c 200 out)"; }

same() { # A B WHAT
    cmp -s "$1" "$2" || { echo "$3 differ:" >&3; diff <(head -c 20000 "$1") <(head -c 20000 "$2") | head -12 >&3; exit 1; }
}

# A check written in Python: it prints why it does not hold.
check() {
    python3 "$here/check.py" "$@" >&3 2>&3 || exit 1
}

# The JSON value of a jq expression over `out`, one line a value.
json() { jq -c "$1" "${2:-out}"; }

is() { # WHAT FOUND WANTED
    [ "$2" = "$3" ] || fail "$1 is '${2:0:200}' instead of '${3:0:200}'"
}

page() { cat "$here/page.txt"; }

# The rows a query gives, with Python's sqlite3, one a line.
sql() { # DB QUERY
    python3 - "$1" "$2" <<'END'
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute(sys.argv[2]):
    print("|".join("" if cell is None else str(cell) for cell in row))
END
}
