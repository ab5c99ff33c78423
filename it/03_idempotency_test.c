/* A caller's own id: sent twice, written once. */
#include <stdio.h>

#include "it.h"
#include "uuid.h"

static struct it_world w;

static int begin(void) { return it_begin(&w, IT_PRODUCER | IT_CONSUMER); }
static int end(void) { return it_end(&w); }

static void fresh_key(char out[64])
{
    struct kl_uuid id;

    kl_uuid7(&id);
    strcpy(out, "Idempotency-Key: ");
    kl_uuid_text(&id, out + 17);
    out[17 + KL_UUID_TEXT] = 0;
}

static struct it_answer post(const char *key, const char *value, const char *path)
{
    return it_call(&w.producer, "POST", key, value, strlen(value), "%s", path);
}

static void a_repeat_gets_the_first_answer_and_writes_nothing(void)
{
    char key[64], path[128], hit[16] = "", window[64] = "";
    struct it_answer first, again, next;

    fresh_key(key);
    snprintf(path, sizeof path, "/produce/%s/k?partition=0", it_topic(&w, "once"));
    first = post(key, "v", path);
    again = post(key, "v", path);
    next = post(NULL, "v", path);
    CU_ASSERT_EQUAL(first.status, 200);
    CU_ASSERT_STRING_EQUAL(it_text(&first, "id"), key + 17);
    CU_ASSERT(it_header(&first, "Idempotency-Window", window, sizeof window));
    CU_ASSERT(strstr(window, "records=") && strstr(window, "seconds="));
    CU_ASSERT(!it_header(&first, "Idempotency-Hit", hit, sizeof hit));
    CU_ASSERT_EQUAL(again.status, 200);
    CU_ASSERT(it_header(&again, "Idempotency-Hit", hit, sizeof hit));
    CU_ASSERT_STRING_EQUAL(hit, "true");
    CU_ASSERT_STRING_EQUAL(again.body, first.body);
    CU_ASSERT_EQUAL(it_number(&next, "offset"), it_number(&first, "offset") + 1);
    it_answer_free(&first);
    it_answer_free(&again);
    it_answer_free(&next);
}

static void another_content_under_the_same_id_is_a_conflict(void)
{
    char key[64], path[128];
    struct it_answer first, value, where;

    fresh_key(key);
    snprintf(path, sizeof path, "/produce/%s/k", it_topic(&w, "once"));
    first = post(key, "v", path);
    value = post(key, "w", path);
    snprintf(path, sizeof path, "/produce/%s/l", it_topic(&w, "once"));
    where = post(key, "v", path);
    CU_ASSERT_EQUAL(first.status, 200);
    CU_ASSERT_EQUAL(value.status, 409);
    CU_ASSERT_EQUAL(where.status, 409);
    it_answer_free(&first);
    it_answer_free(&value);
    it_answer_free(&where);
}

struct sender { pthread_t thread; const char *key, *path; int status; int64_t offset; };

static void *send_one(void *ctx)
{
    struct sender *s = ctx;
    struct it_answer a = post(s->key, "v", s->path);

    s->status = a.status;
    s->offset = it_number(&a, "offset");
    it_answer_free(&a);
    return NULL;
}

static void twenty_at_the_same_time_write_one_record_and_all_get_its_answer(void)
{
    struct sender senders[20];
    char key[64], path[128];
    int i;

    fresh_key(key);
    snprintf(path, sizeof path, "/produce/%s/k?partition=0", it_topic(&w, "race"));
    for (i = 0; i < 20; i++) {
        senders[i] = (struct sender){ .key = key, .path = path };
        pthread_create(&senders[i].thread, NULL, send_one, &senders[i]);
    }
    for (i = 0; i < 20; i++) {
        pthread_join(senders[i].thread, NULL);
        CU_ASSERT_EQUAL(senders[i].status, 200);
        CU_ASSERT_EQUAL(senders[i].offset, 0);
    }
}

static void the_same_id_after_a_restart_is_a_duplicate_that_the_receipt_shows(void)
{
    char key[64], path[128];
    struct it_answer first, second, seen;

    fresh_key(key);
    snprintf(path, sizeof path, "/produce/%s/k?partition=0", it_topic(&w, "twice"));
    first = post(key, "v", path);
    CU_ASSERT_EQUAL(it_stop(&w.producer, SIGTERM), 0);
    it_start(&w, &w.producer);
    second = post(key, "v", path);
    CU_ASSERT_EQUAL(second.status, 200);
    CU_ASSERT_EQUAL(it_number(&second, "offset"), 1);
    CU_ASSERT(it_until_consumed(&w.consumer, it_topic(&w, "twice"), 2, 10000));
    seen = it_get(&w.consumer, "/status/%s", key + 17);
    CU_ASSERT_EQUAL(it_number(&seen, "offset"), 0);
    CU_ASSERT_EQUAL(json_array_size(json_object_get(seen.json, "duplicates")), 1);
    it_answer_free(&seen);
    seen = it_get(&w.consumer, "/status");
    CU_ASSERT_EQUAL(it_number(&seen, "duplicated"), 1);
    it_answer_free(&first);
    it_answer_free(&second);
    it_answer_free(&seen);
}

KL_TESTS_WITH("idempotency", begin, end, T(a_repeat_gets_the_first_answer_and_writes_nothing),
              T(another_content_under_the_same_id_is_a_conflict), T(twenty_at_the_same_time_write_one_record_and_all_get_its_answer),
              T(the_same_id_after_a_restart_is_a_duplicate_that_the_receipt_shows))
