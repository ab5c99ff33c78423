/* The numbers were computed by Hugging Face's tokenizers 0.22 out of this model's tokenizer.json. */
#include "wordpiece.h"

#include <stdio.h>
#include <sys/stat.h>

#include "fault.h"
#include "test_dir.h"
#include "test_model.h"

#define IDS_MAX 128

static struct wordpiece *pieces;

static int begin(void)
{
    char name[256];

    snprintf(name, sizeof name, "%s/vocab.txt", test_model());
    return wordpiece_open(&pieces, name, NULL) == KL_OK ? 0 : 1;
}

static int end(void)
{
    wordpiece_close(pieces);
    return 0;
}

/* An unknown word is 1, as the tokenizer has it. */
static size_t ids_of(const char *text, size_t len, int32_t out[IDS_MAX])
{
    struct wordpieces it;
    size_t n = 0;

    wordpieces_begin(&it, pieces, text, len);
    while (wordpieces_next(&it)) {
        if (it.count == 0)
            out[n++] = 1;
        for (size_t i = 0; i < it.count && n < IDS_MAX; i++)
            out[n++] = it.ids[i];
    }
    return n;
}

static void check(const char *text, size_t len, const int32_t *wanted)
{
    int32_t got[IDS_MAX];
    size_t n = ids_of(text, len, got), i = 0;

    while (i < n && wanted[i] == got[i])
        i++;
    if (i < n || wanted[i] != 0)
        printf("\n    %.40s: piece %zu differs\n", text, i);
    CU_ASSERT(i == n && wanted[i] == 0);
}
#define CHECK(text, ...) check(text, sizeof(text) - 1, (const int32_t[]){ __VA_ARGS__, 0 })

static void wordpiece_cuts_prose_as_the_tokenizer_does(void)
{
    CHECK("“Well, Prince, so Genoa and Lucca are now just family estates of the Buonapartes.", 529, 1098, 16, 2165, 16, 1067, 14777, 1004, 11782,
          2546, 1030, 1091, 1080, 1161, 7713, 1003, 1002, 19940, 6862, 18368, 3576, 18);
    CHECK("To Sherlock Holmes she is always _the_ woman.", 1006, 19058, 8112, 1022, 1009, 1473, 41, 1002, 41, 1456, 18);
    CHECK("The treatment of tuberculous disease of the knee-joint: see Figs. 12-14 (p. 303)!", 1002, 2955, 1003, 6276, 10896, 15209, 3301, 1003,
          1002, 5187, 17, 3107, 30, 1162, 19971, 1021, 18, 1266, 17, 1409, 12, 58, 18, 18994, 13, 5);
}

static void wordpiece_takes_each_ascii_symbol_for_a_word(void)
{
    CHECK("don't e-mail foo_bar@example.com $5.00 <b>~x~</b> `a` ^ | + =", 1129, 11, 62, 47, 17, 4659, 28385, 41, 2353, 36, 1748, 18, 3018, 8,
          25, 18, 3008, 32, 44, 34, 72, 66, 72, 32, 19, 44, 34, 42, 43, 42, 40, 70, 15, 33);
}

static void wordpiece_strips_accents_and_case(void)
{
    CHECK("Ça va? Les élèves naïfs ÀÉÎ, Größe İstanbul ẞ", 5193, 11442, 35, 3655, 2455, 22053, 5589, 9134, 1021, 28353, 1078, 16, 23671, 1086,
          16505, 8966, 102);
    CHECK("ﬁne ½ ① Ａ１ e\u0301 ", 990, 1644, 98, 1, 1, 47);
}

static void wordpiece_takes_each_cjk_character_for_a_word(void)
{
    CHECK("東京 is the 首都 of 日本。カタカナ ひらがな", 885, 761, 1009, 1002, 1, 967, 1003, 870, 882, 642, 706, 29241, 29232, 29247, 679, 29217,
          29183, 29199);
}

static void wordpiece_takes_hangul_and_cyrillic_letter_by_letter(void)
{
    CHECK("한국어 тест Привет", 475, 29012, 29027, 28997, 29020, 29026, 29005, 29014, 203, 14296, 28753, 21925, 200, 15862, 9331, 24535, 14296,
          21925);
}

static void wordpiece_drops_control_characters_and_parts_at_any_space(void)
{
    CHECK("tab\tnew\r\nline\0nul\vvt a\u200bb soft\u00adhyphen non\u00a0"
          "breaking em\u2003space",
          20634, 1053, 16523, 4319, 1621, 1108, 10119, 2736, 9542, 7464, 1374, 1518, 3917, 6867, 1692);
}

static void wordpiece_does_not_know_a_word_with_an_unknown_part(void)
{
    CHECK("☃ unknown ⸮ 🙂 word", 1, 3248, 1, 1, 1779);
}

static void wordpiece_takes_special_tokens_for_text(void)
{
    CHECK("[MASK] [CLS] ##ing", 37, 6314, 39, 37, 17862, 1021, 39, 7, 7, 12755);
}

