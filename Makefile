# retort: `make demo` shows it, `make test` proves it, `make` builds build/retort and the library.
#
# One object a source file, one room a directory of src. SQL and other text live in files of their
# own and are embedded as byte arrays; nothing generated is committed but models/.

BUILD   ?= build
DATA    ?= ../shared/data
PREFIX  ?= /usr/local
DB      ?= demo.db
JOBS    := $(shell nproc 2>/dev/null || echo 1)

WARN     := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
CFLAGS   ?= -O2 -g
# No contraction into fused multiply-add: a margin is the same bits on every machine.
CPPFLAGS += -D_DEFAULT_SOURCE -Isrc -I$(BUILD)
COMPILE   = $(CC) -std=c17 $(CPPFLAGS) $(WARN) -ffp-contract=off $(CFLAGS) -MMD -MP -c
# Linked in, all but the server's, which would bring nine more: finding libraries and their symbols is a third of what
# one comment takes from the start. LINKED_IN=no: all are found at run time, as a distribution wants it. libsvm is C++.
LINKED_IN ?= $(if $(filter-out /%,$(foreach name,svm blas stdc++,$(shell $(CC) -print-file-name=lib$(name).a 2>&1))),no,yes)
LIBS     := -lsvm -llinear -lpcre2-8 -lsqlite3 -ljansson -lsodium -lnettle -lutf8proc -lxxhash -lgumbo -lexpat -lz
LDLIBS   := $(if $(filter yes,$(LINKED_IN)),-Xlinker -Bstatic $(LIBS) -lblas -lstdc++ -Xlinker -Bdynamic,$(LIBS)) \
            -lmicrohttpd -lpthread -lm

# Debian packages: to build and run; to test; to check the style; to rebuild the models.
DEPS       := libsvm-dev liblinear-dev libpcre2-dev libsqlite3-dev libjansson-dev libsodium-dev nettle-dev \
              libutf8proc-dev libxxhash-dev libgumbo-dev libexpat1-dev zlib1g-dev libmicrohttpd-dev
TEST_DEPS  := check python3 jq
STYLE_DEPS := clang-format cppcheck
FUZZ_DEPS  := clang libclang-rt-dev
COVER_DEPS := gcovr
MODEL_DEPS := python3
CLIENT_DEPS := python3-pip
PEER_DEPS  := python3-pip python3-venv
BENCH_DEPS := fasttext python3-sklearn liblinear-tools libsvm-tools
CLUSTER_DEPS = parallel python3-pip $(if $(shell sh -c 'command -v java'),,default-jre-headless)
# Node may come from elsewhere than Debian and bring its own npm.
BROWSER_DEPS = $(if $(shell sh -c 'command -v npm'),,nodejs npm) $(if $(shell sh -c 'command -v chromium'),,chromium) \
               fonts-dejavu-core

ROOMS   := base archive page thread platform features model train store intake estimate review relabel exchange report serve cli
SOURCES := $(sort $(foreach room,$(ROOMS),$(wildcard src/$(room)/*.c)))
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/%.o)
LIBRARY := $(filter-out $(BUILD)/cli/%,$(OBJECTS))
PROGRAM := $(filter $(BUILD)/cli/%,$(OBJECTS))
EMBEDS  := $(patsubst src/%,$(BUILD)/embed/%.h,$(sort $(wildcard src/*/*.sql src/*/*.css src/*/*.json src/*/*.bib))) \
           $(BUILD)/embed/serve/page.h
PAGE    := $(sort $(wildcard src/serve/page/*))
TESTS   := $(patsubst tests/%.c,$(BUILD)/tests/%.o,$(sort $(filter-out tests/fuzz/% tests/bench/% tests/peers/%,\
               $(wildcard tests/*.c tests/*/*.c))))
FUZZERS := $(patsubst tests/fuzz/fuzz_%.c,%,$(sort $(wildcard tests/fuzz/fuzz_*.c)))
REPLAYS := $(FUZZERS:%=$(BUILD)/tests/fuzz/replay_%)

