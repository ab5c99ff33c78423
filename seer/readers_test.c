/* readers_test.c - see readers.h: searches by words, passages, documents. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "test_index.h"

static void search_syntax_is_plain_text(void)
{
    static const char *const questions[] = {
        "\"", "wolf\"", "wolf*", "wolf OR", "AND wolf", "wolf NOT wolf", "text:wolf", "{text} : wolf", "NEAR(wolf boy)", "^wolf", "wolf + boy",
        "(wolf", "wolf)", "-wolf", "wolf; DROP TABLE passages", "wolf'--", "wolf\\", "\xff wolf",
    };

    test_begin();
    test_put("a.txt", "The boy who cried wolf.");
    CU_ASSERT_EQUAL(test_search(questions[0]).n, 0);
    for (size_t i = 1; i < sizeof questions / sizeof *questions; i++)
        CU_ASSERT_EQUAL(test_search(questions[i]).n, 1);
    CU_ASSERT_EQUAL(test_search("").n, 0);
    CU_ASSERT_EQUAL(test_search("?!").n, 0);
    test_end();
}

static void words_are_found_however_they_are_written(void)
{
    test_begin();
    test_put("a.txt", "Der Großhändler fährt nach Zürich. Наташа танцевала. 北京 is far.");
    CU_ASSERT_EQUAL(test_search("zurich").n, 1);
    CU_ASSERT_EQUAL(test_search("FAHRT").n, 1);
    CU_ASSERT_EQUAL(test_search("наташа").n, 1);
    CU_ASSERT_EQUAL(test_search("北京").n, 1);
    test_end();
}

/* What somebody looks for who has nothing but a digest. */
static void a_digest_is_a_word(void)
{
    static const char sha256[] = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    static const char sha512[] = "a4abd4448c49562d828115d13a1fccea927f52b4d5459297f8b43e42da89238b"
                                 "c13626e43dcb38ddb082488927ec904fb42057443983e88585179d50551afe62";
    char text[512];

    test_begin();
    snprintf(text, sizeof text, "The image is sha256:%s, its layer %s.", sha256, sha512);
    test_put("image.txt", text);
    CU_ASSERT_EQUAL(test_search(sha256).n, 1);
    CU_ASSERT_EQUAL(test_search(sha512).n, 1);
    test_end();
}

static void stop_words_count_when_there_is_nothing_else(void)
{
    test_begin();
    test_put("a.txt", "To be or not to be, that is what he asks.");
    test_put("b.txt", "Denmark is a kingdom.");
    CU_ASSERT_EQUAL(test_search("to be or not to be").n, 1);
    CU_ASSERT_STRING_EQUAL(test_search("to be or not to be").source, "a.txt");
    CU_ASSERT_EQUAL(test_search("to be or not to be in Denmark").n, 1);
    CU_ASSERT_STRING_EQUAL(test_search("to be or not to be in Denmark").source, "b.txt");
    test_end();
}

static void rare_words_lead(void)
{
    char name[16];

    test_begin();
    for (int i = 0; i < 30; i++) {
        snprintf(name, sizeof name, "%d", i);
        test_put(name, "The prince rode to the battle with the army, and the army with the prince.");
    }
    test_put("rare", "A bezique card lay under the chair of the prince.");
    CU_ASSERT_STRING_EQUAL(test_search("Which card game did the prince of the army play, bezique?").source, "rare");
    CU_ASSERT_EQUAL(test_search("prince bezique").n, 31);
    test_end();
}

static void a_search_can_be_narrowed_to_a_source_and_a_time(void)
{
    struct catalog_filter filter;
    struct kl_error err;

    test_begin();
    test_put("a.txt", "wolf");
    test_put("b.txt", "wolf");
    CU_ASSERT_EQUAL(test_search_in("wolf", NULL, "b.txt", INT64_MIN).n, 1);
    CU_ASSERT_STRING_EQUAL(test_search_in("wolf", NULL, "b.txt", INT64_MIN).source, "b.txt");
    CU_ASSERT_EQUAL(test_search_in("wolf", NULL, "c.txt", INT64_MIN).n, 0);
    CU_ASSERT_EQUAL(test_search_in("wolf", NULL, NULL, 1).n, 2);
    CU_ASSERT_EQUAL(test_search_in("wolf", NULL, NULL, INT64_MAX).n, 0);
    CU_ASSERT_EQUAL(catalog_filter(index_catalog(test_x), "no-such", NULL, 0, &filter, &err), KL_NOT_FOUND);
    CU_ASSERT_STRING_EQUAL(err.field, "topic");
    test_end();
}

