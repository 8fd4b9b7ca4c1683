#!/bin/sh
# The house: a room includes only itself and, by their one public header, the rooms upstream of it;
# each library is named in one room.
set -u
rooms="base archive page thread platform features model train store intake estimate review relabel exchange report serve cli"
passed=0
failed=0

complain() {
    printf '%s\n' "$1"
    failed=$((failed + 1))
}

check_include() { # file, its room, the included path
    file=$1 room=$2 path=$3
    other=${path%%/*}
    case " $rooms " in
    *" $other "*) ;;
    *) return ;; # a system header or an embedded file
    esac
    passed=$((passed + 1))
    [ "$other" = "$room" ] && return
    case " ${rooms%% "$room"*} " in
    *" $other "*) ;;
    *) complain "$file: room $room may not include $path: it is downstream" && return ;;
    esac
    [ "$path" = "$other/$other.h" ] || complain "$file: $path is private to its room"
}

check_library() { # room, headers as a pattern
    passed=$((passed + 1))
    for file in $(grep -lE "#include <($2)>" -r src); do
        case $file in
        src/$1/*) ;;
        *) complain "$file: only room $1 may include $2" ;;
        esac
    done
}

for room in $rooms; do
    [ -f "src/$room/$room.h" ] || complain "src/$room has no public header $room.h"
    for file in src/"$room"/*.[ch]; do
        for path in $(sed -n 's/^#include "\(.*\)"/\1/p' "$file"); do
            check_include "$file" "$room" "$path"
        done
    done
done
check_library train 'libsvm/svm.h|svm.h|linear.h'
check_library store 'sqlite3.h'
check_library features 'pcre2.h'
check_library archive 'zlib.h'
check_library page 'gumbo.h|iconv.h'
check_library platform 'expat.h'
check_library serve 'microhttpd.h'
check_library base 'jansson.h|nettle/[a-z0-9]*.h|sodium.h|utf8proc.h|xxhash.h'
printf '%d passed, %d failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