.SECONDARY: $(EMBEDS) $(patsubst tests/%.c,$(BUILD)/tests/%.o,$(wildcard tests/fuzz/*.c))

all: $(BUILD)/retort $(BUILD)/libretort.a $(BUILD)/retort.1

$(BUILD)/retort: $(PROGRAM) $(BUILD)/libretort.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libretort.a: $(LIBRARY)
	@rm -f $@
	@$(AR) rcs $@ $^

$(BUILD)/retort.1: $(BUILD)/retort
	$(BUILD)/retort help --man >$@

# Their loops over lanes are to fill the registers.
$(BUILD)/page/network.o $(BUILD)/features/product.o $(BUILD)/features/kin.o $(BUILD)/model/open.o: CFLAGS += -ftree-vectorize -fvect-cost-model=dynamic -fpeel-loops

$(BUILD)/%.o: src/%.c | $(EMBEDS)
	@mkdir -p $(@D)
	$(COMPILE) -o $@ $<

# src/store/schema_1.sql becomes "embed/store/schema_1.sql.h": its bytes, as C numbers.
$(BUILD)/embed/%.h: src/%
	@mkdir -p $(@D)
	od -An -v -tx1 $< | sed 's/ \(..\)/0x\1,/g' >$@

# The page's files, and a table of their names.
$(BUILD)/embed/serve/page.h: $(PAGE)
	@mkdir -p $(@D)
	@{ n=0; for f in $^; do \
	    n=$$((n + 1)); printf 'static const uint8_t ASSET_%d[] = {\n' $$n; \
	    od -An -v -tx1 $$f | sed 's/ \(..\)/0x\1,/g'; echo '};'; done; \
	  echo 'static const struct asset ASSETS[] = {'; \
	  n=0; for f in $^; do \
	    n=$$((n + 1)); printf '    {"%s", ASSET_%d, sizeof ASSET_%d},\n' $${f##*/} $$n $$n; done; \
	  echo '};'; } >$@

# ---- packages ----

# Says which of the packages are missing and installs them.
define install_packages
@missing=; for p in $(1); do \
    dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$p"; \
done; \
if [ -n "$$missing" ]; then \
    echo "missing Debian packages:$$missing; installing them"; \
    if [ "$$(id -u)" = 0 ]; then as=; else as=sudo; fi; \
    $$as apt-get update -qq && \
    $$as env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null; \
fi
endef

deps:
	$(call install_packages,$(DEPS))
deps-test: deps
	$(call install_packages,$(TEST_DEPS))

# ---- the demo ----

demo: deps
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@$(BUILD)/retort label -d $(DB) tests/golden/sample.txt

# ---- tests ----

test: deps-test
	@$(MAKE) --no-print-directory -s -j$(JOBS) all $(BUILD)/tests/suites replays
	@$(MAKE) --no-print-directory -s -j$(JOBS) BUILD=$(BUILD)/sanitized LINKED_IN=no \
	    CFLAGS="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined -fno-sanitize-recover=all" \
	    $(BUILD)/sanitized/tests/suites $(BUILD)/sanitized/retort replays
	@sh tests/run.sh $(BUILD)

# Google's client for Python, of a registry; the one for Node is among the browser's tests.
test-clients: deps-test
	$(call install_packages,$(CLIENT_DEPS))
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@sh tests/clients/run.sh $(BUILD)

# What annotators' programs and ConvoKit make of our exports, and we of theirs; of a registry.
test-exchange: deps-test
	$(call install_packages,$(CLIENT_DEPS) python3-venv)
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@sh tests/exchange/peers.sh $(BUILD)

# Labelling on many machines: GNU parallel, and Spark, of a registry.
test-cluster: deps-test
	$(call install_packages,$(CLUSTER_DEPS))
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@sh tests/cluster/run.sh $(BUILD)

# Figures and formats beside those of other programs, of a registry.
test-peers: deps-test
	$(call install_packages,$(PEER_DEPS))
	@$(MAKE) --no-print-directory -s -j$(JOBS) all $(BUILD)/tests/peers/figures
	@sh tests/peers/run.sh $(BUILD)

$(BUILD)/tests/peers/figures: $(BUILD)/tests/peers/figures.o $(BUILD)/libretort.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/tests/%.o: tests/%.c | $(EMBEDS)
	@mkdir -p $(@D)
	$(COMPILE) -Itests -o $@ $<

$(BUILD)/tests/suites: $(TESTS) $(BUILD)/libretort.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ -lcheck -lsubunit -lrt $(LDLIBS)

