/* The lexicon: a few hundred closed-class words and the words that sites put on buttons.
 *
 * Cues see a word's class and nothing else of it, so no content word of a training page can enter
 * a model. Kept as one string a class, because that is how a person checks it; looked up by hash.
 */
#include "page/lexicon.h"

#include <assert.h>
#include <pthread.h>

enum { SLOTS = 4096 };

struct entry {
    struct word word;
    struct meaning meaning;
};

/* Many words of a page are in no list: their question ends at a free key. */
struct lexicon {
    uint32_t keys[SLOTS]; /* 0 for a free slot */
    struct entry entries[SLOTS];
};

static const char *const WORDS[N_WORD_CLASSES] = {
    [WORD_I] = "i me my mine myself i'm i've i'd i'll im ive imo imho",
    [WORD_WE] = "we us our ours ourselves we're we've we'll we'd",
    [WORD_YOU] = "you your yours yourself u ur you're you've you'll you'd youre ya y'all",
    [WORD_THEY] = "he she they him her them his their he's she's they're they'd they've himself "
                  "themselves",
    [WORD_SAID] = "said told added according reported announced stated claimed explained warned "
                  "spokesman spokeswoman spokesperson statement insisted argued noted tells "
                  "confirmed declined describes",
    [WORD_NOT] =
        "not no never nothing nobody none isn't don't doesn't didn't can't won't wasn't "
        "aren't ain't couldn't wouldn't shouldn't haven't hasn't dont cant didnt doesnt isnt "
        "cannot",
    [WORD_OPINION] = "think guess believe maybe probably feel hope wonder seems suppose bet agree "
                     "disagree honestly personally obviously clearly apparently love hate wish "
                     "understand mean",
    [WORD_ASK] = "what why how who where when which what's who's how's whats whose",
    [WORD_SLANG] =
        "lol lmao rofl haha hahaha hehe omg wtf btw tbh fyi iirc afaik yeah yep yup nope "
        "ok okay gonna wanna gotta kinda sorta dude guy guys folks hey damn hell crap "
        "stuff cuz tho thru anyways pretty awesome edit op til smh ftw meh",
    [WORD_RUDE] = "shit fuck fucking fucked bullshit ass asshole stupid idiot idiots moron morons "
                  "dumb ridiculous pathetic sick bitch clown liar liars retarded",
    [WORD_THANKS] = "thanks thank thx cheers congrats congratulations welcome sorry please",
    [WORD_ANSWER] =
        "yes no yeah agreed exactly true right well oh wow ah great good nice sure "
        "actually really correct indeed absolutely totally wrong false hi hello hey lol "
        "ha haha nope yep ok interesting excellent amazing seriously perhaps agree "
        "dear same this",
    [WORD_CONNECT] = "but and so or because also however therefore then second secondly finally "
                     "besides moreover although though still yet nor plus anyway meanwhile instead "
                     "additionally furthermore otherwise third fourth lastly again",
    [WORD_POINT] = "this that these those it it's they he she such there here that's there's its "
                   "which another other both either",
    [WORD_GRAMMAR] =
        "the a an of in to and for on with at by from as is are was were be been has "
        "have had will would can could should may might must do does did that this it "
        "or but if than then not which who into about over after before between through "
        "during while because so such more most some any all its their his her",
    [WORD_MONTH] = "january february march april may june july august september october november "
                   "december jan feb mar apr jun jul aug sep sept oct nov dec",
    [WORD_WEEKDAY] =
        "monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu "
        "thur thurs fri sat sun",
    [WORD_UNIT] = "second seconds minute minutes hour hours day days week weeks month months year "
                  "years min mins hr hrs yr yrs sec yesterday",
    [WORD_AGO] = "ago",
    [WORD_HALF] = "am pm a.m p.m utc gmt est pst edt pdt cet bst",
    [WORD_BUTTON] = "reply like share report flag permalink recommend quote upvote downvote edit "
                    "delete save parent likes points votes vote score unlike embed permanent link "
                    "inappropriate hide collapse expand reactions",
    [WORD_SITE] =
        "subscribe newsletter newsletters login register menu home search privacy terms "
        "copyright rights reserved archives archive categories category sponsored "
        "advertisement advertise advertising ads cookie cookies rss sitemap sign log email "
        "print password username website navigation skip content powered blogroll tags "
        "tagged filed topics faq contact feedback help account submit notify required attributes "
        "html xhtml uri feed feeds xml trackback trackbacks pingback pingbacks captcha bookmark "
        "characters optional sidebar webmaster disclaimer",
    [WORD_SOCIAL] = "facebook twitter whatsapp linkedin google pinterest tweet tweets telegram "
                    "instagram youtube tumblr digg stumbleupon reddit delicious follow followers",
    [WORD_MORE] = "read more next previous related recommended trending popular latest top stories "
                  "watch older newer see view load show continue click",
    [WORD_DISCUSS] = "comment comments reply replies response responses discussion thoughts "
                     "conversation trackbacks pingbacks readers commenting moderated",
    [WORD_WRITES] = "says said wrote writes commented replied answered responded",
    [WORD_BY] = "by posted written submitted published updated edited created added",
    [WORD_PHOTO] =
        "photo photograph image images picture pictured caption photos courtesy via video "
        "file handout gallery",
    [WORD_JOB] = "reporter editor correspondent journalist author writer columnist contributor "
                 "freelance covers covering covered editorial newsroom reporting staff biography",
    [WORD_AGENCY] = "reuters ap afp getty bloomberg associated press upi agency interfax bbc cnn",
    [WORD_PRAISE] =
        "great good nice excellent awesome love loved wonderful fantastic helpful useful "
        "amazing brilliant beautiful enjoyed appreciate interesting thoughtful lovely "
        "superb kudos bravo",
    [WORD_RULES] =
        "guidelines guideline policy rules abusive offensive defamatory inappropriate "
        "profanity moderated moderation moderators moderator respectful civil spam vulgar "
        "obscene removed deleted registered",
    [WORD_INVITE] = "leave post add join share tell below submit start login log sign first let "
                    "write weigh sound drop enter respond",
    [WORD_POST] =
        "post posts article articles author blog blogs piece reading writer writing column "
        "site journalism headline commenter commenters op poster",
};