static void wordpiece_knows_no_word_of_more_than_100_characters(void)
{
    char text[512];
    int32_t ids[IDS_MAX];
    size_t len = 0;

    for (int i = 0; i < 100; i++)
        len += (size_t)sprintf(text + len, "é");
    CU_ASSERT_NOT_EQUAL(ids_of(text, len, ids), 0);
    CU_ASSERT_NOT_EQUAL(ids[0], 1);
    len += (size_t)sprintf(text + len, "é word");
    CU_ASSERT_EQUAL(ids_of(text, len, ids), 2);
    CU_ASSERT_EQUAL(ids[0], 1);
    CU_ASSERT_EQUAL(ids[1], 1779);
}

static void wordpiece_passes_over_bytes_that_are_not_utf8(void)
{
    CHECK("\xff word\x80 \xc3", 1779);
    CHECK("word \xe6\x9d", 1779);
}

static void wordpiece_finds_nothing_in_nothing(void)
{
    int32_t ids[IDS_MAX];

    CU_ASSERT_EQUAL(ids_of("", 0, ids), 0);
    CU_ASSERT_EQUAL(ids_of(" \n\t ", 4, ids), 0);
}

static void wordpiece_tells_the_number_of_a_piece(void)
{
    CU_ASSERT_EQUAL(wordpiece_count(pieces), 29528);
    CU_ASSERT_EQUAL(wordpiece_find(pieces, "[UNK]"), 1);
    CU_ASSERT_EQUAL(wordpiece_find(pieces, "word"), 1779);
    CU_ASSERT_NOT_EQUAL(wordpiece_find(pieces, "##s"), wordpiece_find(pieces, "s"));
    CU_ASSERT_EQUAL(wordpiece_find(pieces, "##"), -1);
    CU_ASSERT_EQUAL(wordpiece_find(pieces, "nosuchpiece"), -1);
}

static enum kl_code open_text(const char *text, struct wordpiece **out, struct kl_error *err)
{
    char dir[TEST_DIR_BYTES], name[64];
    enum kl_code code;

    test_dir_make(dir);
    if (text)
        test_dir_put(dir, "vocab.txt", text);
    snprintf(name, sizeof name, "%s/vocab.txt", dir);
    code = wordpiece_open(out, name, err);
    test_dir_remove(dir);
    return code;
}

static void wordpiece_refuses_what_is_no_vocabulary(void)
{
    struct wordpiece *w;
    struct kl_error err;

    CU_ASSERT_EQUAL(open_text(NULL, &w, &err), KL_INVALID);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "No such file"));
    CU_ASSERT_EQUAL(open_text("", &w, &err), KL_INVALID);
    CU_ASSERT_EQUAL(open_text("a\nb\n", &w, &err), KL_INVALID);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "lacks [UNK]"));
    CU_ASSERT_PTR_NULL(w);
}

static void wordpiece_reads_a_last_line_without_its_end(void)
{
    struct wordpiece *w;

    CU_ASSERT_EQUAL_FATAL(open_text("[UNK]\nwolf\n##s", &w, NULL), KL_OK);
    CU_ASSERT_EQUAL(wordpiece_count(w), 3);
    CU_ASSERT_EQUAL(wordpiece_find(w, "##s"), 2);
    wordpiece_close(w);
}

static void wordpiece_says_when_there_is_no_memory(void)
{
    char dir[TEST_DIR_BYTES], name[64];
    bool hit = true;

    test_dir_make(dir);
    test_dir_put(dir, "vocab.txt", "[UNK]\nwolf\n");
    snprintf(name, sizeof name, "%s/vocab.txt", dir);
    for (long n = 0; hit; n++) {
        struct wordpiece *w;
        enum kl_code code;
        kl_fault_begin(n);
        code = wordpiece_open(&w, name, NULL);
        hit = kl_fault_end();
        CU_ASSERT_EQUAL(code, hit ? KL_BUSY : KL_OK);
        CU_ASSERT_EQUAL(w == NULL, hit);
        wordpiece_close(w);
    }
    test_dir_remove(dir);
}

KL_TESTS_WITH("wordpiece", begin, end, T(wordpiece_cuts_prose_as_the_tokenizer_does), T(wordpiece_takes_each_ascii_symbol_for_a_word),
              T(wordpiece_strips_accents_and_case), T(wordpiece_takes_each_cjk_character_for_a_word),
              T(wordpiece_takes_hangul_and_cyrillic_letter_by_letter), T(wordpiece_drops_control_characters_and_parts_at_any_space),
              T(wordpiece_does_not_know_a_word_with_an_unknown_part), T(wordpiece_takes_special_tokens_for_text),
              T(wordpiece_knows_no_word_of_more_than_100_characters), T(wordpiece_passes_over_bytes_that_are_not_utf8),
              T(wordpiece_finds_nothing_in_nothing), T(wordpiece_tells_the_number_of_a_piece), T(wordpiece_refuses_what_is_no_vocabulary),
              T(wordpiece_reads_a_last_line_without_its_end), T(wordpiece_says_when_there_is_no_memory))
