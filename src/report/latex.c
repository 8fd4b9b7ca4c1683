/* Text for TeX: a table of what is said otherwise, and letters that every engine has. */
#include "report/latex.h"

/* By code point. */
static const struct {
    uint32_t code_point;
    const char *said;
} SAID[] = {
    {'"', "\\textquotedbl{}"},
    {'#', "\\#"},
    {'$', "\\$"},
    {'%', "\\%"},
    {'&', "\\&"},
    {'<', "\\textless{}"},
    {'>', "\\textgreater{}"},
    {'\\', "\\textbackslash{}"},
    {'^', "\\textasciicircum{}"},
    {'_', "\\_"},
    {'`', "\\textasciigrave{}"},
    {'{', "\\{"},
    {'|', "\\textbar{}"},
    {'}', "\\}"},
    {'~', "\\textasciitilde{}"},
    {0x3B1, "\\ensuremath{\\alpha}"},
    {0x3B2, "\\ensuremath{\\beta}"},
    {0x3BA, "\\ensuremath{\\kappa}"},
    {0x3BB, "\\ensuremath{\\lambda}"},
    {0x3BC, "\\ensuremath{\\mu}"},
    {0x3C0, "\\ensuremath{\\pi}"},
    {0x3C1, "\\ensuremath{\\rho}"},
    {0x3C3, "\\ensuremath{\\sigma}"},
    {0x3C7, "\\ensuremath{\\chi}"},
    {0x2013, "\\textendash{}"},
    {0x2014, "\\textemdash{}"},
    {0x2018, "\\textquoteleft{}"},
    {0x2019, "\\textquoteright{}"},
    {0x201A, "\\quotesinglbase{}"},
    {0x201C, "\\textquotedblleft{}"},
    {0x201D, "\\textquotedblright{}"},
    {0x201E, "\\quotedblbase{}"},
    {0x2020, "\\textdagger{}"},
    {0x2022, "\\textbullet{}"},
    {0x2026, "\\dots{}"},
    {0x20AC, "\\texteuro{}"},
    {0x2190, "\\ensuremath{\\leftarrow}"},
    {0x2192, "\\ensuremath{\\rightarrow}"},
    {0x2212, "\\ensuremath{-}"},
    {0x2248, "\\ensuremath{\\approx}"},
    {0x2260, "\\ensuremath{\\neq}"},
    {0x2264, "\\ensuremath{\\leq}"},
    {0x2265, "\\ensuremath{\\geq}"},
};

static const char *said(uint32_t code_point)
{
    size_t low = 0, high = sizeof SAID / sizeof *SAID;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (SAID[middle].code_point == code_point)
            return SAID[middle].said;
        if (SAID[middle].code_point < code_point)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* Letters and signs of Latin 1 and Latin Extended A that the encoding T1 has. */
static bool is_known(uint32_t c)
{
    static const uint32_t STRANGE[] = {0x126, 0x127, 0x138, 0x13F, 0x140,
                                       0x149, 0x166, 0x167, 0x17F};
    for (size_t i = 0; i < sizeof STRANGE / sizeof *STRANGE; i++)
        if (c == STRANGE[i])
            return false;
    return c < 0x7F || (c > 0xA0 && c < 0x180);
}

/* Two of these in a row would be another sign. */
static bool is_joined(uint32_t c)
{
    return c == '-' || c == ',' || c == '\'';
}

/* Within long words TeX finds no place to break a line, unless it is told: recipes have them. */
static bool may_break(uint32_t c, struct retort_span rest)
{
    uint8_t next = rest.len > 0 ? rest.data[0] : ' ';
    bool digit = next >= '0' && next <= '9';
    return next != ' ' && next != c && (c == '=' || (c == ',' && !digit));
}

void latex_put(struct retort_buffer *out, struct retort_span text)
{
    struct retort_buffer clean = {0};
    uint32_t before = 0;
    report_put_clean(&clean, text);
    for (size_t at = 0; at < clean.len;) {
        uint8_t bytes[4];
        uint32_t c = retort_utf8_next(retort_buffer_span(&clean), &at);
        const char *other = said(c);
        retort_buffer_text(out, c == before && is_joined(c) ? "{}" : "");
        if (other)
            retort_buffer_text(out, other);
        else if (is_known(c))
            retort_buffer_put(out, (struct retort_span){bytes, retort_utf8_put(bytes, c)});
        else
            retort_buffer_format(out, "\\retortchar{%04X}", (unsigned)c);
        if (may_break(c, retort_span_slice(retort_buffer_span(&clean), at, clean.len)))
            retort_buffer_text(out, "\\allowbreak{}");
        before = c;
    }
    retort_buffer_release(&clean);
}

void latex_put_words(struct retort_buffer *out, const char *text)
{
    latex_put(out, retort_span_of(text));
}
