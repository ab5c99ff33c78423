#include "idempotency.h"

#include "clock.h"
#include "test.h"

static struct topic orders = { .name = "orders" }, payments = { .name = "payments" };
static const struct kl_uuid ID = { { 1, 2, 3 } }, OTHER = { { 9 } };

static struct record record_of(const struct kl_uuid *id, const char *value)
{
    return (struct record){ .topic = &orders, .key = "k", .key_len = 1, .value = value, .value_len = strlen(value), .id = *id };
}

static int told;
static struct outcome last;
static void done(void *ctx, const struct outcome *o)
{
    (void)ctx;
    told++;
    last = *o;
}

static struct idempotency_entry *entry;
static struct outcome known;
static struct kl_error err;

static enum idempotency_claim claim(struct idempotency *w, const struct record *r)
{
    return idempotency_claim(w, r, done, NULL, &entry, &known, &err);
}

static struct outcome outcome_of(enum kl_outcome_state state)
{
    return (struct outcome){ .id = ID, .state = state, .offset = 42, .error = state == KL_ACKED ? 0 : RD_KAFKA_RESP_ERR__MSG_TIMED_OUT };
}

static void a_repeat_gets_the_first_answer(void)
{
    struct idempotency *w = idempotency_new(10, 60000);
    struct record r = record_of(&ID, "v");
    struct outcome acked = outcome_of(KL_ACKED);

    told = 0;
    CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_FIRST);
    idempotency_settle(entry, &acked);
    CU_ASSERT_EQUAL(told, 1);
    CU_ASSERT_FALSE(last.repeated);
    CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_KNOWN);
    CU_ASSERT_EQUAL(known.offset, 42);
    CU_ASSERT_TRUE(known.repeated);
    CU_ASSERT_EQUAL(told, 1);
    idempotency_free(w);
}

static void a_repeat_waits_while_the_first_is_on_its_way(void)
{
    struct idempotency *w = idempotency_new(10, 60000);
    struct record r = record_of(&ID, "v");
    struct outcome acked = outcome_of(KL_ACKED);
    struct idempotency_entry *first;

    told = 0;
    CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_FIRST);
    first = entry;
    CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_WAITING);
    CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_WAITING);
    CU_ASSERT_EQUAL(told, 0);
    idempotency_settle(first, &acked);
    CU_ASSERT_EQUAL(told, 3);
    CU_ASSERT_TRUE(last.repeated);
    idempotency_free(w);
}

static void after_not_persisted_it_is_sent_again(void)
{
    struct idempotency *w = idempotency_new(10, 60000);
    struct record r = record_of(&ID, "v");
    struct outcome failed = outcome_of(KL_FAILED_NO);

    CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_FIRST);
    idempotency_settle(entry, &failed);
    CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_FIRST);
    idempotency_settle(entry, &failed);
    CU_ASSERT_EQUAL(idempotency_count(w), 0);
    idempotency_free(w);
}

static void after_possibly_persisted_the_answer_stays(void)
{
    struct idempotency *w = idempotency_new(10, 60000);
    struct record r = record_of(&ID, "v");
    struct outcome possibly = outcome_of(KL_FAILED_POSSIBLY);

    CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_FIRST);
    idempotency_settle(entry, &possibly);
    CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_KNOWN);
    CU_ASSERT_EQUAL(known.state, KL_FAILED_POSSIBLY);
    idempotency_free(w);
}

