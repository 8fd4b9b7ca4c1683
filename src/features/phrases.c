/* Phrases by what they do. Single words say little of whether a reply denies or asks ("not",
 * "true", "source" do both); two or three together say it, and a closed list says it of topics that
 * no training thread was about. Written by hand; the folded text has a space between words, so a
 * phrase is looked up as one slice of it. */
#include "features/phrases.h"

#include <string.h>

/* Divided by commas; ? and ! are words of their own, as the tokens are. */
/* clang-format off */
static const struct {
    const char *name, *phrases;
} ACTS[N_PHRASE_ACTS] = {
    [PHRASE_DENY] = {"_does_deny",
        "not true,isn't true,is false,are false,was false,it's false,that's false,no evidence,no proof,not real,"
        "isn't real,is fake,it's fake,fake news,fake,hoax,debunked,debunk,snopes,photoshopped,photoshop,shopped,"
        "untrue,is a lie,a lie,lying,liar,lies,that's not,this is not,this isn't,it's not,it is not,it isn't,no it,"
        "no they,no he,no she,no you,no i,no that's,no this,not what,never happened,didn't happen,did not,"
        "there is no,there are no,there's no,doesn't mean,does not,wrong,incorrect,bullshit,bs,nonsense,myth,"
        "misleading,false,rumor,rumors,rumour,rumours,unconfirmed,inaccurate,made up,not even,stop spreading,"
        "delete this,old photo,years ago,pseudoscience,misinformation,propaganda,conspiracy,contrary"},
    [PHRASE_ASK] = {"_does_ask",
        "is this,is that,is it,is there,are you,are there,are they,any source,source ?,source,sources,link ?,"
        "proof ?,evidence ?,true ?,real ?,really ?,confirmed ?,is it true,what happened,do you,does anyone,"
        "does this,did they,did he,did you,has this,has anyone,have you,where is,where are,where did,when did,"
        "when was,who is,who are,who was,what is,what are,what was,what about,how do,how many,how did,how is,"
        "why is,why are,why did,why would,why do,can you,could you,can anyone,anyone know,wondering,confirm,verify,"
        "wtf ?,what ?,huh ?,seriously ?,which"},
    [PHRASE_CONFIRM] = {"_does_confirm",
        "confirmed,is true,it's true,this is true,true,i saw,i heard,happened to me,according to,reports,report,"
        "reporting,via,breaking,update,police say,officials,photo,video,watch,just in,exactly,agree,agreed,yes,yep,"
        "yeah,yup,correct,can confirm,indeed,of course,absolutely,no doubt,makes sense,that's right,you're right,"
        "is right,good point,study,studies,research,evidence,proven,proves,shows,in fact"},
    [PHRASE_OPINION] = {"_does_opinion",
        "i think,i believe,i guess,i don't know,i doubt,i hope,imho,imo,my opinion,i feel,seems,probably,maybe,"
        "perhaps,i'm not sure,not sure"},
    [PHRASE_SORROW] = {"_does_sorrow",
        "prayers,praying,pray,thoughts,rip,sad,condolences,hope,god,bless,tragic,tragedy,horrible,terrible,heart,"
        "hearts,families,family,safe"},
    [PHRASE_ANGER] = {"_does_anger",
        "fuck,fucking,shit,idiot,stupid,moron,disgusting,asshole,idiots,hell,damn,scum,bastards,wtf,ass,dumb"},
    [PHRASE_THANKS] = {"_does_thanks",
        "thank,thanks,welcome,please,sorry,great job,well done,congrats,good"},
    [PHRASE_LAUGH] = {"_does_laugh", "lol,lmao,haha,hahaha,rofl,lmfao,heh"},
    [PHRASE_CONTRAST] = {"_does_contrast",
        "but,however,although,though,yet,still,while,instead,rather,except,unless,despite"},
    [PHRASE_OBJECT] = {"_does_object",
        "you're wrong,you are wrong,disagree,no one,nobody,actually,bullshit,how is,so you,you think,you're saying,"
        "are you saying,that doesn't,doesn't make,why would,not the,what are you,nope,nah,false equivalence,"
        "strawman,straw man,not really,wrong,ridiculous,you clearly,you don't,you can't,try again,lol no,citation,"
        "you just,your argument,your logic,lmao,by that logic,stop,please stop,you literally,you mean,hardly,"
        "irrelevant,learn,read the"},
    [PHRASE_ACCEPT] = {"_does_accept",
        "agreed,agree,i agree,exactly,this !,absolutely,yep,yup,yeah,yes,same,same here,right,true,so true,"
        "very true,indeed,me too,well said,thank you,thanks,good point,fair point,great point,totally,definitely,"
        "couldn't agree,my thoughts,of course,for sure,precisely,correct,amen,also,and,not to mention,even,plus,"
        "love,that's why,that's what,hope,hopefully,lol,haha,no kidding,no shit"},
};
/* clang-format on */