# The review page in Chromium, as a person meets it; what node needs is put into build/browser, screenshots into
# build/screenshots.
test-browser: deps
	$(call install_packages,$(BROWSER_DEPS))
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	@sh tests/browser/run.sh $(BUILD)

# ---- measuring the server ----

$(BUILD)/tests/bench/load: tests/bench/load.c
	@mkdir -p $(@D)
	$(CC) -std=c17 $(CPPFLAGS) $(WARN) $(CFLAGS) -o $@ $<

# Figures of `retort serve` on this machine: tests/bench/results/serve.json. PART=start,alone,busy,hostile,large:
# only these. TEXTS=FILE.jsonl: texts of that file instead of ours. The large part takes the store that
# bench-queue has left, if there is one.
bench-serve: deps-test
	@$(MAKE) --no-print-directory -s -j$(JOBS) all $(BUILD)/tests/bench/load
	python3 tests/bench/serve.py $(BUILD)/retort $(BUILD)/tests/bench/load tests/bench/results/serve.json \
	    $(PART:%=--part %) --large-db $(BUILD)/bench-queue.db $(TEXTS:%=--comments %)

# ---- measuring labelling and the queue ----

$(BUILD)/bench_%: $(BUILD)/tests/bench/bench_%.o $(BUILD)/libretort.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

# The program with PCRE2 asked for every token.
$(BUILD)/bench_exact: $(BUILD)/tests/bench/bench_exact.o $(PROGRAM) $(BUILD)/libretort.a
	$(CC) $(CFLAGS) $(LDFLAGS) -Wl,--wrap=retort_scan_begin -o $@ $^ $(LDLIBS)

# Labelling many comments beside what Debian packages, on the same work in one run; 100,000 comments and about half an
# hour. QUICK=1: 10,000 comments in three minutes, figures in build/ only. PART=NAME,...: only these of
# train, quality, label, threads, store, cold, stream.
BENCH_OUT = $(if $(QUICK),$(BUILD)/bench-quick.json,tests/bench/results/batch.json)
bench: deps
	$(call install_packages,$(BENCH_DEPS))
	@$(MAKE) --no-print-directory -s -j$(JOBS) all $(BUILD)/bench_corpus $(BUILD)/bench_meter $(BUILD)/bench_floor \
	    $(BUILD)/bench_exact
	python3 tests/bench/batch.py $(BUILD) models $(BENCH_OUT) $(if $(QUICK),--quick) $(PART:%=--part %) \
	    $(RUNS:%=--runs %) $(COMMENTS:%=--comments %)

# A store of COMMENTS generated comments (1,000,000 of them; 1 GB in build/), then what its views take.
bench-queue: deps
	@$(MAKE) --no-print-directory -s $(BUILD)/bench_queue
	$(BUILD)/bench_queue $(or $(COMMENTS),1000000) $(BUILD)/bench-queue.db

# Reports, samples, exports, imports and forgetting over the store that bench-queue makes, each once:
# tests/bench/results/research.json. PART=report,export,...: only these; FORMATS=jsonl,...: of exports and imports.
bench-research: deps
	@$(MAKE) --no-print-directory -s -j$(JOBS) all $(BUILD)/bench_queue $(BUILD)/bench_meter
	@test -f $(BUILD)/bench-queue.db || $(BUILD)/bench_queue 1000000 $(BUILD)/bench-queue.db >/dev/null
	python3 tests/bench/research.py $(BUILD) models $(BUILD)/bench-queue.db tests/bench/results/research.json \
	    $(PART:%=--part %) $(FORMATS:%=--formats %)

# ---- fuzzing ----

FUZZ_TOOLS := $(BUILD)/tests/fuzz/fuzz.o $(BUILD)/libretort.a
TARGET     ?= $(firstword $(FUZZERS))
SECONDS    ?= 600
FUZZED     := $(BUILD)/fuzzed

# The kept inputs, run by `make test`.
replays: $(REPLAYS)

$(BUILD)/tests/fuzz/replay_%: $(BUILD)/tests/fuzz/fuzz_%.o $(BUILD)/tests/fuzz/replay.o $(FUZZ_TOOLS)
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/tests/fuzz/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(FUZZ_TOOLS)
	$(CC) $(CFLAGS) -fsanitize=fuzzer $(LDFLAGS) -o $@ $^ $(LDLIBS)

