/* The passages of any text are together the text, none too long or torn; its sentences follow each other and leave out
 * nothing but white space.
 * sources: seer/passages.c seer/sentences.c seer/text.c
 */
#include "fuzz.h"
#include "seer/passages.h"
#include "seer/sentences.h"
#include "seer/text.h"

static void check_space(const char *text, size_t from, size_t to)
{
    for (size_t size; from < to; from += size)
        kl_assert(text_is_space(text_char(text, to, from, &size)));
}

static void check_sentences(const char *text, size_t len)
{
    struct sentences it;
    struct sentence s;
    size_t at = 0;

    sentences_begin(&it, text, len);
    while (sentences_next(&it, &s)) {
        kl_assert(s.len > 0 && s.at >= at && s.at + s.len <= len && s.text == text + s.at);
        kl_assert(s.to - s.from == text_chars(s.text, s.len) && s.from == text_chars(text, s.at));
        check_space(text, at, s.at);
        at = s.at + s.len;
    }
    check_space(text, at, len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const char *text = (const char *)data;
    struct passages it;
    struct passage p;
    size_t at = 0;

    if (text_check(text, len, NULL))
        return 0;
    passages_begin(&it, text, len);
    while (passages_next(&it, &p)) {
        kl_assert(p.text == text + at && p.len > 0 && kl_utf8_valid(p.text, p.len));
        kl_assert(p.to - p.from == text_chars(p.text, p.len) && p.to - p.from <= PASSAGE_CHARS_MAX);
        check_sentences(p.text, p.len);
        at += p.len;
    }
    kl_assert(at == len);
    return 0;
}
