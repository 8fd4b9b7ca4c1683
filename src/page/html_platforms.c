/* The platforms whose comments are known by ids and classes.
 *
 * '#' in a pattern stands for digits, '*' for letters, digits and hyphens with a digit among them.
 * The first row that matches is taken, so the more telling ones stand first. */
#include "page/html_platforms.h"

#include <string.h>

static const struct html_platform PLATFORMS[] = {
    {"Disqus", "dsq-comment-#", "dsq-comment",
     "dsq-comment-message dsq-comment-message-# "
     "dsq-comment-text",
     "dsq-commenter-name dsq-author-user-# dsq-cite-#", "dsq-comment-time dsq-comment-header-time",
     0},
    {"Disqus", "post-#", "", "post-message", "author publisher-anchor-color", "time-ago",
     HTML_NEEDS_BODY},
    {"IntenseDebate", "IDComment#", "idc-c", "idc-c-t IDCommentText# IDComment-CommentText#",
     "idc-a IDCommentHead#", "idc-time", 0},
    {"Livefyre", "fyre-comment-# fyre-message-#", "fyre-comment-article", "fyre-comment",
     "fyre-comment-username", "fyre-comment-date", 0},
    {"Coral", "comment-########-*", "coral-comment coral-stream-comment",
     "coral-comment-content coral-content", "coral-username coral-comment-username",
     "coral-timestamp coral-comment-timestamp", 0},
    {"Discourse", "", "crawler-post topic-post", "post cooked", "username creator",
     "post-date post-time", HTML_FORUM},
    {"XenForo", "js-post-#", "message--post", "message-body message-content bbWrapper",
     "username message-name", "u-dt", HTML_FORUM},
    {"XenForo", "post-#", "", "messageText messageContent", "username", "DateTime datePermalink",
     HTML_FORUM | HTML_NEEDS_BODY},
    {"vBulletin", "post_# edit#", "postcontainer postbitlegacy",
     "post_message_# postcontent content", "bigusername username", "postdate date",
     HTML_FORUM | HTML_NEEDS_BODY},
    {"phpBB", "p#", "", "content", "author username", "author", HTML_FORUM | HTML_NEEDS_BODY},
    {"Reddit", "thing_t1_*", "", "md usertext-body", "author", "live-timestamp", HTML_NEEDS_BODY},
    {"Hacker News", "", "comtr", "commtext comment", "hnuser", "age", 0},
    {"Slashdot", "tree_#", "", "comment_body_# commentBody", "by", "otherdetails", HTML_NEEDS_BODY},
    {"Blogger", "c#", "", "comment-body comment-content", "user comment-author",
     "datetime comment-timestamp comment-footer", 0},
    {"Movable Type", "comment-6a*", "", "comment-content comment-body",
     "comment-author author commenter", "comment-date comment-footer", 0},
    {"WordPress",
     "comment-# li-comment-# div-comment-# comment_# comment# cmt-# the-comment-# comments-# "
     "comment-id-# comment-body-# commentid-# com_# com-#",
     "", "", "fn comment-author author", "", 0},
};

/* ---- patterns -----------------------------------------------------------------------------------
 */

bool platform_is_digit(uint8_t byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_name(uint8_t byte)
{
    return platform_is_digit(byte) || (uint8_t)((byte | 32) - 'a') < 26 || byte == '-' ||
           byte == '_';
}

static size_t match_digits(struct retort_span name, size_t at)
{
    while (at < name.len && platform_is_digit(name.data[at]))
        at++;
    return at;
}

/* Does the whole name match the pattern of that length? */
static bool matches(struct retort_span name, const char *pattern, size_t len)
{
    size_t at = 0;
    for (size_t i = 0; i < len; i++) {
        if (pattern[i] == '#') {
            size_t end = match_digits(name, at);
            if (end == at)
                return false;
            at = end;
        } else if (pattern[i] == '*') {
            bool digit = false;
            for (; at < name.len && is_name(name.data[at]); at++)
                digit |= platform_is_digit(name.data[at]);
            if (!digit)
                return false;
        } else if (at == name.len || name.data[at++] != (uint8_t)pattern[i]) {
            return false;
        }
    }
    return at == name.len;
}

bool platform_matches(struct retort_span name, const char *patterns)
{
    while (*patterns) {
        size_t len = strcspn(patterns, " ");
        if (matches(name, patterns, len))
            return true;
        patterns += len + (patterns[len] == ' ');
    }
    return false;
}

bool platform_next_name(struct retort_span *names, struct retort_span *name)
{
    size_t begin = 0;
    while (begin < names->len && names->data[begin] <= ' ')
        begin++;
    size_t end = begin;
    while (end < names->len && names->data[end] > ' ')
        end++;
    *name = retort_span_slice(*names, begin, end);
    *names = retort_span_slice(*names, end, names->len);
    return name->len > 0;
}

bool platform_has_class(struct retort_span classes, const char *patterns)
{
    struct retort_span name;
    while (*patterns && platform_next_name(&classes, &name))
        if (platform_matches(name, patterns))
            return true;
    return false;
}

const struct html_platform HTML_MICRODATA = {"microdata",
                                             "",
                                             "",
                                             "text commentText articleBody description",
                                             "author creator name",
                                             "datePublished "
                                             "dateCreated commentTime",
                                             0};

const struct html_platform HTML_REPEATED = {"repeated", "", "", "", "fn comment-author author",
                                            "",         0};

const struct html_platform *platform_at(size_t index)
{
    return index < sizeof PLATFORMS / sizeof *PLATFORMS ? &PLATFORMS[index] : NULL;
}