# make fuzz TARGET=archive SECONDS=600: what it finds stands in build/fuzzed/found/. FUZZ_FLAGS are
# libFuzzer's: -len_control=0 makes inputs long at once.
fuzz: deps
	$(call install_packages,$(FUZZ_DEPS))
	@$(MAKE) --no-print-directory -s -j$(JOBS) BUILD=$(FUZZED) CC=clang LINKED_IN=no \
	    CFLAGS="-O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all" \
	    $(FUZZED)/tests/fuzz/fuzz_$(TARGET)
	@mkdir -p $(FUZZED)/found/$(TARGET)
	$(FUZZED)/tests/fuzz/fuzz_$(TARGET) -max_total_time=$(SECONDS) -timeout=10 -rss_limit_mb=2048 \
	    -max_len=100000 $(FUZZ_FLAGS) -artifact_prefix=$(FUZZED)/found/$(TARGET)- -print_final_stats=1 \
	    $(FUZZED)/found/$(TARGET) tests/fuzz/corpus/$(TARGET)

# Shows what the golden outputs would become and asks before it writes them.
golden: all
	@sh tests/golden.sh $(BUILD)/retort --ask

check-style:
	$(call install_packages,$(STYLE_DEPS))
	clang-format --dry-run --Werror $$(git ls-files '*.c' '*.h')
	cppcheck --quiet --error-exitcode=1 --std=c11 --enable=warning,performance,portability \
	    --inline-suppr --suppress=missingIncludeSystem -Isrc src

coverage: deps-test
	$(call install_packages,$(COVER_DEPS))
	@$(MAKE) --no-print-directory -s -j$(JOBS) BUILD=$(BUILD)/covered CFLAGS="-O0 -g --coverage" all $(BUILD)/covered/tests/suites
	-$(BUILD)/covered/tests/suites >/dev/null
	-RETORT_MODELS=models sh tests/cli/run.sh $(BUILD)/covered >/dev/null
	gcovr --root . --filter src/ --exclude src/cli/main.c --print-summary $(BUILD)/covered | tail -n 3

# ---- models ----

models: deps
	$(call install_packages,$(MODEL_DEPS))
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	sh training/models.sh $(BUILD)/retort $(DATA) $(BUILD)/data models $(or $(PART),all)

# Measures labels and splitter, writes training/results. PART=labels or PART=splitter: only these; ONLY="SET…": of the
# labels only these rows.
quality: deps
	$(call install_packages,$(MODEL_DEPS))
	@$(MAKE) --no-print-directory -s -j$(JOBS) all
	sh training/quality.sh $(BUILD)/retort $(DATA) $(BUILD)/data training/results \
	    $(or $(PART),$(if $(ONLY),labels,all)) $(ONLY:%=--only %)

# Do the report's intervals cover, and do its corrections correct? Worlds with known shares, training/results/coverage.tsv;
# a few minutes. DRAWS=100: as many of each setting. SEED=2: other worlds of the same settings, training/results/coverage_2.tsv.
$(BUILD)/simulate: training/simulate.c $(BUILD)/libretort.a
	$(CC) -std=c17 $(CPPFLAGS) $(WARN) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

simulate: deps
	@$(MAKE) --no-print-directory -s -j$(JOBS) $(BUILD)/simulate
	$(BUILD)/simulate $(or $(DRAWS),1000) $(SEED) >$(BUILD)/coverage.tsv
	mv $(BUILD)/coverage.tsv training/results/coverage$(SEED:%=_%).tsv

# ---- installation ----

install: all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/retort/models \
	    $(DESTDIR)$(PREFIX)/share/man/man1
	install $(BUILD)/retort $(DESTDIR)$(PREFIX)/bin/retort
	install -m 644 models/* $(DESTDIR)$(PREFIX)/share/retort/models
	install -m 644 $(BUILD)/retort.1 $(DESTDIR)$(PREFIX)/share/man/man1/retort.1

clean:
	rm -rf $(BUILD) demo.db demo.db-wal demo.db-shm

-include $(OBJECTS:.o=.d) $(TESTS:.o=.d) $(wildcard $(BUILD)/tests/fuzz/*.d $(BUILD)/tests/bench/*.d)


.PHONY: bench bench-serve bench-queue bench-research all deps deps-test demo test test-clients test-cluster test-peers test-exchange test-browser replays fuzz golden check-style coverage models quality simulate install clean
