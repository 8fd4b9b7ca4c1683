# retort user: who may use a server; what retort serve refuses to begin.

test_user_is_added_listed_and_removed() {
    run 0 user add ann --role admin <<<"long enough"; grep -q "ann may come in as admin" out || fail "$(cat out)"
    is mode "$(stat -c %a retort.auth)" 600
    grep -q '^ann admin \$argon2id\$' retort.auth || fail "no argon2id hash: $(cat retort.auth)"
    ! grep -q "long enough" retort.auth || fail "the password itself is in the file"
    run 0 user add bob <<<"long enough"; run 0 user list; silent
    is list "$(cat out)" "$(printf 'admin      ann\nreviewer   bob')"
    run 0 user remove ann; run 0 user list; is list "$(cat out)" "reviewer   bob"
}

test_user_key_is_shown_once() {
    run 0 user key coral --auth-file u; key=$(cat out); is length "${#key}" 64
    ! grep -q "$key" u || fail "the key itself is in the file"
    is hash "$(cut -d: -f2 u)" "$(printf %s "$key" | sha256sum | cut -d' ' -f1)"
    run 0 user key coral --auth-file u; [ "$(cat out)" != "$key" ] || fail "the same key again"
    is lines "$(wc -l <u)" 1
}

test_user_refusals() {
    run 2 user; one_line add; run 2 user add; one_line "one name"; run 2 user add a b; one_line "one name"; run 2 user list a; one_line nothing
    run 2 user fire ann; one_line fire
    run 2 user add ann <<<short; one_line password; run 2 user add ann --role king <<<"long enough"; one_line king
    run 2 user add ann </dev/null; one_line password
    run 2 user add "an n" <<<"long enough"; one_line name; [ ! -e retort.auth ] || fail "a file was made"
    run 3 user list; one_line retort.auth; run 3 user remove ann; one_line retort.auth
    run 0 user add ann <<<"long enough"; run 2 user remove bob; one_line bob; run 2 user key ann; one_line ann user
    chmod 644 retort.auth; run 4 user list; one_line "chmod 600"
    echo "ann admin x" >bad; chmod 600 bad; run 3 user add bob --auth-file bad <<<"long enough"; one_line bad:1
}

test_serve_refusals() {
    run 2 serve --listen 8765; one_line ADDRESS:PORT; run 2 serve --listen 127.0.0.1:80x; one_line ADDRESS:PORT
    run 2 serve --listen 127.0.0.1:70000; one_line ADDRESS:PORT; run 2 serve --listen 0.0.0.0:0; one_line auth-file
    [ ! -e retort.db ] || fail "a file was made"
}

test_user_password_is_asked_for_twice() {
    asked() { python3 "$here/terminal.py" screen "$1" "$retort" user add ann </dev/null; }
    asked 'long enough\nlong enough\n' || fail "exit $?: $(cat screen)"
    ! grep -q "long enough" screen || fail "the password is seen"
    asked 'long enough\nlong enougH\n'; is exit $? 2; grep -q "not the same" screen || fail "$(cat screen)"
}
