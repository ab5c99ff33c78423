#include "text.h"

#include <inttypes.h>
#include <string.h>
#include <utf8proc.h>

/* What each ASCII character is in a word: its folded form, or 0 when it stands between words. */
static char ascii_folded(unsigned char c)
{
    if (c >= 'A' && c <= 'Z')
        return (char)(c + 'a' - 'A');
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ? (char)c : 0;
}

int32_t text_char(const char *t, size_t len, size_t at, size_t *size)
{
    utf8proc_int32_t c;
    utf8proc_ssize_t n;

    if ((unsigned char)t[at] < 0x80) {
        *size = 1;
        return (unsigned char)t[at];
    }
    n = utf8proc_iterate((const utf8proc_uint8_t *)t + at, (utf8proc_ssize_t)(len - at < 4 ? len - at : 4), &c);
    *size = n > 0 ? (size_t)n : 1;
    return n > 0 ? c : 0xFFFD;
}

static bool is_control(int32_t c)
{
    return (c < 0x20 && !(c >= '\t' && c <= '\r') && c != 0x1B) || c == 0x7F;
}

/* UTF-16 is the one other encoding that tells itself: it deserves its name. */
static bool is_utf16(const char *bytes, size_t len)
{
    return len >= 2 && (memcmp(bytes, "\xFF\xFE", 2) == 0 || memcmp(bytes, "\xFE\xFF", 2) == 0);
}

static enum kl_code refuse(const char *bytes, size_t len, size_t at, struct kl_error *err)
{
    unsigned byte = (unsigned char)bytes[at];
    int32_t line = 1;

    for (size_t i = 0; i < at; i++)
        line += bytes[i] == '\n' && line < INT32_MAX;
    if (is_utf16(bytes, len))
        kl_fail(err, KL_INVALID, "this is UTF-16; want UTF-8 (iconv -f UTF-16 -t UTF-8)");
    else if (byte < 0x80)
        kl_fail(err, KL_INVALID, "byte 0x%02X at %zu (line %" PRId32 ") is no text: this is binary", byte, at, line);
    else
        kl_fail(err, KL_INVALID, "byte 0x%02X at %zu (line %" PRId32 ") is not UTF-8: binary, or another encoding", byte, at, line);
    if (err)
        err->line = line;
    return KL_INVALID;
}

enum kl_code text_check(const char *bytes, size_t len, struct kl_error *err)
{
    size_t size;

    for (size_t at = 0; at < len; at += size) {
        int32_t c = text_char(bytes, len, at, &size);

        /* U+FFFD itself is three bytes; of one byte it stands for what is no UTF-8. */
        if (is_control(c) || (c == 0xFFFD && size == 1))
            return refuse(bytes, len, at, err);
    }
    return KL_OK;
}

static bool begins_char(char byte)
{
    return ((unsigned char)byte & 0xC0) != 0x80;
}

int64_t text_chars(const char *t, size_t len)
{
    int64_t n = 0;

    for (size_t i = 0; i < len; i++)
        n += begins_char(t[i]);
    return n;
}

size_t text_byte(const char *t, size_t len, int64_t n)
{
    for (size_t i = 0; i < len; i++) {
        if (begins_char(t[i]) && n-- <= 0)
            return i;
    }
    return len;
}

bool text_is_space(int32_t c)
{
    if (c < 0x80)
        return c == ' ' || (c >= '\t' && c <= '\r');
    switch (utf8proc_category(c)) {
    case UTF8PROC_CATEGORY_ZS:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
        return true;
    default:
        return c == 0xFEFF || c == 0x85;
    }
}

static bool is_mark(int32_t c)
{
    utf8proc_category_t category = utf8proc_category(c);

    return category >= UTF8PROC_CATEGORY_MN && category <= UTF8PROC_CATEGORY_ME;
}

bool text_is_word(int32_t c)
{
    utf8proc_category_t category;

    if (c < 0x80)
        return ascii_folded((unsigned char)c) != 0;
    category = utf8proc_category(c);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_NO) || category == UTF8PROC_CATEGORY_CO;
}

bool text_is_lower(int32_t c)
{
    return c < 0x80 ? c >= 'a' && c <= 'z' : utf8proc_category(c) == UTF8PROC_CATEGORY_LL;
}

bool text_is_upper(int32_t c)
{
    return c < 0x80 ? c >= 'A' && c <= 'Z' : utf8proc_category(c) == UTF8PROC_CATEGORY_LU;
}

void text_words_begin(struct text_words *it, const char *text, size_t len)
{
    *it = (struct text_words){ .text = text, .len = len };
}

/* Where the next word begins: at a letter or digit, never at a mark alone. */
static size_t word_start(const struct text_words *it)
{
    size_t at = it->next, size;

    for (; at < it->len; at += size) {
        int32_t c = text_char(it->text, it->len, at, &size);

        if (text_is_word(c) && !is_mark(c))
            break;
    }
    return at;
}

/* Copies the ASCII letters and digits from at on, folded; the byte behind them. */
static size_t fold_ascii(struct text_words *it, size_t at, size_t *len)
{
    for (*len = 0; at < it->len; at++) {
        char c = ascii_folded((unsigned char)it->text[at]);

        if (!c)
            break;
        if (*len < TEXT_WORD_MAX)
            it->folded[(*len)++] = c;
    }
    return at;
}

/* Only the marks that Latin, Greek and Cyrillic put on letters: in other scripts a mark may be a vowel. */
static bool is_diacritic(int32_t c)
{
    return c >= 0x300 && c <= 0x36F;
}

#define FOLD (UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE)

/* Folds one character behind what is folded; false: it did not fit. */
static bool fold_char(struct text_words *it, int32_t c, size_t *len)
{
    /* Enough for the longest decomposition there is (18 characters). */
    utf8proc_int32_t parts[32];
    utf8proc_uint8_t bytes[4];
    int boundary = 0;
    utf8proc_ssize_t n = utf8proc_decompose_char(c, parts, 32, FOLD, &boundary);

    for (utf8proc_ssize_t i = 0; i < n && i < 32; i++) {
        utf8proc_ssize_t size;

        if (!text_is_word(parts[i]) || is_diacritic(parts[i]))
            continue;
        size = utf8proc_encode_char(parts[i], bytes);
        if (*len + (size_t)size > TEXT_WORD_MAX)
            return false;
        memcpy(it->folded + *len, bytes, (size_t)size);
        *len += (size_t)size;
    }
    return true;
}

/* The rest of a word that is not ASCII; the byte behind it. */
static size_t fold_rest(struct text_words *it, size_t at, size_t *len)
{
    bool fits = *len < TEXT_WORD_MAX;
    size_t size;

    for (; at < it->len; at += size) {
        int32_t c = text_char(it->text, it->len, at, &size);

        if (!text_is_word(c))
            break;
        fits = fits && fold_char(it, c, len);
    }
    return at;
}

bool text_word(struct text_words *it, const char **word, size_t *len, size_t *at)
{
    do {
        *at = word_start(it);
        if (*at == it->len)
            return false;
        it->next = fold_ascii(it, *at, len);
        if (it->next < it->len && (unsigned char)it->text[it->next] >= 0x80)
            it->next = fold_rest(it, it->next, len);
    } while (*len == 0);
    *word = it->folded;
    return true;
}
