/* What passes for text is UTF-8; its words follow each other, are UTF-8 themselves, and folding them again changes nothing.
 * sources: seer/text.c
 */
#include "fuzz.h"
#include "seer/text.h"

static void check_word(const char *word, size_t len)
{
    struct text_words again;
    char copy[TEXT_WORD_MAX];
    const char *folded;
    size_t folded_len, at;

    kl_assert(len > 0 && len <= TEXT_WORD_MAX && kl_utf8_valid(word, len));
    memcpy(copy, word, len);
    text_words_begin(&again, copy, len);
    if (text_word(&again, &folded, &folded_len, &at))
        kl_assert(folded_len <= len && memcmp(folded, copy + at, folded_len) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const char *text = (const char *)data, *word;
    struct kl_error err;
    struct text_words it;
    size_t word_len, at, before = 0;

    if (text_check(text, len, &err)) {
        kl_assert(err.code == KL_INVALID && err.line > 0);
        return 0;
    }
    kl_assert(kl_utf8_valid(text, len));
    kl_assert(text_byte(text, len, text_chars(text, len)) == len);
    text_words_begin(&it, text, len);
    while (text_word(&it, &word, &word_len, &at)) {
        kl_assert(at >= before && it.next > at && it.next <= len);
        check_word(word, word_len);
        before = it.next;
    }
    return 0;
}
