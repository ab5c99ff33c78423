#include "sentences.h"

#include <string.h>

#include "text.h"

/* Bytes of the longest paragraph that is taken for a heading. */
#define HEADING_MAX 120
/* Bytes within which a quotation has to end, so that its marks do not end the sentence that it stands in. */
#define QUOTATION_MAX 400
/* Bytes that must have been free on a line, beside the next word, for its end to be taken for one on purpose. */
#define FREE_ON_LINE 10
/* Bytes of the longest abbreviation in the table below. */
#define ABBREVIATION_MAX 8

/* Words whose full stop ends no sentence: never, or not before a number (arabic or roman). What may as well end one
 * ("etc.", "Co.") is not here: there the next word's case tells. */
static const struct abbreviation { const char *word; bool before_number; } abbreviations[] = {
    { "mr" },    { "mrs" },   { "ms" },   { "dr" },   { "prof" },  { "rev" },   { "hon" },   { "gen" },   { "col" },
    { "capt" },  { "lt" },    { "sgt" },  { "maj" },  { "gov" },   { "sen" },   { "rep" },   { "pres" },  { "messrs" },
    { "mme" },   { "mlle" },  { "st" },   { "mt" },   { "vs" },    { "viz" },   { "cf" },    { "e.g" },   { "i.e" },
    { "approx" }, { "p", 1 },  { "pp", 1 },   { "no", 1 },   { "nos", 1 }, { "vol", 1 }, { "vols", 1 }, { "ch", 1 },
    { "chap", 1 }, { "chaps", 1 }, { "fig", 1 }, { "figs", 1 }, { "sec", 1 }, { "art", 1 }, { "jan", 1 }, { "feb", 1 },
    { "mar", 1 }, { "apr", 1 }, { "jun", 1 }, { "jul", 1 }, { "aug", 1 }, { "sep", 1 }, { "sept", 1 }, { "oct", 1 },
    { "nov", 1 }, { "dec", 1 },
};

/* The paragraph in which a sentence is looked for. */
struct scan {
    const char *text;
    size_t      from;      /* where the sentence begins */
    size_t      len;       /* where the paragraph ends */
    size_t      line_from; /* where its present line begins */
    size_t      width;     /* bytes of the paragraph's longest line */
};

static size_t skip_spaces(const char *text, size_t len, size_t at)
{
    size_t size;

    for (; at < len && text_is_space(text_char(text, len, at, &size)); at += size)
        ;
    return at;
}

static int32_t char_at(const struct scan *s, size_t at)
{
    size_t size;

    return at < s->len ? text_char(s->text, s->len, at, &size) : 0;
}