static void hits_that_were_replaced_are_told(void)
{
    struct reader_hit hits[10];
    struct catalog_filter filter;
    struct test_found found = { .n = 0 };
    struct kl_error err;
    size_t n, missing;

    test_begin();
    test_put("a.txt", "wolf");
    CU_ASSERT_EQUAL(catalog_filter(index_catalog(test_x), NULL, NULL, INT64_MIN, &filter, &err), KL_OK);
    CU_ASSERT_EQUAL(reader_words(test_reader, "wolf", 4, &filter, hits, 10, &n, &err), KL_OK);
    CU_ASSERT_EQUAL_FATAL(n, 1);
    test_put("a.txt", "wolf");
    CU_ASSERT_EQUAL(reader_passages(test_reader, &hits[0].passage, 1, NULL, &found, &missing, &err), KL_OK);
    CU_ASSERT_EQUAL(missing, 1);
    test_end();
}

/* ---- the words themselves ---- */

struct seen { char terms[256]; int stops; double prince, bezique; };

static void term_see(void *ctx, const struct reader_term *t)
{
    struct seen *s = ctx;

    s->stops += t->stop;
    if (!strcmp(t->term, "princ"))
        s->prince = t->weight;
    if (!strcmp(t->term, "beziqu"))
        s->bezique = t->weight;
}

static void stem_see(void *ctx, const char *term, size_t len, size_t from, size_t to)
{
    struct seen *s = ctx;
    size_t at = strlen(s->terms);

    snprintf(s->terms + at, sizeof s->terms - at, "%.*s[%zu,%zu) ", (int)len, term, from, to);
}

static void rarer_words_weigh_more(void)
{
    static const char question[] = "Did the prince play bezique?";
    struct seen s = { .stops = 0 };
    struct kl_error err;

    test_begin();
    test_put("a", "the prince");
    test_put("b", "the prince at bezique");
    test_put("c", "the king");
    CU_ASSERT_EQUAL(reader_terms(test_reader, question, strlen(question), term_see, &s, &err), KL_OK);
    CU_ASSERT_EQUAL(s.stops, 2);
    CU_ASSERT(s.prince > 0);
    CU_ASSERT(s.bezique > s.prince);
    test_end();
}

static double weight_of_prince(void)
{
    struct seen s = { .stops = 0 };
    struct kl_error err;

    CU_ASSERT_EQUAL(reader_terms(test_reader, "prince", 6, term_see, &s, &err), KL_OK);
    return s.prince;
}

/* An index of messages is as large as ever when all that it holds is new. */
static void a_common_word_is_counted_again_when_what_has_it_went(void)
{
    char name[16];

    test_begin();
    for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 300; i++) {
            snprintf(name, sizeof name, "%d", i);
            test_put(name, round ? "The king rode." : "The prince rode.");
        }
        test_upkeep();
        CU_ASSERT(round ? weight_of_prince() == 0 : weight_of_prince() > 0);
    }
    test_end();
}

static void stems_tell_where_they_stand(void)
{
    static const char text[] = "Fährten, cries";
    struct seen s = { .stops = 0 };
    struct kl_error err;

    test_begin();
    CU_ASSERT_EQUAL(reader_stems(test_reader, text, strlen(text), stem_see, &s, &err), KL_OK);
    CU_ASSERT_STRING_EQUAL(s.terms, "fahrten[0,8) cri[10,15) ");
    test_end();
}

/* ---- documents ---- */

struct page { int64_t ids[16]; size_t n; int64_t next, total; };

static void page_add(void *ctx, const struct reader_document *d)
{
    struct page *p = ctx;

    p->ids[p->n++] = d->id;
}

static struct page documents(const char *kind, const char *source, int64_t before, int limit)
{
    struct page p = { .n = 0 };
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(reader_documents(test_reader, &(struct reader_documents_query){ kind, source, before, limit }, page_add, &p, &p.next,
                                           &p.total, &err), KL_OK);
    return p;
}

static void documents_come_in_pages_newest_first(void)
{
    struct page p;
    int64_t last = 0;
    char name[16];

    test_begin();
    for (int i = 0; i < 5; i++) {
        snprintf(name, sizeof name, "%d", i);
        last = test_put(name, "text");
    }
    p = documents(NULL, NULL, INT64_MAX, 2);
    CU_ASSERT_EQUAL(p.n, 2);
    CU_ASSERT_EQUAL(p.ids[0], last);
    CU_ASSERT_EQUAL(p.total, 5);
    p = documents(NULL, NULL, p.next, 3);
    CU_ASSERT_EQUAL(p.n, 3);
    CU_ASSERT_EQUAL(p.ids[2], last - 4);
    CU_ASSERT_EQUAL(p.next, 0);
    test_end();
}

