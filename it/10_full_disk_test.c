/* No room for the store: reading pauses, readiness says so, and it goes on by itself when there is room again.
 * The room is taken away with the file size limit of the running process, so no file system has to be filled. */
#include <sys/resource.h>

#include "it.h"

static struct it_world w;

static int begin(void) { return it_begin(&w, IT_PRODUCER | IT_CONSUMER); }
static int end(void) { return it_end(&w); }

static void limit_file_size(rlim_t bytes)
{
    struct rlimit limit;

    CU_ASSERT(prlimit(w.consumer.pid, RLIMIT_FSIZE, NULL, &limit) == 0);
    limit.rlim_cur = bytes;
    CU_ASSERT(prlimit(w.consumer.pid, RLIMIT_FSIZE, &limit, NULL) == 0);
}

static bool is_paused(void *ctx)
{
    struct it_answer a = it_get(&w.consumer, "/status");
    bool paused = *it_text(&a, "paused");

    (void)ctx;
    it_answer_free(&a);
    return paused;
}

static bool is_ready(void *ctx)
{
    struct it_answer a = it_get(&w.consumer, "/readyz");
    int status = a.status;

    (void)ctx;
    it_answer_free(&a);
    return status == 200;
}

static void a_full_disk_pauses_reading_says_so_and_goes_on_by_itself(void)
{
    const char *topic = it_topic(&w, "full");
    struct it_answer made = it_post(&w.producer, "before", "/produce/%s/k", topic), ready, last;

    CU_ASSERT(it_until_consumed(&w.consumer, topic, 1, 10000));
    limit_file_size(4096);
    for (int i = 0; i < 10; i++) {
        it_answer_free(&made);
        made = it_post(&w.producer, "during", "/produce/%s/k", topic);
        CU_ASSERT_EQUAL(made.status, 200); /* the producer is not concerned */
    }
    CU_ASSERT(it_until(20000, is_paused, NULL));
    ready = it_get(&w.consumer, "/readyz");
    CU_ASSERT_EQUAL(ready.status, 503);
    CU_ASSERT_PTR_NOT_NULL(strstr(ready.body, "store"));
    limit_file_size(RLIM_INFINITY);
    CU_ASSERT(it_until_consumed(&w.consumer, topic, 11, 20000));
    CU_ASSERT(it_until(10000, is_ready, NULL));
    CU_ASSERT(!is_paused(NULL));
    last = it_get(&w.consumer, "/status/%s", it_text(&made, "id"));
    CU_ASSERT_EQUAL(last.status, 200);
    it_answer_free(&made);
    it_answer_free(&ready);
    it_answer_free(&last);
}

KL_TESTS_WITH("full_disk", begin, end, T(a_full_disk_pauses_reading_says_so_and_goes_on_by_itself))