static bool is_digit(int32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_roman(int32_t c)
{
    return c > 0 && c < 0x80 && strchr("IVXLCDM", c);
}

/* Is text[from, to) a number alone ("12", "XIV")? */
static bool is_number(const struct scan *s, size_t from, size_t to)
{
    bool digits = true, roman = true;

    for (size_t i = from; i < to; i++) {
        digits = digits && is_digit(s->text[i]);
        roman = roman && is_roman((unsigned char)s->text[i]);
    }
    return to > from && (digits || roman);
}

static bool number_follows(const struct scan *s, size_t at)
{
    size_t to = at;

    while (is_digit(char_at(s, to)) || is_roman(char_at(s, to)))
        to++;
    return to > at && !text_is_word(char_at(s, to));
}

static bool is_abbreviation(const struct scan *s, size_t from, size_t to, size_t next)
{
    char word[ABBREVIATION_MAX + 1] = "";

    if (to - from > ABBREVIATION_MAX)
        return false;
    for (size_t i = from; i < to; i++)
        word[i - from] = (char)(text_is_upper((unsigned char)s->text[i]) ? s->text[i] + 'a' - 'A' : s->text[i]);
    for (size_t i = 0; i < sizeof abbreviations / sizeof *abbreviations; i++) {
        if (strcmp(word, abbreviations[i].word) == 0)
            return !abbreviations[i].before_number || number_follows(s, next);
    }
    return false;
}

/* Does the full stop at `stop` belong to the word before it: "Dr.", "J.", "U.S.", "p. 12", a list's "3." or "XIV."? next is
 * where text goes on behind it. */
static bool stop_is_of_word(const struct scan *s, size_t stop, size_t next)
{
    size_t from = stop;

    while (from > s->from && (text_is_word((unsigned char)s->text[from - 1]) || s->text[from - 1] == '.') &&
           (unsigned char)s->text[from - 1] < 0x80)
        from--;
    if (from == stop)
        return false;
    if (text_is_upper((unsigned char)s->text[stop - 1]) && (stop - 1 == from || s->text[stop - 2] == '.'))
        return true;
    if (from == s->from && is_number(s, from, stop))
        return true;
    return is_abbreviation(s, from, stop, next);
}

static bool is_mark(int32_t c)
{
    return c == '.' || c == '!' || c == '?' || c == 0x2026 /* … */ || c == 0x203D || c == 0x061F || c == 0x0964 || c == 0x0965;
}

/* Marks of scripts that put no space behind them. */
static bool is_full_width_mark(int32_t c)
{
    return c == 0x3002 || c == 0xFF01 || c == 0xFF1F || c == 0xFF61;
}

static bool is_closer(int32_t c)
{
    return c == '"' || c == '\'' || c == ')' || c == ']' || c == '_' || c == '*' || c == '=' || c == '#' || c == 0x2019 ||
           c == 0x201D || c == 0xBB || c == 0x300D || c == 0x300F || c == 0xFF09;
}

static bool is_opener(int32_t c)
{
    return c == '"' || c == '\'' || c == '(' || c == '[' || c == '_' || c == '*' || c == 0x2018 || c == 0x201C || c == 0xAB;
}

/* The byte behind the marks and closing quotes from at on. */
static size_t behind_marks(const struct scan *s, size_t at)
{
    size_t size;

    for (; at < s->len; at += size) {
        int32_t c = text_char(s->text, s->len, at, &size);

        if (!is_mark(c) && !is_full_width_mark(c) && !is_closer(c))
            break;
    }
    return at;
}

/* What the text goes on with at next, behind quotes that open. */
static int32_t first_of_next(const struct scan *s, size_t next)
{
    size_t size;
    int32_t c = 0;

    for (; next < s->len; next += size) {
        c = text_char(s->text, s->len, next, &size);
        if (!is_opener(c))
            break;
    }
    return c;
}

/* Does a sentence end with the mark at `at`? Then *end is the byte behind it and its quotes. */
static bool ends_with_mark(const struct scan *s, size_t at, size_t *end)
{
    int32_t c = char_at(s, at);
    size_t behind, next;

    if (!is_mark(c) && !is_full_width_mark(c))
        return false;
    behind = *end = behind_marks(s, at);
    next = skip_spaces(s->text, s->len, behind);
    if (next == s->len || is_full_width_mark(c))
        return true;
    if (next == behind || text_is_lower(first_of_next(s, next)))
        return false;
    return !(c == '.' && s->text[at + 1] != '.' && stop_is_of_word(s, at, next));
}

/* "- ", "* ", "+ ", "12. ", "3) ", "# ", "| ": what a line begins with that is a piece of its own. */
static bool begins_item(const struct scan *s, size_t at)
{
    size_t to = at;

    while (is_digit(char_at(s, to)))
        to++;
    if (to > at)
        return (char_at(s, to) == '.' || char_at(s, to) == ')') && char_at(s, to + 1) == ' ';
    while (char_at(s, to) == '#')
        to++;
    if (to == at && (char_at(s, at) == '|' || char_at(s, at) == '>'))
        return true;
    if (to == at && char_at(s, at) && strchr("-*+", s->text[at]))
        to++;
    return to > at && char_at(s, to) == ' ';
}

/* "order.total: 12": a line of an extracted record. */
static bool begins_field(const struct scan *s, size_t at)
{
    size_t to = at;

    while (text_is_word(char_at(s, to)) || (char_at(s, to) && strchr("._-[]", s->text[to])))
        to++;
    return to > at && char_at(s, to) == ':' && char_at(s, to + 1) == ' ';
}

static size_t word_len(const struct scan *s, size_t at)
{
    size_t to = at;

    while (to < s->len && !strchr(" \t\r\n", s->text[to]))
        to++;
    return to - at;
}

/* Was the line that ends at `at` ended on purpose? A wrapped line is one on which the next word had no room. */
static bool line_ends_piece(const struct scan *s, size_t at)
{
    size_t next = skip_spaces(s->text, s->len, at);
    int32_t c = first_of_next(s, next);

    if (next == s->len || begins_item(s, next))
        return true;
    if (s->text[s->line_from] == '#' && begins_item(s, s->line_from))
        return true;
    if (begins_field(s, s->line_from) && begins_field(s, next))
        return true;
    return !text_is_lower(c) && at - s->line_from + 1 + word_len(s, next) + FREE_ON_LINE <= s->width;
}

static bool is_quote(int32_t c)
{
    return c == '"' || c == 0x201C || c == 0x201D || c == 0xAB || c == 0xBB;
}

/* Does the quote at `at` begin a quotation inside of the sentence? One that begins with it is of sentences itself. */
static bool opens_quotation(const struct scan *s, size_t at, int32_t c)
{
    if (c == '"')
        return at > s->from && strchr(" \t\n([", s->text[at - 1]);
    return at > s->from && (c == 0x201C || c == 0xAB);
}

/* Is there a quote in [from, to)? */
static bool has_quote(const struct scan *s, size_t from, size_t to)
{
    size_t size;

    for (size_t at = from; at < to && at < s->len; at += size) {
        if (is_quote(text_char(s->text, s->len, at, &size)))
            return true;
    }
    return false;
}

/* The byte behind the sentence that begins at s->from: of `he cried, "Wolf! Wolf!"` all. */
static size_t sentence_end(struct scan *s)
{
    bool quoted = false;
    size_t size, end;

    for (size_t at = s->from; at < s->len; at += size) {
        int32_t c = text_char(s->text, s->len, at, &size);

        if (is_quote(c))
            quoted = opens_quotation(s, at, c);
        if (ends_with_mark(s, at, &end) && !(quoted && !has_quote(s, at, end) && has_quote(s, end, end + QUOTATION_MAX)))
            return end;
        if (s->text[at] != '\n')
            continue;
        if (line_ends_piece(s, at))
            return at;
        s->line_from = at + 1;
    }
    return s->len;
}

/* Where the paragraph ends that begins at `at`: at its empty line, or with the text. *width: its longest line. */
static size_t paragraph_end(const char *text, size_t len, size_t at, size_t *width)
{
    *width = 0;
    for (;;) {
        const char *newline = memchr(text + at, '\n', len - at);
        size_t end = newline ? (size_t)(newline - text) : len, next = end + 1;

        if (end - at > *width)
            *width = end - at;
        if (!newline)
            return len;
        while (next < len && strchr(" \t\r", text[next]))
            next++;
        if (next >= len || text[next] == '\n')
            return end;
        at = end + 1;
    }
}

/* A line of its own that ends as no sentence does, with something behind it. */
static bool is_heading(const struct sentence *s, bool whole_paragraph)
{
    size_t size, at = s->len;
    int32_t c;

    if (s->len > HEADING_MAX)
        return false;
    if (s->text[0] == '#' && s->len > 1 && strchr("# ", s->text[1]))
        return true;
    while (at > 0 && strchr("_*=#", s->text[at - 1]))
        at--;
    while (at > 0 && ((unsigned char)s->text[--at] & 0xC0) == 0x80)
        ;
    c = text_char(s->text, s->len, at, &size);
    return whole_paragraph && (text_is_word(c) || c == ')');
}

static size_t trim_end(const char *text, size_t from, size_t to)
{
    while (to > from && strchr(" \t\r\n\v\f", text[to - 1]))
        to--;
    return to;
}

void sentences_begin(struct sentences *it, const char *text, size_t len)
{
    *it = (struct sentences){ .text = text, .len = len };
}

static size_t line_start(const char *text, size_t at)
{
    while (at > 0 && text[at - 1] != '\n')
        at--;
    return at;
}

bool sentences_next(struct sentences *it, struct sentence *out)
{
    size_t from = skip_spaces(it->text, it->len, it->at), end;
    bool begins_paragraph = from >= it->paragraph;
    struct scan s;

    if (from == it->len)
        return false;
    if (begins_paragraph)
        it->paragraph = paragraph_end(it->text, it->len, from, &it->width);
    s = (struct scan){ .text = it->text, .from = from, .len = it->paragraph, .line_from = line_start(it->text, from), .width = it->width };
    end = trim_end(it->text, from, sentence_end(&s));
    *out = (struct sentence){ .text = it->text + from, .len = end - from, .at = from };
    out->from = it->from + text_chars(it->text + it->at, from - it->at);
    out->to = out->from + text_chars(out->text, out->len);
    out->paragraph = skip_spaces(it->text, it->paragraph, end) == it->paragraph;
    out->field = begins_field(&s, from);
    out->heading = skip_spaces(it->text, it->len, end) < it->len && is_heading(out, begins_paragraph && out->paragraph);
    it->at = end;
    it->from = out->to;
    return true;
}
