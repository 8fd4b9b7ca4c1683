# Commands, options, help and exit codes.

commands="split label queue review train eval model export doctor"

test_no_argument_is_usage() { run 2; empty_out; [ -s err ] || fail "nothing on stderr"; }

test_help_names_every_command() {
    run 0 help && silent
    for command in $commands; do grep -qw -- "$command" out || fail "help lacks $command"; done
    mv out help
    run 0 --help
    same help out "help and --help"
}

test_version() { run 0 --version && silent; grep -q '^retort [0-9]' out || fail "$(head -1 out)"; mv out one; run 0 version; same one out "version and --version"; }

test_help_of_every_command() {
    for command in $commands; do
        run 0 "$command" --help && silent
        grep -q "retort $command" out || fail "$command --help does not show how it is called"
        mv out help
        run 0 help "$command"
        same help out "$command --help and help $command"
    done
}

test_help_of_unknown_command() { run 2 help nonsense; empty_out; one_line nonsense; }

test_man_page() {
    run 0 help --man; silent
    for command in $commands; do grep -q "retort $command" out || fail "the man page lacks $command"; done
    ! command -v man >/dev/null || { man --warnings -E UTF-8 -l -Tutf8 -Z ./out >/dev/null 2>warnings; [ ! -s warnings ] || fail "man warns: $(head -2 warnings)"; }
}

test_help_has_no_colour_and_fits() {
    for command in $commands; do
        run 0 "$command" --help
        ! grep -q $'\033' out || fail "$command --help has escapes"
        ! grep -n '.\{101,\}' out >&3 || fail "$command --help has long lines"
    done
}

test_help_names_the_options() {
    run 0 label --help
    for option in --json --models --target --explain -d; do grep -q -- "$option" out || fail "label lacks $option"; done
    run 0 queue --help
    for option in --limit --order --task --label -d; do grep -q -- "$option" out || fail "queue lacks $option"; done
    run 0 eval --help
    for option in --items --model --json; do grep -q -- "$option" out || fail "eval lacks $option"; done
}

test_unknown_command_suggests() { run 2 splt x; empty_out; one_line splt split; }
test_unknown_command_far_off() { run 2 xyzzyq; empty_out; one_line xyzzyq; }
test_unknown_option_suggests() { run 2 label --jsn x; empty_out; one_line --jsn --json; }
test_unknown_short_option() { run 2 label -Z x; empty_out; one_line -Z; }
test_option_without_value() { run 2 label --models; empty_out; one_line --models; }
test_limit_is_a_number() { for n in x -1 1x "" 99999999999999999999999; do run 2 queue --limit "$n" -d x.db; empty_out; one_line limit; done; }
test_order_is_known() { run 2 queue --order sideways -d x.db; empty_out; one_line sideways; [ ! -e x.db ] || fail "made x.db"; }
test_format_is_known() { page >p.txt; run 2 split --format sideways p.txt; one_line sideways; }
test_export_format_is_known() { run 2 export --format sideways -d x.db; one_line sideways; [ ! -e x.db ] || fail "made x.db"; }
test_train_needs_output() { run 2 train --task x data.jsonl; one_line -o; }
test_train_needs_task() { run 2 train -o m data.jsonl; one_line task; [ ! -e m ] || fail "made m"; }
test_eval_needs_model() { run 2 eval data.jsonl; one_line model; }
test_model_needs_action() { run 2 model; empty_out; }
test_model_unknown_action() { run 2 model shw x; empty_out; one_line shw; }

test_option_forms() {
    page >p.txt
    run 0 split --json --format text p.txt; mv out one
    run 0 split --json --format=text p.txt; same one out "--format text and --format=text"
    run 0 split p.txt --json; same one out "options before and after the file"
    run 0 split --json -- p.txt; same one out "with and without --"
}

test_file_with_a_dash() { page >./-page.txt; run 0 split --json -- -page.txt; [ -s out ] || fail "no output"; }

test_doctor_says_what_it_found() {
    run "0|4" doctor
    for library in libsvm LIBLINEAR SQLite PCRE2 jansson libsodium utf8proc xxHash zlib; do
        grep -q "$library  *[0-9][0-9.]*" out || fail "doctor does not say the version of $library: $(head -5 out)"
    done
    for task in stance reply tone; do grep -q "$task" out || fail "doctor does not name $task"; done
}

test_stdout_that_is_full() {
    [ -e /dev/full ] || skip "no /dev/full"
    page >p.txt
    "$retort" split --json p.txt >/dev/full 2>err
    is "exit code" $? 1
    one_line
}

test_stdout_that_closes_early() {
    for _ in 1 2 3 4 5 6 7 8; do page; echo; done >p.txt
    { timeout 60 "$retort" split --json p.txt 2>err; echo $? >code; } | head -n 1 >/dev/null
    case "$(cat code)" in 0 | 1 | 141) ;; *) fail "exit $(cat code)" ;; esac
    [ "$(wc -l <err)" -le 1 ] || fail "stderr: $(head -3 err)"
}