static void other_content_is_a_conflict(void)
{
    static const struct record_header header = { "h", 1, "1", 1 };
    struct idempotency *w = idempotency_new(10, 60000);
    struct record r = record_of(&ID, "v"), other;
    struct outcome acked = outcome_of(KL_ACKED);

    CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_FIRST);
    other = record_of(&ID, "w");
    CU_ASSERT_EQUAL(claim(w, &other), IDEMPOTENCY_REFUSED); /* while it is on its way, too */
    CU_ASSERT_EQUAL(err.code, KL_CONFLICT);
    idempotency_settle(entry, &acked);
    other = r;
    other.topic = &payments;
    CU_ASSERT_EQUAL(claim(w, &other), IDEMPOTENCY_REFUSED);
    other = r;
    other.key = NULL;
    other.key_len = 0;
    CU_ASSERT_EQUAL(claim(w, &other), IDEMPOTENCY_REFUSED);
    other = r;
    other.headers = &header;
    other.n_headers = 1;
    CU_ASSERT_EQUAL(claim(w, &other), IDEMPOTENCY_REFUSED);
    other = r;
    other.value = NULL;
    other.value_len = 0;
    CU_ASSERT_EQUAL(claim(w, &other), IDEMPOTENCY_REFUSED);
    other = r;
    other.value = "";
    other.value_len = 0;
    CU_ASSERT_EQUAL(claim(w, &other), IDEMPOTENCY_REFUSED);
    other = r;
    other.partition = 5; /* where and when it goes is not its content */
    other.timestamp_ms = 7;
    CU_ASSERT_EQUAL(claim(w, &other), IDEMPOTENCY_KNOWN);
    idempotency_free(w);
}

static void the_window_forgets_the_oldest_beyond_its_count(void)
{
    struct idempotency *w = idempotency_new(3, 60000);
    struct outcome acked = outcome_of(KL_ACKED);

    for (uint8_t i = 1; i <= 4; i++) {
        struct kl_uuid id = { { i } };
        struct record r = record_of(&id, "v");

        CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_FIRST);
        acked.id = id;
        idempotency_settle(entry, &acked);
    }
    CU_ASSERT_EQUAL(idempotency_count(w), 3);
    for (uint8_t i = 1; i <= 4; i++) {
        struct kl_uuid id = { { i } };
        struct record r = record_of(&id, "v");

        if (i > 1)
            CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_KNOWN);
    }
    idempotency_free(w);
}

static void a_window_full_of_records_on_their_way_is_busy(void)
{
    struct idempotency *w = idempotency_new(1, 60000);
    struct record r = record_of(&ID, "v"), other = record_of(&OTHER, "v");
    struct outcome acked = outcome_of(KL_ACKED);
    struct idempotency_entry *first;

    CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_FIRST);
    first = entry;
    CU_ASSERT_EQUAL(claim(w, &other), IDEMPOTENCY_REFUSED);
    CU_ASSERT_EQUAL(err.code, KL_BUSY);
    idempotency_settle(first, &acked);
    CU_ASSERT_EQUAL(claim(w, &other), IDEMPOTENCY_FIRST);
    acked.id = OTHER;
    idempotency_settle(entry, &acked);
    idempotency_free(w);
}

static void the_window_forgets_what_is_too_old(void)
{
    struct idempotency *w = idempotency_new(10, 1);
    struct record r = record_of(&ID, "v");
    struct outcome acked = outcome_of(KL_ACKED);
    int64_t end_us = kl_mono_us() + 10 * 1000000;
    enum idempotency_claim again;

    CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_FIRST);
    idempotency_settle(entry, &acked);
    while ((again = claim(w, &r)) == IDEMPOTENCY_KNOWN && kl_mono_us() < end_us)
        ;
    CU_ASSERT_EQUAL(again, IDEMPOTENCY_FIRST);
    idempotency_settle(entry, &acked);
    idempotency_free(w);
}

static void a_withdrawn_first_fails_those_that_wait(void)
{
    struct idempotency *w = idempotency_new(10, 60000);
    struct record r = record_of(&ID, "v");
    struct idempotency_entry *first;

    told = 0;
    CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_FIRST);
    first = entry;
    CU_ASSERT_EQUAL(claim(w, &r), IDEMPOTENCY_WAITING);
    idempotency_withdraw(first);
    CU_ASSERT_EQUAL(told, 1);
    CU_ASSERT_EQUAL(last.state, KL_FAILED_NO);
    CU_ASSERT_EQUAL(idempotency_count(w), 0);
    idempotency_free(w);
}

KL_TESTS("idempotency", T(a_repeat_gets_the_first_answer), T(a_repeat_waits_while_the_first_is_on_its_way),
         T(after_not_persisted_it_is_sent_again), T(after_possibly_persisted_the_answer_stays), T(other_content_is_a_conflict),
         T(the_window_forgets_the_oldest_beyond_its_count), T(a_window_full_of_records_on_their_way_is_busy),
         T(the_window_forgets_what_is_too_old), T(a_withdrawn_first_fails_those_that_wait))
