#include "passages.h"

#include <string.h>

#include "sentences.h"
#include "text.h"

/* How much farther from the aim a worse border may be said to lie, in characters. */
#define COST_OF_SENTENCE 300 /* no paragraph ends there */
#define COST_OF_HEADING 5000 /* it would be cut off from what it heads: only when there is nothing else */

void passages_begin(struct passages *it, const char *text, size_t len)
{
    *it = (struct passages){ .text = text, .len = len, .line = 1 };
}

/* Back to the beginning of its line, when only blanks stand before: an indented line is not torn from its indent. */
static size_t before_indent(const char *text, size_t at)
{
    size_t to = at;

    while (to > 0 && strchr(" \t", text[to - 1]))
        to--;
    return to > 0 && text[to - 1] == '\n' ? to : at;
}

static int64_t cost(const struct sentence *before, int64_t from)
{
    int64_t distance = from > PASSAGE_CHARS ? from - PASSAGE_CHARS : PASSAGE_CHARS - from;

    return distance + (before->heading ? COST_OF_HEADING : before->paragraph ? 0 : COST_OF_SENTENCE);
}

/* The best place to cut between two sentences of the window; 0 when there is none. */
static size_t cut_at_sentence(const char *text, size_t len)
{
    struct sentences it;
    struct sentence before, next;
    int64_t best_cost = INT64_MAX;
    size_t best = 0;

    sentences_begin(&it, text, len);
    if (!sentences_next(&it, &before))
        return 0;
    for (; sentences_next(&it, &next); before = next) {
        if (next.from >= PASSAGE_CHARS_MIN && cost(&before, next.from) < best_cost) {
            best_cost = cost(&before, next.from);
            best = before_indent(text, next.at);
        }
    }
    return best;
}

/* Behind the last white space at or before the aim, else before the maximum; the window's end when it is one word. */
static size_t cut_at_word(const char *text, size_t len)
{
    size_t aim = text_byte(text, len, PASSAGE_CHARS), from = text_byte(text, len, PASSAGE_CHARS_MIN), size, cut = 0;

    for (size_t at = from; at < len && (at < aim || !cut); at += size) {
        if (text_is_space(text_char(text, len, at, &size)))
            cut = at + size;
    }
    return cut ? cut : len;
}

static size_t passage_end(const char *text, size_t len)
{
    size_t window = len, cut;

    if (len > PASSAGE_CHARS_MAX)
        window = text_byte(text, len < PASSAGE_BYTES_MAX ? len : PASSAGE_BYTES_MAX, PASSAGE_CHARS_MAX);
    if (window == len)
        return len;
    cut = cut_at_sentence(text, window);
    return cut ? cut : cut_at_word(text, window);
}

bool passages_next(struct passages *it, struct passage *out)
{
    const char *text = it->text + it->at;
    size_t len = it->len - it->at;

    if (len == 0)
        return false;
    len = passage_end(text, len);
    *out = (struct passage){ .text = text, .len = len, .from = it->from, .to = it->from + text_chars(text, len), .line = it->line };
    for (size_t i = 0; i < len; i++)
        it->line += text[i] == '\n';
    it->at += len;
    it->from = out->to;
    return true;
}
