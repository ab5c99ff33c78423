#include "live_position.h"

#include "test.h"
#include "topic.h"

static enum kl_code read_text(struct live_position *p, const char *text, struct kl_error *err)
{
    return live_position_read(p, text, strlen(text), "Last-Event-ID", err);
}

static void a_vector_reads_as_topics_with_the_next_offset_of_each_partition(void)
{
    const struct live_position_topic *t;
    struct live_position p;
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(read_text(&p, "orders:1042,77,3;payments:5", &err), KL_OK);
    CU_ASSERT_EQUAL(p.n, 2);
    t = live_position_find(&p, "orders");
    CU_ASSERT_PTR_NOT_NULL_FATAL(t);
    CU_ASSERT_EQUAL_FATAL(t->n, 3);
    CU_ASSERT_EQUAL(t->next[0], 1042);
    CU_ASSERT_EQUAL(t->next[1], 77);
    CU_ASSERT_EQUAL(t->next[2], 3);
    t = live_position_find(&p, "payments");
    CU_ASSERT_PTR_NOT_NULL_FATAL(t);
    CU_ASSERT_EQUAL_FATAL(t->n, 1);
    CU_ASSERT_EQUAL(t->next[0], 5);
    CU_ASSERT_PTR_NULL(live_position_find(&p, "order"));
    CU_ASSERT_PTR_NULL(live_position_find(&p, "orders2"));
    live_position_fini(&p);
}

static void what_is_read_prints_as_it_was(void)
{
    static const char *const texts[] = {
        "a:0", "a:9223372036854775807", "A:1;B:2;a:3,4,5;b.c_d-e:0,0", "orders:1042,77,3;payments:5",
    };
    struct live_position p;
    struct kl_error err;
    struct kl_buf b;

    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        kl_buf_init(&b, LIVE_POSITION_MAX);
        CU_ASSERT_EQUAL_FATAL(read_text(&p, texts[i], &err), KL_OK);
        for (size_t k = 0; k < p.n; k++) {
            char name[KL_TOPIC_BYTES];

            memcpy(name, p.topics[k].name, p.topics[k].name_len);
            name[p.topics[k].name_len] = '\0';
            CU_ASSERT_TRUE(live_position_add(&b, name, p.topics[k].next, p.topics[k].n));
        }
        CU_ASSERT_STRING_EQUAL(b.data, texts[i]);
        live_position_fini(&p);
        kl_buf_fini(&b);
    }
}

static void nonsense_is_refused_with_its_field_and_byte(void)
{
    static const struct { const char *text, *says; } rows[] = {
        { "", "at byte 1 a topic has no offsets" },
        { "orders", "at byte 1 a topic has no offsets" },
        { ":1", "at byte 1 is no topic's name" },
        { "or ders:1", "at byte 1 is no topic's name" },
        { "..:1", "at byte 1 is no topic's name" },
        { "orders:", "at byte 8 an offset is missing" },
        { "orders:1,", "at byte 10 an offset is missing" },
        { "orders:,1", "at byte 8 an offset is missing" },
        { "orders:-1", "at byte 8 an offset is missing" },
        { "orders:01", "at byte 9 a number has a leading zero" },
        { "orders:00", "at byte 9 a number has a leading zero" },
        { "orders:9223372036854775808", "at byte 26 a number is too large" },
        { "orders:1 ", "at byte 9 is no comma or semicolon" },
        { "orders:1:2", "at byte 9 is no comma or semicolon" },
        { "orders:1;", "at byte 10 a topic has no offsets" },
        { "orders:1;orders:2", "at byte 18 the topics do not ascend by name" },
        { "payments:1;orders:2", "at byte 20 the topics do not ascend by name" },
    };
    struct live_position p;
    struct kl_error err;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        CU_ASSERT_EQUAL(read_text(&p, rows[i].text, &err), KL_INVALID);
        CU_ASSERT_STRING_EQUAL(err.field, "Last-Event-ID");
        if (!strstr(err.text, rows[i].says)) {
            fprintf(stderr, "\n%s: %s\n", rows[i].text, err.text);
            CU_FAIL("another reason");
        }
        live_position_fini(&p);
    }
}

static void a_nul_ends_no_vector_early(void)
{
    struct live_position p;
    struct kl_error err;

    CU_ASSERT_EQUAL(live_position_read(&p, "a:1\0;b:2", 8, "last_event_id", &err), KL_INVALID);
    live_position_fini(&p);
}

static void a_vector_longer_than_the_maximum_is_refused(void)
{
    static char text[LIVE_POSITION_MAX + 2];
    struct live_position p;
    struct kl_error err;

    memset(text, '1', sizeof text);
    memcpy(text, "a:", 2);
    for (size_t i = 3; i + 1 < sizeof text; i += 2)
        text[i] = ',';
    CU_ASSERT_EQUAL(live_position_read(&p, text, LIVE_POSITION_MAX - 1, "last_event_id", &err), KL_OK);
    CU_ASSERT_EQUAL(p.topics[0].n, (LIVE_POSITION_MAX - 2) / 2);
    live_position_fini(&p);
    CU_ASSERT_EQUAL(live_position_read(&p, text, LIVE_POSITION_MAX + 1, "last_event_id", &err), KL_INVALID);
    CU_ASSERT_EQUAL(err.limit, LIVE_POSITION_MAX);
    live_position_fini(&p);
}

static void a_topic_without_partitions_prints_a_zero(void)
{
    struct kl_buf b;

    kl_buf_init(&b, 100);
    CU_ASSERT_TRUE(live_position_add(&b, "empty", NULL, 0));
    CU_ASSERT_TRUE(live_position_add(&b, "full", (int64_t[]){ 1, 2 }, 2));
    CU_ASSERT_STRING_EQUAL(b.data, "empty:0;full:1,2");
    kl_buf_fini(&b);
}

KL_TESTS("live_position",
         T(a_vector_reads_as_topics_with_the_next_offset_of_each_partition),
         T(what_is_read_prints_as_it_was),
         T(nonsense_is_refused_with_its_field_and_byte),
         T(a_nul_ends_no_vector_early),
         T(a_vector_longer_than_the_maximum_is_refused),
         T(a_topic_without_partitions_prints_a_zero))
