/* Text → tokens, folded.
 *
 * Folding: lower case, curly apostrophe to straight, digits inside words to 0, a letter three
 * times or more in a row to two ("sooo" and "soooo" are one word). Links, mail addresses, names
 * with @ and digit strings become classes, so that no person's name or number reaches a model. */
#include "features/extractor.h"

enum {
    LONGEST_WORD = 40, /* code points; what is longer is cut, not dropped */
    STEM = 5           /* bytes */
};

/* ---- folding ---- */

static const char *class_name(enum token_kind kind)
{
    static const char *const NAMES[] = {
        [TOKEN_LINK] = "<link>",     [TOKEN_MAIL] = "<mail>",   [TOKEN_USER] = "<user>",
        [TOKEN_NUMBER] = "<number>", [TOKEN_SMILE] = "<smile>", [TOKEN_FROWN] = "<frown>",
        [TOKEN_QUESTION] = "?",      [TOKEN_EXCLAIM] = "!",     [TOKEN_DOTS] = "...",
        [TOKEN_QUOTE] = "<quote>",
    };
    return kind < sizeof NAMES / sizeof NAMES[0] ? NAMES[kind] : NULL;
}

static uint32_t fold_letter(uint32_t code_point)
{
    if (code_point == 0x2019)
        return '\'';
    return code_point >= '0' && code_point <= '9' ? '0' : retort_fold(code_point);
}

static bool is_latin(uint32_t code_point)
{
    return code_point < 0x250 || (code_point >= 0x1E00 && code_point < 0x1F00);
}

/* What a word is while it is folded. */
struct folding {
    uint8_t bytes[4 * LONGEST_WORD];
    size_t len, n_letters, n_upper, n_latin;
};

/* Letter by letter, and notes what the folding loses: capitals, repeats, the script. */
static void fold_letters(struct retort_span word, struct token *token, struct folding *folding)
{
    size_t repeats = 0, n_folded = 0;
    uint32_t last = 0;
    for (size_t at = 0; at < word.len && n_folded < LONGEST_WORD;) {
        uint32_t raw = retort_utf8_next(word, &at), letter = fold_letter(raw);
        token->capital |= folding->n_letters == 0 && retort_is_upper(raw);
        folding->n_letters += retort_is_letter(raw);
        folding->n_upper += retort_is_upper(raw);
        folding->n_latin += is_latin(raw);
        token->accented |= raw > 0x7F && is_latin(raw) && retort_is_letter(raw);
        repeats = letter == last ? repeats + 1 : 0;
        last = letter;
        if (repeats < 2) {
            folding->len += retort_utf8_put(folding->bytes + folding->len, letter);
            n_folded++;
        }
        token->elongated |= repeats >= 2 && retort_is_letter(raw);
        token->veiled |= letter == '*' || letter == '0';
    }
}

/* The same for ASCII, without a look at what only other letters are. */
static bool fold_ascii(struct retort_span word, struct token *token, struct folding *folding)
{
    size_t n_repeats = 0;
    uint8_t last = 0;
    if (word.len > LONGEST_WORD)
        return false;
    for (size_t at = 0; at < word.len; at++) {
        uint8_t raw = word.data[at];
        bool upper = raw >= 'A' && raw <= 'Z', lower = raw >= 'a' && raw <= 'z';
        uint8_t letter = upper ? raw + 32 : raw >= '0' && raw <= '9' ? '0' : raw;
        if (raw >= 0x80)
            return false;
        token->capital |= folding->n_letters == 0 && upper;
        folding->n_letters += upper | lower;
        folding->n_upper += upper;
        n_repeats = letter == last ? n_repeats + 1 : 0;
        last = letter;
        folding->bytes[folding->len] = letter;
        folding->len += n_repeats < 2;
        token->elongated |= n_repeats >= 2 && (upper | lower);
        token->veiled |= letter == '*' || letter == '0';
    }
    folding->n_latin = word.len;
    return true;
}

/* Returns how many letters it has, of 40 that are looked at. */
static size_t fold_word(struct retort_span word, struct token *token, struct retort_buffer *folded)
{
    struct folding folding = {.len = 0};
    const struct token fresh = *token;
    if (!fold_ascii(word, token, &folding)) {
        *token = fresh;
        folding.len = folding.n_letters = folding.n_upper = 0;
        fold_letters(word, token, &folding);
    }
    retort_buffer_put(folded, (struct retort_span){folding.bytes, folding.len});
    token->upper = folding.n_upper >= 2 && folding.n_upper == folding.n_letters;
    token->foreign = folding.n_letters > 0 && folding.n_latin == 0;
    return folding.n_letters;
}

