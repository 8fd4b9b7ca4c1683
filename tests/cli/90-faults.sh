# Relabelling while things go wrong. RETORT_FAULTS=300: so many kills, in place of a few.

faults() { python3 "$here/faults.py" "$@" >&3 2>&3 || exit 1; }

prepare() { # N comments, labelled by models old/ and to be labelled by new/: two tasks
    local n=0 models kind
    mkdir old new
    for models in old new; do
        for kind in one many; do
            n=$((n + 1)); python3 "$here/faults.py" lessons $n $kind >l.jsonl
            run 0 train -q --task task_$kind --recipe "words=1 train.costs=0.3" -o $models/$kind.model l.jsonl
        done
    done
    python3 "$here/faults.py" comments "$1" >c.jsonl
    run 0 label -q --models old -d x.db c.jsonl
    decide '\n\nq'
}

decide() { printf "$1" | timeout 60 "$retort" review -d x.db --reviewer anna --models old >/dev/null 2>err || fail "review: $(head -1 err)"; }
decisions() { sql "${1:-x.db}" "SELECT * FROM decision ORDER BY id"; }
said() { python3 "$here/faults.py" state "$1"; } # what the models say
to_new() { run "$1" relabel -q -d "${2:-x.db}" --model new/many.model new/one.model; }

wanted() { # what a run says that nobody disturbs: in the file `wanted`
    cp x.db quiet.db; to_new 0 quiet.db; said quiet.db >wanted; decisions >decided
}

holds() { # the run has come to its end, and is as one that nobody disturbed
    faults sound x.db 2; said x.db >found; same found wanted "the labels and those of a run that nobody disturbed"
    is "runs that are open" "$(sql x.db "SELECT count(*) FROM run WHERE state = 'open'")" 0
    decisions | head -n "$(wc -l <decided)" | cmp -s - decided || fail "decisions have changed"
}

stop_midway() { # COMMAND...: begins it and stops it where it has kept something, its id in $pid
    "$@" >/dev/null 2>err & pid=$!
    python3 - $pid <<'END'
import os, signal, sqlite3, sys, time
for _ in range(20000):
    try:
        if sqlite3.connect("x.db").execute("SELECT count(*) FROM run WHERE state = 'open' AND up_to > 0").fetchone()[0]:
            break
    except sqlite3.Error:
        pass
    if open(f"/proc/{sys.argv[1]}/stat").read().split(") ")[1][0] == "Z":
        break
    time.sleep(0.002)
os.kill(int(sys.argv[1]), signal.SIGSTOP)
END
    is "runs that are open" "$(sql x.db "SELECT count(*) FROM run WHERE state = 'open'")" 1
}

test_relabel_killed() {
    prepare 12000; faults kill "$retort" x.db "${RETORT_FAULTS:-8}" "${RETORT_SEED:-1}"
}

test_label_killed() {
    prepare 12000; faults load "$retort" c.jsonl "${RETORT_FAULTS:-6}" "${RETORT_SEED:-1}"
}

test_relabel_two_at_once() {
    prepare 20000; wanted
    stop_midway "$retort" relabel -q -d x.db --threads 1 --model new/many.model new/one.model
    to_new 4; one_line "at work"; run 4 prune -q -d x.db; one_line "at work"
    kill -CONT $pid; decide '\nq'; wait $pid; is "exit of the first" $? 0
    holds; is decisions "$(decisions | wc -l)" $(($(wc -l <decided) + 1))
    to_new 0; holds
}

