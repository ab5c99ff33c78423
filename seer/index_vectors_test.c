/* index_vectors_test.c - the vectors in memory are those in the file, whatever comes, goes, stops and starts. */
#include "index.h"

#include <stdlib.h>

#include "http_rig.h"
#include "meaning.h"
#include "test_index.h"
#include "test_model.h"

#define OTHER_DIMS 3 /* of the endpoint below */

static struct embedder *table;

static int begin(void)
{
    return embedder_open(&table, &(struct embedder_conf){ .model_dir = test_model() }, NULL) == KL_OK ? 0 : 1;
}

static int end(void)
{
    embedder_close(table);
    return 0;
}

/* ---- arranging and looking ----------------------------------------------------------------------------------------- */

static void open_again(struct embedder *embedder, bool sentences)
{
    test_close();
    test_conf.embedder = embedder;
    test_conf.sentences = sentences;
    test_open();
}

static void begin_with_table(void)
{
    test_begin();
    open_again(table, false);
}

static void put_text(const char *source, int passages, int seed)
{
    char *text = test_text(passages, seed);

    test_put(source, text);
    free(text);
}

static int64_t bytes_in_file(void)
{
    return test_number("SELECT coalesce(sum(length(vectors)), 0) FROM passage_vectors");
}

static int64_t in_memory(void)
{
    struct vectors *v = index_vectors(test_x);

    return v ? (int64_t)vectors_count(v) : 0;
}

static void same_in_file_and_memory(size_t dims)
{
    CU_ASSERT_EQUAL(bytes_in_file(), in_memory() * (int64_t)dims);
}

/* What is made later is in the file a moment before it is in memory. */
static bool all_have_vectors(size_t dims)
{
    return test_number("SELECT count(*) FROM documents WHERE state = 1 AND embedded = 0") == 0 &&
           test_number("SELECT count(*) FROM passages WHERE id NOT IN (SELECT passage FROM passage_vectors)") == 0 &&
           bytes_in_file() == in_memory() * (int64_t)dims;
}

/* The document whose meaning is nearest; 0: none. */
static int64_t nearest(const char *text)
{
    struct catalog_filter filter;
    struct catalog_entry entry = { .document = 0 };
    struct vector_hit hit;
    struct kl_buf row;

    kl_buf_init(&row, VECTORS_DIMS_MAX);
    CU_ASSERT_EQUAL_FATAL(embedder_rows(test_conf.embedder, &(struct embedder_text){ text, strlen(text) }, 1, &row, NULL), KL_OK);
    CU_ASSERT_EQUAL(catalog_filter(index_catalog(test_x), NULL, NULL, INT64_MIN, &filter, NULL), KL_OK);
    if (vectors_nearest(index_vectors(test_x), (int8_t *)row.data, 1, catalog_keep, &filter, &hit) == 1)
        catalog_find(index_catalog(test_x), hit.id, &entry);
    kl_buf_fini(&row);
    return entry.document;
}

/* ---- tests ---------------------------------------------------------------------------------------------------------- */

static void vectors_are_there_when_a_put_returns(void)
{
    int64_t wolf;

    begin_with_table();
    put_text("long", 600, 1); /* several transactions */
    wolf = test_put("wolf", "The shepherd boy cried that a wolf was there.");
    CU_ASSERT_EQUAL(nearest("a wolf among the sheep"), wolf);
    CU_ASSERT(in_memory() > 600);
    CU_ASSERT(all_have_vectors(MEANING_DIMS));
    same_in_file_and_memory(MEANING_DIMS);
    test_end();
}

static void vectors_are_back_after_a_restart(void)
{
    int64_t wolf, before;

    begin_with_table();
    put_text("long", 300, 1);
    wolf = test_put("wolf", "The shepherd boy cried that a wolf was there.");
    before = in_memory();
    open_again(table, false);
    CU_ASSERT_EQUAL(in_memory(), before);
    CU_ASSERT_EQUAL(nearest("a wolf among the sheep"), wolf);
    test_end();
}

static void vectors_of_what_was_replaced_or_deleted_go(void)
{
    struct kl_error err;
    int64_t wolf;

    begin_with_table();
    put_text("a", 300, 1);
    put_text("a", 20, 2);
    wolf = test_put("wolf", "The shepherd boy cried that a wolf was there.");
    CU_ASSERT_EQUAL(nearest("a wolf among the sheep"), wolf);
    CU_ASSERT_EQUAL(index_delete(test_x, wolf, &err), KL_OK);
    CU_ASSERT_NOT_EQUAL(nearest("a wolf among the sheep"), wolf);
    test_upkeep();
    CU_ASSERT_EQUAL(in_memory(), test_number("SELECT count(*) FROM passages"));
    same_in_file_and_memory(MEANING_DIMS);
    test_end();
}

/* Whoever only looks in (the command line) must not make the service embed everything again. */
static void vectors_that_are_to_stay_are_neither_used_nor_dropped(void)
{
    int64_t bytes;

    begin_with_table();
    put_text("a", 20, 1);
    bytes = bytes_in_file();
    test_conf.vectors_stay = true;
    open_again(table, true); /* with sentences it is another embedder */
    put_text("b", 5, 2);
    CU_ASSERT_EQUAL(in_memory(), 0);
    CU_ASSERT_EQUAL(bytes_in_file(), bytes);
    test_conf.vectors_stay = false;
    open_again(table, false);
    RIG_UNTIL(all_have_vectors(MEANING_DIMS));
    CU_ASSERT_EQUAL(in_memory(), test_number("SELECT count(*) FROM passages"));
    test_end();
}

