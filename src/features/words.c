/* Closed lists of words, written by hand: what a word does where a model has too few examples to
 * learn it. A list is one string; the words of all lists stand in one hash table, built with the
 * extractor that owns it. */
#include "features/words.h"

#include <string.h>

/* clang-format off */
static const struct {
    uint32_t classes;
    const char *words;
} LISTS[] = {
    {WORD_FUNCTION,
     "a an the this that these those of to in on at by for from with without about into over under "
     "after before between through during against and or but if then than so as because while "
     "though although since until unless is are was were be been being am do does did done have "
     "has had having will would shall should can could may might must i me my mine we us our ours "
     "you your yours he him his she her hers it its they them their theirs who whom whose which "
     "what where when why how there here all any both each few more most other some such only own "
     "same too very just also not no nor one two it's i'm don't doesn't isn't aren't wasn't "
     "weren't can't won't that's they're we're you're he's she's there's i've you've we've they've "
     "i'd i'll you'll didn't hasn't haven't wouldn't couldn't shouldn't let's what's who's out up "
     "down off again once even still yet ever never much many every another"},
    {WORD_QUESTION,
     "who what when where why how which whose is are was were do does did can could would should "
     "will have has isn't aren't don't doesn't didn't wouldn't couldn't shouldn't won't"},
    {WORD_NEGATION,
     "not no never nothing nobody none neither nor cannot can't don't doesn't didn't isn't aren't "
     "wasn't weren't won't wouldn't shouldn't couldn't hasn't haven't hadn't ain't without hardly "
     "barely dont cant wont isnt doesnt didnt wasnt wouldnt"},
    {WORD_AGREE,
     "agree agreed agrees yes yep yeah yup exactly absolutely true indeed precisely correct right "
     "amen seconded concur totally definitely bravo hear +1 this well-said spot-on"},
    {WORD_DISAGREE,
     "disagree disagreed wrong false untrue incorrect nonsense lie lies lying liar bullshit bs "
     "rubbish baloney hogwash ridiculous absurd debunked fake hoax myth fallacy strawman mistaken "
     "actually nope bogus misleading misinformation rumor rumour rumors rumours unconfirmed "
     "however contrary"},
    {WORD_DOUBT,
     "maybe perhaps probably possibly allegedly apparently supposedly seems seem seemed unsure "
     "doubt doubtful suspect wonder wondering guess think unclear might could suppose likely if "
     "really source sources proof evidence"},
    {WORD_POLITE,
     "please thanks thank thankyou sorry appreciate appreciated grateful kindly welcome apologies "
     "apologize apologise excuse pardon regards hello hi dear respectfully"},
    {WORD_LAUGH, "lol lmao rofl haha hahaha ha heh hehe lmfao lolol hah bwahaha mwahaha xd"},
    {WORD_SWEAR,
     "fuck fucking fucked fucker shit shitty crap damn goddamn hell ass asshole bitch bastard dick "
     "cunt idiot idiots moron morons stupid dumb dumbass retard loser scum pathetic piss pissed "
     "wtf stfu"},
    {WORD_FIRST, "i me my mine myself we us our ours ourselves i'm i've i'd i'll we're we've"},
    {WORD_SECOND, "you your yours yourself yourselves you're you've you'd you'll u ur ya y'all"},
    {WORD_GOOD,
     "good great best better benefit benefits beneficial support supports supported supporting "
     "favor favour pro help helps helpful helped helping love loved loves like likes liked enjoy "
     "important necessary essential vital needed right rights fair fairness just justice success "
     "successful effective efficient improve improves improved improvement positive valuable value "
     "worth worthy safe safer safety secure protect protects protection freedom free hope hopeful "
     "happy glad proud excellent wonderful brilliant smart wise sensible reasonable useful "
     "advantage advantages gain gains progress solution solves solve encourage encourages promote "
     "promotes deserve deserves deserved yes agree healthy strong stronger thriving win wins "
     "opportunity opportunities affordable sustainable kudos welcome"},
    {WORD_BAD,
     "bad worse worst terrible horrible awful harm harms harmful hurt hurts damage damages "
     "dangerous danger risk risks risky oppose opposes opposed opposing against anti ban banned "
     "abolish stop end wrong unfair unjust injustice failure fail fails failed failing useless "
     "waste wasted wasteful expensive costly cost costs problem problems negative hate hated hates "
     "stupid foolish ridiculous absurd silly corrupt corruption greed greedy crime criminal abuse "
     "abuses victim victims suffer suffers suffering destroy destroys destroyed ruin ruins ruined "
     "threat threatens threatening kill kills killed death dead war poor poverty sick sad angry "
     "fear scary unnecessary worthless disaster disastrous crisis decline lose loses lost losing "
     "loss burden exploit exploits exploitation discrimination racist racism bias biased immoral "
     "unethical illegal unhealthy weak shame shameful disgrace disgusting lie lies nonsense myth "
     "unable impossible disagree"},
    {WORD_MUST, "should must ought need needs needed require required shall shouldn't mustn't"},
    {WORD_TURN,
     "abandon abandoned abolish abolished against anti bad ban banned bans cancel cancelled cease "
     "combat criminalize criminalized dangerous destroy destroying discourage dismantle disband "
     "eliminate end ended ending evil fail failed failing fails fight forbid forbidden harm harmful "
     "harms hurts kill killing limit limited oppose outlaw outlawed overrated prevent prohibit "
     "prohibited reduce reduced reject repeal restrict restricted ruin ruining stop stopped "
     "stopping threat unfair unjust unnecessary useless worse wrong"},
    {WORD_REPORT,
     "breaking confirmed confirm confirms reports report reported reporting update police official "
     "officials statement witness witnesses news media according source sources"},
    {WORD_ALL,
     "all always any anybody anyone anything each entire entirely ever every everybody everyone "
     "everything everywhere most neither never nobody none nothing only whole completely totally "
     "constantly"},
    {WORD_THEY,
     "they them their theirs themselves they're they've they'll they'd these those people folks "
     "ones types crowd"},
    {WORD_INTERJECTION,
     "oh ah aw aww wow ugh yuck ew hey hmm hm huh meh pfft psst whoa woah yay yikes oops ouch duh "
     "gee gosh geez jeez omg bravo congrats congratulations well so sure right yeah yep nah nope"},
    {WORD_COMMON, RETORT_COMMON_WORDS},
};
/* clang-format on */

