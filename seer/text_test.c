#include "text.h"

#include <stdio.h>

#include "test.h"

#define LEN(literal) literal, sizeof literal - 1

static void text_is_utf8_without_control_characters(void)
{
    struct kl_error err;

    CU_ASSERT_EQUAL(text_check(LEN("A line.\r\n\tAnother one\x1B[0m, \xC3\xA4 \xE2\x82\xAC \xF0\x9F\x90\xBA"), &err), KL_OK);
    CU_ASSERT_EQUAL(text_check(LEN(""), &err), KL_OK);
    CU_ASSERT_EQUAL(text_check(LEN("\xEF\xBB\xBFmarked"), &err), KL_OK);
    CU_ASSERT_EQUAL(text_check(LEN("\xEF\xBF\xBD is a character too"), &err), KL_OK);
}

static void what_is_no_text_is_named_with_its_place(void)
{
    static const struct { const char *bytes; size_t len; const char *says; int line; } cases[] = {
        { LEN("one\ntwo\0"), "byte 0x00 at 7 (line 2)", 2 },
        { LEN("\x89PNG\r\n\x1A\n"), "byte 0x89 at 0 (line 1)", 1 },
        { LEN("caf\xE9 au lait"), "byte 0xE9 at 3 (line 1) is not UTF-8", 1 },
        { LEN("half \xE2\x82"), "byte 0xE2 at 5", 1 },
        { LEN("\xED\xA0\x80 surrogate"), "byte 0xED at 0", 1 },
        { LEN("\xC0\xAF overlong"), "byte 0xC0 at 0", 1 },
        { LEN("\xFF\xFEh\0i\0"), "UTF-16", 1 },
        { LEN("PK\x03\x04"), "byte 0x03 at 2", 1 },
    };
    struct kl_error err;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        CU_ASSERT_EQUAL(text_check(cases[i].bytes, cases[i].len, &err), KL_INVALID);
        CU_ASSERT_PTR_NOT_NULL(strstr(err.text, cases[i].says));
        CU_ASSERT_EQUAL(err.line, cases[i].line);
    }
}

static void characters_are_code_points(void)
{
    const char *text = "a\xC3\xA4\xE2\x82\xAC\xF0\x9F\x90\xBA!";

    CU_ASSERT_EQUAL(text_chars(text, strlen(text)), 5);
    CU_ASSERT_EQUAL(text_byte(text, strlen(text), 0), 0);
    CU_ASSERT_EQUAL(text_byte(text, strlen(text), 2), 3);
    CU_ASSERT_EQUAL(text_byte(text, strlen(text), 4), 10);
    CU_ASSERT_EQUAL(text_byte(text, strlen(text), 5), 11);
    CU_ASSERT_EQUAL(text_byte(text, strlen(text), 99), 11);
}

/* The folded words of text, each in brackets. */
static void words_are(const char *text, const char *want)
{
    struct text_words it;
    const char *word;
    char got[512] = "";
    size_t len, at, used = 0;

    text_words_begin(&it, text, strlen(text));
    while (text_word(&it, &word, &len, &at)) {
        CU_ASSERT(at < it.next && it.next <= strlen(text));
        used += (size_t)snprintf(got + used, sizeof got - used, "[%.*s]", (int)len, word);
    }
    CU_ASSERT_STRING_EQUAL(got, want);
}

static void words_are_runs_of_letters_and_digits(void)
{
    words_are("Don't cry, 'wolf' -- in 1812!", "[don][t][cry][wolf][in][1812]");
    words_are("order_id: A-17/b", "[order][id][a][17][b]");
    words_are("", "");
    words_are("... !?", "");
}

static void words_are_folded(void)
{
    words_are("\xC3\x84RZTE \xC3\xA4rzte A\xCC\x88rzte", "[arzte][arzte][arzte]");
    words_are("Stra\xC3\x9F" "e STRASSE", "[strasse][strasse]");
    words_are("\xEF\xBC\xA1\xEF\xBD\x82 \xEF\xAC\x81sh", "[ab][fish]");
    words_are("\xD0\x9C\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0", "[\xD0\xBC\xD0\xBE\xD1\x81\xD0\xBA\xD0\xB2\xD0\xB0]");
    words_are("\xCE\x9F\xCE\x94\xCE\x9F\xCE\xA3", "[\xCE\xBF\xCE\xB4\xCE\xBF\xCF\x83]");
}

static void the_byte_order_mark_is_in_no_word(void)
{
    words_are("\xEF\xBB\xBFWolf", "[wolf]");
}

static void vowel_signs_stay_where_they_are_no_diacritics(void)
{
    words_are("\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA5\x8D\xE0\xA4\xA6\xE0\xA5\x80", "[\xE0\xA4\xB9\xE0\xA4\xBF\xE0\xA4\xA8\xE0\xA5\x8D\xE0\xA4\xA6\xE0\xA5\x80]");
}

static void a_word_tells_where_it_stands(void)
{
    const char *text = "\xE2\x80\x9CWolf!\xE2\x80\x9D \xC3\x84rzte";
    struct text_words it;
    const char *word;
    size_t len, at;

    text_words_begin(&it, text, strlen(text));
    CU_ASSERT(text_word(&it, &word, &len, &at));
    CU_ASSERT(at == 3 && it.next == 7);
    CU_ASSERT(text_word(&it, &word, &len, &at));
    CU_ASSERT(at == 12 && it.next == strlen(text));
    CU_ASSERT_FALSE(text_word(&it, &word, &len, &at));
}

static void a_long_word_is_cut_between_two_characters(void)
{
    char text[4 * TEXT_WORD_MAX];
    struct text_words it;
    const char *word;
    size_t len, at;

    text[0] = 'x';
    for (size_t i = 1; i + 1 < sizeof text; i += 2)
        memcpy(text + i, "\xD0\xB1", 2);
    text_words_begin(&it, text, sizeof text - 1);
    CU_ASSERT(text_word(&it, &word, &len, &at));
    CU_ASSERT_EQUAL(len, TEXT_WORD_MAX - 1);
    CU_ASSERT_EQUAL(it.next, sizeof text - 1);
    CU_ASSERT_FALSE(text_word(&it, &word, &len, &at));
}

KL_TESTS("text", T(text_is_utf8_without_control_characters), T(what_is_no_text_is_named_with_its_place), T(characters_are_code_points),
         T(words_are_runs_of_letters_and_digits), T(words_are_folded), T(the_byte_order_mark_is_in_no_word),
         T(vowel_signs_stay_where_they_are_no_diacritics), T(a_word_tells_where_it_stands),
         T(a_long_word_is_cut_between_two_characters))