/* Where words are not parted, a word of another script is a whole sentence. */
static unsigned foreign_halves(const struct token *token, size_t n_letters)
{
    if (token->foreign)
        return !(token->classes & WORD_FOREIGN) && n_letters >= 4 ? 4 : 2;
    return token->accented && token->classes == 0 ? 3 : 0;
}

/* Words and emoji have folded letters of their own; of words the closed lists know more. */
static void fold_own(struct retort_extractor *extractor, struct retort_span raw,
                     struct token *token, struct retort_buffer *folded)
{
    size_t begin = folded->len, n_letters = 0;
    if (token->kind == TOKEN_WORD)
        n_letters = fold_word(raw, token, folded);
    else
        retort_buffer_put(folded, raw);
    struct retort_span word = retort_span_slice(retort_buffer_span(folded), begin, folded->len);
    token->hash = retort_hash(word, 0);
    token->stem = (uint32_t)retort_hash(retort_span_slice(word, 0, STEM), 1);
    token->folded_len = (uint8_t)word.len; /* of 40 code points at most */
    if (token->kind == TOKEN_WORD) {
        token->classes = retort_word_classes(&extractor->words, word);
        token->foreign |= (token->classes & WORD_FOREIGN) != 0;
        token->english = (token->classes & (WORD_FUNCTION | WORD_COMMON)) != 0 &&
                         !(token->classes & WORD_SHARED);
        token->foreign_halves = foreign_halves(token, n_letters) & 7;
    }
}

static void learn(struct retort_extractor *extractor, struct retort_span raw, enum token_kind kind,
                  struct lexeme *lexeme)
{
    struct retort_buffer *folded = &extractor->scratch;
    struct token token = {.kind = kind};
    retort_buffer_clear(folded);
    fold_own(extractor, raw, &token, folded);
    lexeme->hash = token.hash;
    lexeme->stem = token.stem;
    lexeme->facts = token.facts;
    memset(lexeme->known, 0, sizeof lexeme->known);
    memcpy(extractor->lexicon.folded[lexeme - extractor->lexicon.slots], folded->data, folded->len);
}

/* A word that the lexicon does not keep. */
static void put_stranger(struct retort_extractor *extractor, struct retort_span raw,
                         enum token_kind kind, struct token *token)
{
    *token = (struct token){.begin = token->begin,
                            .end = token->end,
                            .kind = kind,
                            .lexeme = NO_LEXEME,
                            .fold_begin = (uint32_t)extractor->strange.len};
    fold_own(extractor, raw, token, &extractor->strange);
}

void retort_token_classes(struct token classes[N_TOKEN_KINDS])
{
    for (size_t i = 0; i < N_TOKEN_KINDS; i++) {
        enum token_kind kind = (enum token_kind)i;
        const char *name = class_name(kind);
        classes[i] = (struct token){.kind = kind,
                                    .folded_len = name ? (uint8_t)strlen(name) : 0,
                                    .hash = name ? retort_hash(retort_span_of(name), 0) : 0,
                                    .lexeme = LEXICON_SLOTS + (uint32_t)kind};
    }
}

void retort_tally(struct token_list *list)
{
    struct tally tally = {0};
    if (list->has_tally)
        return;
    for (size_t i = 0; i < list->n; i++) {
        const struct token *token = &list->items[i];
        if (token->quoted)
            continue;
        tally.kinds[token->kind]++;
        tally.n_upper += token->upper;
        tally.n_elongated += token->elongated;
        for (uint32_t left = token->classes; left; left &= left - 1)
            tally.classes[__builtin_ctz(left)]++;
    }
    list->tally = tally;
    list->has_tally = true;
}

/* ---- a text ---- */

enum { CHUNK = 32 }; /* tokens that are found before the first is looked up */

static bool has_own_letters(enum token_kind kind)
{
    return kind == TOKEN_WORD || kind == TOKEN_EMOJI;
}