static size_t slot_of(const struct phrase_table *table, struct retort_span phrase)
{
    size_t slot = retort_hash(phrase, 0) % PHRASE_SLOTS;
    while (table->slots[slot].phrase.data && !retort_span_equal(table->slots[slot].phrase, phrase))
        slot = (slot + 1) % PHRASE_SLOTS;
    return slot;
}

/* ---- words of a question ---- */

static const struct {
    enum question_word wants;
    const char *word;
} QUESTION_WORDS[] = {
    {QUESTION_YES_NO, "is"},       {QUESTION_YES_NO, "are"},     {QUESTION_YES_NO, "was"},
    {QUESTION_YES_NO, "were"},     {QUESTION_YES_NO, "do"},      {QUESTION_YES_NO, "does"},
    {QUESTION_YES_NO, "did"},      {QUESTION_YES_NO, "can"},     {QUESTION_YES_NO, "could"},
    {QUESTION_YES_NO, "has"},      {QUESTION_YES_NO, "have"},    {QUESTION_YES_NO, "will"},
    {QUESTION_WHAT, "who"},        {QUESTION_WHAT, "what"},      {QUESTION_WHAT, "where"},
    {QUESTION_WHAT, "when"},       {QUESTION_WHAT, "which"},     {QUESTION_WHAT, "how"},
    {QUESTION_WHY, "why"},         {QUESTION_PROOF, "source"},   {QUESTION_PROOF, "sources"},
    {QUESTION_PROOF, "proof"},     {QUESTION_PROOF, "evidence"}, {QUESTION_PROOF, "link"},
    {QUESTION_PROOF, "true"},      {QUESTION_PROOF, "real"},     {QUESTION_PROOF, "confirm"},
    {QUESTION_PROOF, "confirmed"}, {QUESTION_PROOF, "sure"},     {QUESTION_PROOF, "verify"},
};

enum question_word retort_question_word(struct retort_span word)
{
    for (size_t i = 0; i < sizeof QUESTION_WORDS / sizeof QUESTION_WORDS[0]; i++)
        if (retort_span_equal(retort_span_of(QUESTION_WORDS[i].word), word))
            return QUESTION_WORDS[i].wants;
    return QUESTION_NONE;
}

/* ---- the table ---- */

void retort_phrase_table_init(struct phrase_table *table)
{
    *table = (struct phrase_table){0};
    for (size_t act = 0; act < N_PHRASE_ACTS; act++) {
        const char *at = ACTS[act].phrases;
        for (size_t len; *at; at += len + (at[len] == ',')) {
            len = strcspn(at, ",");
            struct retort_span phrase = {(const uint8_t *)at, len};
            size_t slot = slot_of(table, phrase);
            table->slots[slot].phrase = phrase;
            table->slots[slot].acts |= UINT32_C(1) << act;
        }
    }
}

const char *retort_phrase_act_name(enum phrase_act act)
{
    return ACTS[act].name;
}

static void count_acts(struct phrase_counts *counts, uint32_t acts)
{
    for (size_t act = 0; act < N_PHRASE_ACTS; act++)
        if (acts >> act & 1 && counts->n[act] < UINT16_MAX)
            counts->n[act]++;
}

struct phrase_counts retort_phrases_count(const struct phrase_table *table,
                                          const struct token_list *text, size_t begin, size_t end,
                                          struct retort_span folded)
{
    struct phrase_counts counts = {0};
    for (size_t i = begin; i < end; i++) {
        const struct token *first = &text->items[i];
        for (size_t last = i; last < end && last < i + LONGEST_PHRASE; last++) {
            const struct token *token = &text->items[last];
            if (token->kind == TOKEN_STOP || token->quoted)
                break;
            struct retort_span phrase =
                retort_span_slice(folded, first->fold_begin, token_fold_end(token));
            count_acts(&counts, table->slots[slot_of(table, phrase)].acts);
        }
    }
    return counts;
}