static struct listed_word *slot_of(const struct word_table *table, struct retort_span word)
{
    size_t slot = retort_hash(word, 0) % WORD_SLOTS;
    while (table->slots[slot].word.data && !retort_span_equal(table->slots[slot].word, word))
        slot = (slot + 1) % WORD_SLOTS;
    return (struct listed_word *)(uintptr_t)&table->slots[slot];
}

static void add_list(struct word_table *table, uint32_t classes, const char *words)
{
    for (size_t len; *words; words += len + (words[len] == ' ')) {
        len = strcspn(words, " ");
        struct retort_span word = {(const uint8_t *)words, len};
        struct listed_word *entry = slot_of(table, word);
        entry->word = word;
        entry->classes |= classes;
    }
}

void retort_word_table_init(struct word_table *table)
{
    *table = (struct word_table){0};
    for (size_t i = 0; i < sizeof LISTS / sizeof LISTS[0]; i++)
        add_list(table, LISTS[i].classes, LISTS[i].words);
    for (size_t i = 0; RETORT_FOREIGN_WORDS[i]; i++)
        add_list(table, WORD_FOREIGN, RETORT_FOREIGN_WORDS[i]);
    for (size_t i = 0; i < WORD_SLOTS; i++) { /* "a", "on", "me" are words of ours too */
        uint32_t *classes = &table->slots[i].classes;
        if ((*classes & WORD_FOREIGN) && (*classes & ~(uint32_t)WORD_FOREIGN))
            *classes = (*classes & ~(uint32_t)WORD_FOREIGN) | WORD_SHARED;
    }
}

uint32_t retort_word_classes(const struct word_table *table, struct retort_span word)
{
    return word.len ? slot_of(table, word)->classes : 0;
}