test_relabel_models_changed_meanwhile() {
    prepare 20000; wanted
    stop_midway "$retort" relabel -q -d x.db --threads 1 --model new/many.model new/one.model
    mkdir kept; cp new/* kept
    cat old/many.model >new/many.model # overwritten where it lies
    cp old/one.model other; mv other new/one.model; : >new/many.model
    kill -CONT $pid; wait $pid; is "exit" $? 0
    holds
    run "3|4" relabel -q -d x.db --model new/many.model; one_line many.model
    said x.db >found; same found wanted "labels after a model that is none"
}

test_relabel_disk_full() { # a limit on the size of files, then none
    prepare 12000; wanted
    (trap '' XFSZ; ulimit -f 1000; exec timeout 120 "$retort" relabel -q -d x.db --model new/many.model new/one.model 2>err); is "exit code" $? 1
    one_line x.db; faults sound x.db 2; is decisions "$(decisions)" "$(cat decided)"
    to_new 0; holds
}

test_relabel_on_a_full_tmpfs() { # and then freed
    unshare -m true 2>/dev/null || skip "no mounts of our own here"
    prepare 12000; wanted; mkdir small; size=$(($(stat -c %s x.db) / 1024))
    cat >inside.sh <<'END'
mount -t tmpfs -o size=$1k none small && cp x.db small && dd if=/dev/zero of=small/filled bs=4k 2>/dev/null
rm small/filled; dd if=/dev/zero of=small/filled bs=1k count=$2 2>/dev/null
timeout 120 "$retort" relabel -q -d small/x.db --model new/many.model new/one.model 2>err; echo $? >exit
cp small/x.db* . ; rm small/filled
timeout 120 "$retort" relabel -q -d small/x.db --model new/many.model new/one.model 2>err2; echo $? >>exit
END
    cp x.db before.db; export retort
    unshare -m bash inside.sh $((3 * size + 8000)) $((2 * size + 7700)) || true
    is "exit when full, and when freed" "$(tr '\n' ' ' <exit)" "1 0 "
    one_line x.db; faults sound x.db 2
}

test_relabel_while_time_runs_backwards() {
    cat >clock.c <<'END'
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>
static struct timespec backwards(void)
{
    struct timespec now;
    syscall(SYS_clock_gettime, CLOCK_REALTIME, &now);
    double since = (double)(now.tv_sec - BEGAN) + 1e-9 * (double)now.tv_nsec;
    return (struct timespec){BEGAN - (time_t)(1000 * since), 0};
}
int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
    (void)zone;
    *now = (struct timeval){backwards().tv_sec, 0};
    return 0;
}
int clock_gettime(clockid_t clock, struct timespec *now)
{
    if (clock != CLOCK_REALTIME)
        return (int)syscall(SYS_clock_gettime, clock, now);
    *now = backwards();
    return 0;
}
time_t time(time_t *at)
{
    time_t now = backwards().tv_sec;
    if (at)
        *at = now;
    return now;
}
END
    cc -shared -fPIC -DBEGAN="$(date +%s)" -o clock.so clock.c 2>/dev/null || skip "no compiler"
    prepare 12000; wanted
    for _ in 1 2 3; do LD_PRELOAD=$PWD/clock.so timeout -s KILL 0.2 "$retort" relabel -q -d x.db --model new/many.model new/one.model 2>err; done
    export LD_PRELOAD=$PWD/clock.so; decide '\nq'; to_new 0; run 0 relabel --runs -d x.db; unset LD_PRELOAD
    holds; is "it did run backwards" "$(sql x.db 'SELECT sum(ended < begun) > 0 FROM run')" 1
    export LD_PRELOAD=$PWD/clock.so; run 0 relabel -q -d x.db --revert "$(sql x.db 'SELECT max(id) FROM run')"; unset LD_PRELOAD; faults sound x.db 2
}

test_label_cut_short() { # what came before the cut is stored
    mkdir old; python3 "$here/faults.py" lessons 1 one >l.jsonl
    run 0 train -q --task task_one --recipe "words=1 train.costs=0.3" -o old/one.model l.jsonl
    python3 "$here/faults.py" comments 3000 >c.jsonl; gzip -k c.jsonl
    mv c.jsonl.gz whole; head -c "$(($(stat -c %s whole) / 2))" whole >c.jsonl.gz
    run 3 label -q --models old -d x.db c.jsonl.gz; grep -q "c.jsonl.gz.*cut off" err || fail "$(head -1 err)"; faults sound x.db 1
    n=$(sql x.db 'SELECT count(*) FROM comment'); [ "$n" -gt 800 ] && [ "$n" -lt 3000 ] || fail "$n comments of 3000"
    mv whole c.jsonl.gz; run 0 label -q --models old -d x.db c.jsonl.gz; is "comments, when all of it was there" "$(sql x.db 'SELECT count(*) FROM comment')" 3000
    head -c 20000 c.jsonl >cut.jsonl; n=$(grep -c . <(head -c 20000 c.jsonl | sed '$d'))
    run 3 label -q --models old -d y.db cut.jsonl; one_line cut.jsonl; is "whole lines" "$(sql y.db 'SELECT count(*) FROM comment')" "$n"
}
