/* The closed list of words that sites build their class names and ids from. */
#ifndef RETORT_PAGE_HTML_WORDS_H
#define RETORT_PAGE_HTML_WORDS_H

#include "base/base.h"

/* WORD(identifier, "spellings; the first is the cue's name") */
#define HTML_WORDS(WORD)                                                                           \
    WORD(COMMENT, "comment comments cmt cmts commenter commenters commented dsq idc fyre disqus "  \
                  "comm")                                                                          \
    WORD(REPLY, "reply replies response responses respond respuesta answer answers")               \
    WORD(DISCUSSION, "discussion discuss thread threads forum conversation talkback feedback")     \
    WORD(POST, "post posts posting postings")                                                      \
    WORD(ENTRY, "entry entries hentry")                                                            \
    WORD(ARTICLE, "article articles artikel")                                                      \
    WORD(STORY, "story stories storytext")                                                         \
    WORD(CONTENT, "content contents contenido")                                                    \
    WORD(BODY, "body copy bodytext")                                                               \
    WORD(TEXT, "text txt paragraph para")                                                          \
    WORD(MAIN, "main primary")                                                                     \
    WORD(PAGE, "page pages")                                                                       \
    WORD(COLUMN, "column columns col cols grid span")                                              \
    WORD(SECONDARY, "secondary tertiary extra extras supplementary sub")                           \
    WORD(SIDEBAR, "sidebar sidebars side aside rail")                                              \
    WORD(LEFT, "left")                                                                             \
    WORD(RIGHT, "right")                                                                           \
    WORD(CENTER, "center centre middle")                                                           \
    WORD(NAVIGATION, "navigation nav navbar menu menus submenu dropdown tabs tab")                 \
    WORD(BREADCRUMB, "breadcrumb breadcrumbs crumbs crumb")                                        \
    WORD(HEADER, "header head masthead hd")                                                        \
    WORD(TOP, "top upper")                                                                         \
    WORD(FOOTER, "footer foot ft")                                                                 \
    WORD(BOTTOM, "bottom below lower after")                                                       \
    WORD(WIDGET, "widget widgets module modules mod gadget portlet plugin textwidget")             \
    WORD(BOX, "box block panel pane boxes blocks")                                                 \
    WORD(WRAPPER, "wrapper container wrap holder outer inner area region zone")                    \
    WORD(LIST, "list ul ol lists")                                                                 \
    WORD(ITEM, "item row items li cell")                                                           \
    WORD(TITLE, "title headline heading titles name subtitle subhead subheadline")                 \
    WORD(SUMMARY, "summary excerpt intro lead dek deck description desc teaser abstract blurb "    \
                  "standfirst snippet")                                                            \
    WORD(CAPTION, "caption figcaption cutline credit credits")                                     \
    WORD(PHOTO,                                                                                    \
         "photo image images img picture pic pics thumbnail thumb thumbs gallery slideshow "       \
         "carousel slider slide photos figure")                                                    \
    WORD(VIDEO, "video videos media player audio podcast")                                         \
    WORD(AUTHOR, "author byline writer contributor authors by")                                    \
    WORD(PERSON, "vcard fn user username member nickname nick handle commentator poster")          \
    WORD(BIO, "bio profile about biography")                                                       \
    WORD(AVATAR, "avatar gravatar userpic avatars")                                                \
    WORD(DATE, "date time timestamp datetime published posted pubdate updated ago dateline dtime") \
    WORD(META, "meta metadata metadatas info details data information postmeta")                   \
    WORD(TAGS, "tags tag keywords keyword labels label topics topic")                              \
    WORD(CATEGORY, "category categories cat cats")                                                 \
    WORD(RELATED, "related similar recommended recommendations recommendation recommend also "     \
                  "linkwithin yarpp outbrain nrelate")                                             \
    WORD(RECENT, "recent latest newest")                                                           \
    WORD(POPULAR, "popular most trending hot featured feature features highlights")                \
    WORD(MORE, "more readmore continue")                                                           \
    WORD(ARCHIVE, "archive archives")                                                              \
    WORD(SHARE, "share sharing sharethis addthis addtoany social bookmark bookmarks sociable "     \
                "sharedaddy shareaholic sharebar st")                                              \
    WORD(NETWORK, "facebook twitter tweet tweets google fb digg reddit stumbleupon linkedin "      \
                  "pinterest follow followers plusone")                                            \
    WORD(VOTE, "vote like likes votes voting rating ratings rate score karma stars points "        \
               "karmic recommends")                                                                \
    WORD(TOOLS, "tools toolbar toolbox tool actions action utility utilities options controls "    \
                "control")                                                                         \
    WORD(BUTTON, "button buttons btn btns")                                                        \
    WORD(LINK, "link links permalink url perma href")                                              \
    WORD(PRINT, "print email mail printer")                                                        \
    WORD(AD, "ad ads advert adverts advertisement advertising advertise sponsor sponsored "        \
             "sponsors promo promos promotion banner banners adsense dfp marketing adunit")        \
    WORD(NEWSLETTER, "newsletter subscribe subscription signup rss feed feeds subscriptions")      \
    WORD(LOGIN, "login signin register registration account logged join")                          \
    WORD(SEARCH, "search searchform")                                                              \
    WORD(FORM, "form field fields input submit fieldset")                                          \
    WORD(LEGAL, "copyright legal disclaimer terms privacy colophon")                               \
    WORD(PAGER, "pager pagination paging prev previous next older newer pagenavi")                 \
    WORD(REPORT, "report flag abuse moderate edit delete")                                         \
    WORD(QUOTE, "quote blockquote pullquote quoted quotes pull")                                   \
    WORD(MESSAGE, "message msg messages")                                                          \
    WORD(SECTION, "section sections")                                                              \
    WORD(LOGO, "logo brand branding")                                                              \
    WORD(HIDDEN, "hidden hide invisible offscreen reader screen skip none")                        \
    WORD(POPUP, "popup modal overlay tooltip lightbox dialog popover notice alert")                \
    WORD(SHOP, "product products shop store cart price buy deal deals job jobs classified "        \
               "classifieds offer offers")                                                         \
    WORD(EVENT, "event events calendar weather poll polls quiz survey contest ticker stock")       \
    WORD(NOTES, "footnote footnotes notes note references correction source")                      \
    WORD(COUNT, "count counter number num total counts numbers")                                   \
    WORD(CHILDREN, "children child nested indented indent childs")                                 \
    WORD(DEPTH, "depth level")                                                                     \
    WORD(PINGBACK, "pingback pingbacks trackback trackbacks ping pings")                           \
    WORD(BLOG, "blog blogs blogroll weblog")                                                       \
    WORD(NEWS, "news headlines newsroom press")                                                    \
    WORD(SITE, "site website global network networks")                                             \
    WORD(REVIEW, "review reviews")                                                                 \
    WORD(SINGLE, "single full detail")                                                             \
    WORD(CLEAR, "clear clearfix cf group")

enum html_word {
#define WORD(id, spellings) HTML_WORD_##id,
    HTML_WORDS(WORD)
#undef WORD
        HTML_N_WORDS
};

struct html_words {
    uint64_t bits[2];
};

static inline bool html_words_has(const struct html_words *words, enum html_word word)
{
    return words->bits[word / 64] >> (word % 64) & 1;
}

static inline void html_words_add(struct html_words *words, const struct html_words *more)
{
    words->bits[0] |= more->bits[0];
    words->bits[1] |= more->bits[1];
}

const char *html_word_name(enum html_word word); /* its first spelling, up to the space */

/* The list, ready for look-up; in the arena. */
struct html_wordbook;
const struct html_wordbook *html_wordbook_make(struct retort_arena *arena);
/* The words of class names or ids: cut at hyphens, digits and capitals, and once inside a word. */
void html_words_read(const struct html_wordbook *book, struct retort_span names,
                     struct html_words *words);

#endif