static void what_came_without_a_model_gets_its_vectors_when_there_is_one(void)
{
    begin_with_table();
    put_text("before", 3, 1);
    open_again(NULL, false);
    put_text("without", 70, 2);
    test_accept("A statement of that time.");
    CU_ASSERT_EQUAL(in_memory(), 0);
    open_again(table, false);
    RIG_UNTIL(all_have_vectors(MEANING_DIMS));
    CU_ASSERT_EQUAL(in_memory(), test_number("SELECT count(*) FROM passages"));
    same_in_file_and_memory(MEANING_DIMS);
    test_end();
}

static void sentences_get_vectors_when_they_are_wanted_from_now_on(void)
{
    static const char SENTENCES_OF_ONE[] = "SELECT coalesce(sum(length(vectors)), 0) FROM sentence_vectors WHERE passage = 1";
    struct kl_error err;
    int64_t boy;

    begin_with_table();
    boy = test_put("boy", "The boy kept the sheep of the village. One day he saw how fast people came running for a wolf.");
    put_text("long", 5, 1);
    CU_ASSERT_EQUAL(in_memory(), test_number("SELECT count(*) FROM passages"));
    open_again(table, true);
    RIG_UNTIL(all_have_vectors(MEANING_DIMS));
    CU_ASSERT_EQUAL(in_memory(), test_number("SELECT count(*) FROM passages"));
    same_in_file_and_memory(MEANING_DIMS);
    CU_ASSERT_EQUAL(test_number(SENTENCES_OF_ONE), 2 * MEANING_DIMS);
    CU_ASSERT_EQUAL(index_delete(test_x, boy, &err), KL_OK);
    test_upkeep();
    CU_ASSERT_EQUAL(test_number(SENTENCES_OF_ONE), 0);
    test_end();
}

/* ---- another embedder ------------------------------------------------------------------------------------------------ */

static int64_t body_max = 16 << 20;

/* Answers each text by its length, 1 and -1. */
static void embeddings(struct kl_request *r)
{
    size_t len;
    const char *body = kl_request_body(r, &len);
    json_t *doc = json_loadb(body, len, 0, NULL), *data = json_array(), *text;
    size_t i;

    json_array_foreach(json_object_get(doc, "input"), i, text)
        json_array_append_new(data, json_pack("{s:[i,i,i]}", "embedding", (int)json_string_length(text), 1, -1));
    json_decref(doc);
    kl_reply_json(r, 200, json_pack("{s:o}", "data", data));
}

static const struct kl_route routes[] = {
    { "POST", "/v1/embeddings", &body_max, embeddings, NULL, NULL, 0 },
    { .method = NULL },
};

static struct embedder *endpoint(int port)
{
    struct embedder *e;
    char url[64];

    snprintf(url, sizeof url, "http://127.0.0.1:%d/v1", port);
    CU_ASSERT_EQUAL_FATAL(embedder_open(&e, &(struct embedder_conf){ .url = url, .model = "other", .timeout_ms = RIG_WAIT_MS }, NULL), KL_OK);
    return e;
}

static void vectors_of_an_endpoint_are_back_after_a_restart(void)
{
    struct embedder *first, *second;
    struct rig rig;

    rig_start(&rig, (struct kl_http_conf){ .routes = routes });
    first = endpoint(rig.port);
    second = endpoint(rig.port);
    test_begin();
    open_again(first, false);
    put_text("long", 40, 1);
    open_again(second, false); /* which has not been asked yet */
    RIG_UNTIL(all_have_vectors(OTHER_DIMS) && bytes_in_file() > 0);
    CU_ASSERT_EQUAL(in_memory(), test_number("SELECT count(*) FROM passages"));
    test_end();
    embedder_close(first);
    embedder_close(second);
    kl_http_stop(rig.http);
}

static void another_embedder_makes_all_vectors_anew(void)
{
    struct embedder *other;
    struct rig rig;

    rig_start(&rig, (struct kl_http_conf){ .routes = routes });
    other = endpoint(rig.port);
    begin_with_table();
    put_text("long", 100, 1);
    open_again(other, false);
    RIG_UNTIL(all_have_vectors(OTHER_DIMS) && bytes_in_file() > 0);
    CU_ASSERT_EQUAL(vectors_dims(index_vectors(test_x)), OTHER_DIMS);
    open_again(table, false);
    RIG_UNTIL(all_have_vectors(MEANING_DIMS) && bytes_in_file() > 0);
    test_end();
    embedder_close(other);
    kl_http_stop(rig.http);
}

KL_TESTS_WITH("index_vectors", begin, end, T(vectors_are_there_when_a_put_returns), T(vectors_are_back_after_a_restart),
              T(vectors_of_what_was_replaced_or_deleted_go), T(vectors_that_are_to_stay_are_neither_used_nor_dropped),
              T(what_came_without_a_model_gets_its_vectors_when_there_is_one),
              T(sentences_get_vectors_when_they_are_wanted_from_now_on), T(vectors_of_an_endpoint_are_back_after_a_restart),
              T(another_embedder_makes_all_vectors_anew))
