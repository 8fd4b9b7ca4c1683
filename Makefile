# retort: `make demo` shows it, `make test` proves it, `make` builds build/retort and the library.
#
# One object a source file, one room a directory of src. SQL and help text live in files of their
# own and are embedded as byte arrays; nothing generated is committed.

BUILD   ?= build
DATA    ?= ../shared/data
CC      ?= gcc
PREFIX  ?= /usr/local

WARN    := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes
# No contraction into fused multiply-add: a margin is the same bits on every machine.
CFLAGS  ?= -O2 -g
ALL_CFLAGS = -std=c17 -D_XOPEN_SOURCE=700 -Isrc -I$(BUILD) $(WARN) -ffp-contract=off $(CFLAGS)
LDLIBS  := -lsvm -llinear -lpcre2-8 -lsqlite3 -ljansson -lsodium -lutf8proc -lxxhash -lpthread -lm

ROOMS   := base page thread features model train store review cli
SOURCES := $(sort $(foreach room,$(ROOMS),$(wildcard src/$(room)/*.c)))
EMBEDS  := $(sort $(wildcard src/*/*.sql))
OBJECTS := $(SOURCES:src/%.c=$(BUILD)/%.o)
LIBRARY := $(filter-out $(BUILD)/cli/main.o,$(OBJECTS))

all: $(BUILD)/retort $(BUILD)/libretort.a

$(BUILD)/retort: $(BUILD)/cli/main.o $(BUILD)/libretort.a
	$(CC) $(CFLAGS) $(LDFLAGS) -o $@ $^ $(LDLIBS)

$(BUILD)/libretort.a: $(LIBRARY)
	@rm -f $@
	$(AR) rcs $@ $^

$(BUILD)/%.o: src/%.c | $(EMBEDS:src/%=$(BUILD)/embed/%.h)
	@mkdir -p $(@D)
	$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# src/store/schema.sql → "embed/store/schema.sql.h", the bytes of a NUL-terminated array.
$(BUILD)/embed/%.h: src/%
	@mkdir -p $(@D)
	od -An -v -tx1 $< | sed 's/ \(..\)/0x\1,/g' >$@

-include $(OBJECTS:.o=.d)

clean:
	rm -rf $(BUILD)

.PHONY: all clean
