#include "uuid.h"

#include <pthread.h>

#include "clock.h"
#include "fault.h"
#include "test.h"

#define THREADS        4
#define IDS            200000 /* a thread; more than one seed lasts */

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct kl_uuid));
}

static void *make_ids(void *arg)
{
    struct kl_uuid *ids = arg;
    size_t i;

    for (i = 0; i < IDS; i++)
        kl_uuid7(&ids[i]);
    return NULL;
}

static void ids_of_one_thread_ascend(void)
{
    struct kl_uuid *ids = malloc(IDS * sizeof *ids);
    size_t i, wrong = 0;

    make_ids(ids);
    for (i = 1; i < IDS; i++)
        wrong += memcmp(ids[i - 1].b, ids[i].b, sizeof ids[i].b) >= 0;
    CU_ASSERT_EQUAL(wrong, 0);
    free(ids);
}

static void ids_of_all_threads_differ(void)
{
    struct kl_uuid *ids = malloc(THREADS * IDS * sizeof *ids);
    pthread_t threads[THREADS];
    size_t i, same = 0;

    for (i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, make_ids, ids + i * IDS);
    for (i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    qsort(ids, THREADS * IDS, sizeof *ids, by_bytes);
    for (i = 1; i < THREADS * IDS; i++)
        same += kl_uuid_equal(&ids[i - 1], &ids[i]);
    CU_ASSERT_EQUAL(same, 0);
    free(ids);
}

static void an_id_is_of_version_7_and_tells_its_time(void)
{
    int64_t before_ms = kl_wall_us() / 1000;
    struct kl_uuid id;

    kl_uuid7(&id);
    CU_ASSERT_EQUAL(id.b[6] >> 4, 7);
    CU_ASSERT_EQUAL(id.b[8] >> 6, 2);
    CU_ASSERT_TRUE(kl_uuid_time_ms(&id) >= before_ms);
    CU_ASSERT_TRUE(kl_uuid_time_ms(&id) <= kl_wall_us() / 1000 + 1);
}

static void making_an_id_allocates_nothing(void)
{
    struct kl_uuid id;

    kl_fault_begin(0);
    kl_uuid7(&id);
    CU_ASSERT_FALSE(kl_fault_end());
}

static void text_is_read_and_written(void)
{
    static const char lower[] = "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01";
    static const char upper[] = "0199B6A2-7D3E-7C11-9A55-0C6F2F1D8E01";
    struct kl_uuid id, same;
    char text[KL_UUID_TEXT];

    CU_ASSERT_TRUE(kl_uuid_parse(lower, KL_UUID_TEXT, &id));
    CU_ASSERT_TRUE(kl_uuid_parse(upper, KL_UUID_TEXT, &same));
    CU_ASSERT_TRUE(kl_uuid_equal(&id, &same));
    CU_ASSERT_EQUAL(id.b[0], 0x01);
    CU_ASSERT_EQUAL(id.b[15], 0x01);
    kl_uuid_text(&same, text);
    CU_ASSERT_EQUAL(memcmp(text, lower, KL_UUID_TEXT), 0);
    same.b[15]++;
    CU_ASSERT_FALSE(kl_uuid_equal(&id, &same));
}

/* RFC 9562 appendix A.6. */
static void the_time_of_the_rfcs_example_is_read(void)
{
    struct kl_uuid id;

    CU_ASSERT_TRUE(kl_uuid_parse("017F22E2-79B0-7CC3-98C4-DC0C0C07398F", KL_UUID_TEXT, &id));
    CU_ASSERT_EQUAL(kl_uuid_time_ms(&id), INT64_C(1645557742000));
    CU_ASSERT_TRUE(kl_uuid_parse("919108f7-52d1-4320-9bac-f847db4148a8", KL_UUID_TEXT, &id));
    CU_ASSERT_EQUAL(kl_uuid_time_ms(&id), -1);
}

static void what_is_no_uuid_is_refused(void)
{
    static const char *const wrong[] = { "", "0199b6a2", "0199b6a27d3e7c119a550c6f2f1d8e01",
                                         "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e0", "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e011",
                                         "0199b6a2-7d3e-7c11-9a55-0c6f2f1d8e0g", "0199b6a2-7d3e-7c11-9a550c6f2f1d-8e01",
                                         "{199b6a2-7d3e-7c11-9a55-0c6f2f1d8e01", "0199b6a2-7d3e-7c11 9a55-0c6f2f1d8e01" };
    struct kl_uuid id;
    size_t i;

    for (i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        CU_ASSERT_FALSE(kl_uuid_parse(wrong[i], strlen(wrong[i]), &id));
}

static void random_numbers_differ(void)
{
    uint64_t a = kl_random64();
    uint64_t b = kl_random64();

    CU_ASSERT_NOT_EQUAL(a, b);
}

KL_TESTS("uuid", T(ids_of_one_thread_ascend), T(ids_of_all_threads_differ), T(an_id_is_of_version_7_and_tells_its_time),
         T(making_an_id_allocates_nothing), T(text_is_read_and_written), T(the_time_of_the_rfcs_example_is_read),
         T(what_is_no_uuid_is_refused), T(random_numbers_differ))