static void documents_can_be_narrowed_to_a_kind_and_a_source(void)
{
    struct page p;
    struct kl_error err;

    test_begin();
    test_put("a.txt", "text");
    test_put("a.txt", "text anew");
    test_accept("said");
    test_accept("said again");
    CU_ASSERT_EQUAL(documents("document", NULL, INT64_MAX, 10).n, 1);
    CU_ASSERT_EQUAL(documents("document", NULL, INT64_MAX, 10).total, 1);
    CU_ASSERT_EQUAL(documents("statement", NULL, INT64_MAX, 10).n, 2);
    CU_ASSERT_EQUAL(documents("message", NULL, INT64_MAX, 10).total, 0);
    CU_ASSERT_EQUAL(documents(NULL, "a.txt", INT64_MAX, 10).n, 1);
    CU_ASSERT_EQUAL(documents(NULL, "statement", INT64_MAX, 1).total, 2);
    CU_ASSERT_EQUAL(documents("statement", "a.txt", INT64_MAX, 10).n, 0);
    CU_ASSERT_EQUAL(reader_documents(test_reader, &(struct reader_documents_query){ "poem", NULL, INT64_MAX, 1 }, page_add, &p, &p.next, &p.total,
                                     &err), KL_INVALID);
    test_end();
}

struct piece { struct reader_document document; char text[4096]; size_t len; int64_t from, to; };

static void piece_keep(void *ctx, const struct reader_text *t)
{
    struct piece *p = ctx;

    p->document = t->document;
    p->from = t->from;
    p->to = t->to;
    p->len = t->len;
    snprintf(p->text, sizeof p->text, "%.*s", (int)t->len, t->text);
}

static struct piece document(int64_t id, int64_t from, int64_t to)
{
    struct piece p = { .len = 0 };
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(reader_document(test_reader, id, from, to, piece_keep, &p, &err), KL_OK);
    return p;
}

static void a_document_is_told_with_any_range_of_its_text(void)
{
    struct kl_error err;
    struct piece p;

    test_begin();
    int64_t id = test_put("a.txt", "Zürich liegt\nam See.\n");

    p = document(id, 0, INT64_MAX);
    CU_ASSERT_STRING_EQUAL(p.text, "Zürich liegt\nam See.\n");
    CU_ASSERT_EQUAL(p.document.chars, 21);
    CU_ASSERT_EQUAL(p.document.bytes, 22);
    CU_ASSERT_EQUAL(p.document.lines, 2);
    CU_ASSERT_STRING_EQUAL(document(id, 1, 6).text, "ürich");
    CU_ASSERT_EQUAL(document(id, 100, 200).len, 0);
    CU_ASSERT_EQUAL(document(id, 5, 2).len, 0);
    CU_ASSERT_EQUAL(reader_document(test_reader, 4711, 0, 1, piece_keep, &p, &err), KL_NOT_FOUND);
    test_end();
}

static void a_long_documents_text_is_the_one_that_was_put(void)
{
    char *text = test_text(30, 0);

    test_begin();
    int64_t id = test_put("a.txt", text);

    for (int64_t from = 0; from < (int64_t)strlen(text); from += 777) {
        struct piece p = document(id, from, from + 2500);

        CU_ASSERT_EQUAL(p.from, from);
        CU_ASSERT_EQUAL(p.to - p.from, (int64_t)p.len);
        CU_ASSERT(!memcmp(p.text, text + from, p.len));
    }
    test_end();
    free(text);
}

static void a_text_beyond_the_maximum_is_cut_and_says_so(void)
{
    char *text = test_text(1300, 0);

    test_begin();
    int64_t id = test_put("a.txt", text);
    struct piece p = document(id, 0, INT64_MAX);

    CU_ASSERT(p.len <= READER_TEXT_MAX && p.len > READER_TEXT_MAX - 10000);
    CU_ASSERT_EQUAL(p.to, (int64_t)p.len);
    test_end();
    free(text);
}

static void totals_are_those_that_can_be_seen(void)
{
    struct reader_totals totals;
    struct kl_error err;

    test_begin();
    test_put("a.txt", "text");
    test_put("a.txt", "text anew");
    CU_ASSERT_EQUAL(reader_totals(test_reader, &totals, &err), KL_OK);
    CU_ASSERT_EQUAL(totals.documents, 1);
    CU_ASSERT_EQUAL(totals.passages, 1);
    CU_ASSERT(totals.bytes > 4096);
    test_end();
}

KL_TESTS("readers",
         T(search_syntax_is_plain_text),
         T(words_are_found_however_they_are_written),
         T(a_digest_is_a_word),
         T(stop_words_count_when_there_is_nothing_else),
         T(rare_words_lead),
         T(a_search_can_be_narrowed_to_a_source_and_a_time),
         T(hits_that_were_replaced_are_told),
         T(rarer_words_weigh_more),
         T(a_common_word_is_counted_again_when_what_has_it_went),
         T(stems_tell_where_they_stand),
         T(documents_come_in_pages_newest_first),
         T(documents_can_be_narrowed_to_a_kind_and_a_source),
         T(a_document_is_told_with_any_range_of_its_text),
         T(a_long_documents_text_is_the_one_that_was_put),
         T(a_text_beyond_the_maximum_is_cut_and_says_so),
         T(totals_are_those_that_can_be_seen))
