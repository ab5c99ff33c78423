#include "passages.h"

#include <stdio.h>

#include "buf.h"
#include "test.h"
#include "text.h"

/* What must hold for every text: no gap, no overlap, no torn character, no size out of bounds. Returns how many there are. */
static int check(const char *text, size_t len)
{
    struct passages it;
    struct passage p;
    int64_t chars = 0, line = 1;
    size_t at = 0;
    int n = 0;

    passages_begin(&it, text, len);
    while (passages_next(&it, &p)) {
        CU_ASSERT_PTR_EQUAL(p.text, text + at);
        CU_ASSERT_EQUAL(p.from, chars);
        CU_ASSERT_EQUAL(p.to - p.from, text_chars(p.text, p.len));
        CU_ASSERT(p.to - p.from <= PASSAGE_CHARS_MAX);
        CU_ASSERT_EQUAL(p.line, line);
        CU_ASSERT(kl_utf8_valid(p.text, p.len));
        for (size_t i = 0; i < p.len; i++)
            line += p.text[i] == '\n';
        chars = p.to;
        at += p.len;
        if (at < len)
            CU_ASSERT(p.to - p.from >= PASSAGE_CHARS_MIN - 80); /* an indent may go to the next */
        n++;
    }
    CU_ASSERT_EQUAL(at, len);
    return n;
}

/* Appends a paragraph of n sentences of 50 characters. */
static void add_paragraph(struct kl_buf *b, int n)
{
    for (int i = 0; i < n; i++)
        kl_buf_adds(b, "This is one of the sentences of fifty characters. ");
    kl_buf_adds(b, "\n\n");
}

static void a_short_text_is_one_passage(void)
{
    CU_ASSERT_EQUAL(check("", 0), 0);
    CU_ASSERT_EQUAL(check("Wolf!", 5), 1);
    CU_ASSERT_EQUAL(check("\n\n", 2), 1);
}

static void a_cut_is_made_where_a_paragraph_ends(void)
{
    struct passages it;
    struct passage p;
    struct kl_buf b;

    kl_buf_init(&b, 1 << 20);
    add_paragraph(&b, 9);
    add_paragraph(&b, 9);
    add_paragraph(&b, 30);
    CU_ASSERT_EQUAL(check(b.data, b.len), 3);
    passages_begin(&it, b.data, b.len);
    CU_ASSERT(passages_next(&it, &p));
    CU_ASSERT_EQUAL(p.to, 904);
    CU_ASSERT(passages_next(&it, &p));
    CU_ASSERT_EQUAL(p.line, 5);
    CU_ASSERT_EQUAL(p.to - p.from, 1000); /* one long paragraph is cut between two sentences */
    kl_buf_fini(&b);
}

static void a_heading_stays_with_what_it_heads(void)
{
    struct passages it;
    struct passage p;
    struct kl_buf b;

    kl_buf_init(&b, 1 << 20);
    add_paragraph(&b, 19);
    kl_buf_adds(&b, "CHAPTER XVII\n\n");
    add_paragraph(&b, 30);
    check(b.data, b.len);
    passages_begin(&it, b.data, b.len);
    CU_ASSERT(passages_next(&it, &p));
    CU_ASSERT(passages_next(&it, &p));
    CU_ASSERT_NSTRING_EQUAL(p.text, "CHAPTER XVII", 12);
    kl_buf_fini(&b);
}

static void without_sentences_it_is_cut_between_words_or_characters(void)
{
    struct kl_buf b;

    kl_buf_init(&b, 1 << 20);
    for (int i = 0; i < 1000; i++)
        kl_buf_adds(&b, "word ");
    CU_ASSERT_EQUAL(check(b.data, b.len), 5);
    kl_buf_clear(&b);
    for (int i = 0; i < 3000; i++)
        kl_buf_adds(&b, "\xE2\x82\xAC");
    CU_ASSERT_EQUAL(check(b.data, b.len), 3);
    kl_buf_fini(&b);
}

KL_TESTS("passages", T(a_short_text_is_one_passage), T(a_cut_is_made_where_a_paragraph_ends), T(a_heading_stays_with_what_it_heads),
         T(without_sentences_it_is_cut_between_words_or_characters))