static const char OPENERS[] =
    "and but so or because also however then yet still though although anyway besides plus "
    "the a an this that these those it it's its he she they there here i i'm i've i'd we you your "
    "you're my our his her their what why how who where when which whose if as in on at for from "
    "with of to by not no nope never nothing yes yeah yep well oh ok okay wow lol haha thanks "
    "thank "
    "great good nice agreed exactly true right sorry please hi hello hey dear maybe perhaps "
    "actually really sure just only even all some many most one two is are was do does did have "
    "has can could would will should let let's don't can't now after before since while";

static uint32_t key_of(uint64_t hash)
{
    return (uint32_t)hash | 1;
}

/* The word's slot, or the free one where it belongs. */
static inline size_t slot_of(const struct lexicon *lexicon, const struct word *word, uint64_t hash)
{
    size_t at = hash >> 32 & (SLOTS - 1);
    uint32_t key = key_of(hash);
    while (lexicon->keys[at] &&
           (lexicon->keys[at] != key || !word_equal(&lexicon->entries[at].word, word)))
        at = (at + 1) & (SLOTS - 1);
    return at;
}

struct meaning lexicon_find(const struct lexicon *lexicon, const struct word *word, uint64_t hash)
{
    size_t at = slot_of(lexicon, word, hash);
    return lexicon->keys[at] ? lexicon->entries[at].meaning : (struct meaning){0, 0};
}

/* ---- making it ------------------------------------------------------------------------------ */

/* The next word of a list that has one space between words; false at its end. */
static bool next_word(struct retort_span *rest, struct retort_span *word)
{
    size_t end = 0;
    while (end < rest->len && rest->data[end] != ' ')
        end++;
    *word = retort_span_slice(*rest, 0, end);
    *rest = retort_span_slice(*rest, end < rest->len ? end + 1 : end, rest->len);
    return word->len > 0;
}

static struct meaning *take_slot(struct lexicon *lexicon, struct retort_span listed)
{
    assert(listed.len <= WORD_MOST);
    struct word word = {.len = (uint8_t)listed.len};
    memcpy(word.bytes, listed.data, listed.len);
    uint64_t hash = word_hash(&word);
    size_t at = slot_of(lexicon, &word, hash);
    lexicon->keys[at] = key_of(hash);
    lexicon->entries[at].word = word;
    return &lexicon->entries[at].meaning;
}

static struct lexicon made;

static void make(void)
{
    struct retort_span rest, word;
    for (size_t i = 0; i < N_WORD_CLASSES; i++) {
        rest = retort_span_of(WORDS[i]);
        while (next_word(&rest, &word))
            take_slot(&made, word)->classes |= WORD_BIT(i);
    }
    rest = retort_span_of(OPENERS);
    for (uint8_t opener = 1; opener <= N_OPENERS && next_word(&rest, &word); opener++)
        take_slot(&made, word)->opener = opener;
}

const struct lexicon *lexicon_get(void)
{
    static pthread_once_t once = PTHREAD_ONCE_INIT;
    pthread_once(&once, make);
    return &made;
}

struct retort_span lexicon_opener_word(uint8_t opener)
{
    struct retort_span rest = retort_span_of(OPENERS), word = {NULL, 0};
    for (uint8_t at = 0; at < opener && next_word(&rest, &word);)
        at++;
    return word;
}