/* Where the lexicon has the token's word; a word that is new is learned. */
static void put_own(struct retort_extractor *extractor, struct retort_span text,
                    const struct sought *sought, struct token *token)
{
    bool known = true;
    struct lexeme *lexeme = NULL;
    if (token->end - token->begin <= LONGEST_LEXEME)
        lexeme = retort_lexicon_slot(&extractor->lexicon, sought, &known);
    if (!lexeme) {
        put_stranger(extractor, retort_span_slice(text, token->begin, token->end), token->kind,
                     token);
        return;
    }
    if (!known)
        learn(extractor, retort_span_slice(text, token->begin, token->end), token->kind, lexeme);
    token->hash = lexeme->hash;
    token->stem = lexeme->stem;
    token->facts = lexeme->facts;
    token->lexeme = (uint32_t)(lexeme - extractor->lexicon.slots);
}

static void put_class(const struct token *class, struct token *token)
{
    token->hash = class->hash;
    token->stem = 0;
    token->facts = class->facts;
    token->lexeme = class->lexeme;
}

static struct token *make_room(struct token_list *list)
{
    if (list->capacity - list->n < CHUNK) {
        list->capacity = list->capacity * 2 + 2 * CHUNK;
        list->items = retort_grow(list->items, list->capacity, sizeof *list->items);
    }
    return &list->items[list->n];
}

/* Those with letters of their own are on their way to the lexicon before the first is needed. */
static void seek(const struct lexicon *lexicon, const uint8_t *text, const struct found *found,
                 size_t n, struct sought *sought)
{
    for (size_t i = 0; i < n; i++)
        if (has_own_letters(found[i].kind))
            retort_lexicon_seek(lexicon, text + found[i].begin, found[i].end - found[i].begin,
                                &sought[i]);
}

static void put_chunk(struct retort_extractor *extractor, struct retort_span text,
                      const struct found *found, size_t n, struct token_list *list)
{
    struct sought sought[CHUNK];
    struct token *tokens = make_room(list);
    size_t n_words = 0, n_quotes = 0, n_english = 0, n_halves = 0;
    seek(&extractor->lexicon, text.data, found, n, sought);
    for (size_t i = 0; i < n; i++) {
        struct token *token = &tokens[i];
        token->begin = found[i].begin;
        token->end = found[i].end;
        token->within_quotes = token->quoted = false;
        if (has_own_letters(token->kind = found[i].kind))
            put_own(extractor, text, &sought[i], token);
        else
            put_class(&extractor->classes[found[i].kind], token);
        n_words += token->kind == TOKEN_WORD;
        n_quotes += token->kind == TOKEN_QUOTE;
        n_english += token->english;
        n_halves += token->foreign_halves;
    }
    list->n += n;
    list->n_words += n_words;
    list->n_quotes += n_quotes;
    list->n_english += n_english;
    list->n_foreign_halves += n_halves;
}

void retort_tokenize(struct retort_extractor *extractor, struct retort_span text,
                     struct token_list *list)
{
    struct scan scan = retort_scan_begin(&extractor->scanner, text);
    struct found found[CHUNK];
    size_t n;
    list->n = list->n_words = list->n_quotes = list->n_english = list->n_foreign_halves = 0;
    list->has_tally = false;
    do {
        n = retort_scan_some(&scan, found, CHUNK);
        put_chunk(extractor, text, found, n, list);
    } while (n == CHUNK);
}

bool retort_tokens_are_kept(struct lexicon *lexicon, const struct token_list *list)
{
    for (size_t i = 0; i < list->n; i++) {
        const struct token *token = &list->items[i];
        if (token->lexeme == NO_LEXEME)
            return false;
        if (token->lexeme >= LEXICON_SLOTS)
            continue;
        if (lexicon->slots[token->lexeme].hash != token->hash)
            return false;
        lexicon->slots[token->lexeme].item = lexicon->item;
    }
    return true;
}

struct retort_span retort_token_text(const struct retort_extractor *extractor,
                                     const struct token *token)
{
    const uint8_t *data;
    if (token->lexeme == NO_LEXEME)
        data = extractor->strange.data + token->fold_begin;
    else if (token->lexeme < LEXICON_SLOTS)
        data = extractor->lexicon.folded[token->lexeme];
    else
        data = (const uint8_t *)class_name(token->kind);
    return (struct retort_span){data, token->folded_len};
}

void retort_token_names(const struct retort_extractor *extractor, struct token_list *list,
                        struct retort_buffer *names)
{
    retort_buffer_byte(names, ' ');
    for (size_t i = 0; i < list->n; i++) {
        struct token *token = &list->items[i];
        struct retort_span text = retort_token_text(extractor, token);
        token->fold_begin = (uint32_t)names->len;
        retort_buffer_put(names, text);
        if (text.len > 0)
            retort_buffer_byte(names, ' ');
    }
}
