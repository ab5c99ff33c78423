/* journal.c - outcomes gathered by partition, written as blocks. A run is a ring of small slots: reports mostly come in
 * the order of the numbers, and where they do not (a failure overtakes) the gap waits in the ring. */
#include "journal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#include "clock.h"
#include "log.h"
#include "stats.h"
#include "topic.h"

#define HEARTBEAT_US   (10 * 1000000) /* docs/topics.md: silent for so long after a block, say last_acked once more */
#define ASK_AGAIN_US   (10 * 1000000) /* between two attempts to have the topic */
#define WARN_AGAIN_US  (10 * 1000000)
#define RUN_MAX        (1 << 16) /* outcomes that wait for a block; more only when the topic cannot be had: then they are dropped */
#define RUN_KEEP       64        /* slots that a quiet run keeps */
#define BLOCK_MAX      (KL_OUTCOMES_NUMBERS_MAX * (10 + 16 + 10 + 2 + KL_OUTCOMES_REASON_MAX) + 1024)
#define KEY_MAX        (16 + 1 + KL_TOPIC_MAX + 1 + 10 + 1)

#define UNKNOWN 0xff /* the state of a slot whose outcome has not come */

struct journal_slot {
    int64_t        delay_us;
    int64_t        accepted_us;
    struct kl_uuid id;
    int16_t        error;
    uint8_t        state;
};

struct journal {
    struct journal_conf   conf;
    TAILQ_HEAD(, partition) active;  /* those with outcomes to write or a heartbeat due */
    struct topic         *topic;     /* NULL until it is known */
    struct topics_waiter  waiter;
    _Atomic(struct topic *) found;   /* set by the topics' thread */
    _Atomic bool          asking;
    bool                  told;      /* that it cannot be had; belongs to whoever has set `asking` */
    int64_t               asked_us, warned_us;
    bool                  hurries;
    struct kl_outcome    *outcomes;  /* room for one block */
    struct kl_buf         block;
};

static void topic_found(struct topics_waiter *w, struct topic *topic, const struct kl_error *why)
{
    struct journal *j = (struct journal *)((char *)w - offsetof(struct journal, waiter));

    if (topic)
        atomic_store(&j->found, topic);
    else if (!j->told) /* once: it is asked for again every ten seconds */
        kl_warn("the topic of outcomes cannot be had: messages are delivered, their ack times are not recorded",
                KL_S("topic", KL_OUTCOMES_TOPIC), KL_S("why", why->text));
    j->told = topic == NULL;
    atomic_store(&j->asking, false);
}

enum kl_code journal_open(struct journal **out, const struct journal_conf *conf, struct kl_error *err)
{
    struct journal *j = calloc(1, sizeof *j);

    if (j)
        j->outcomes = calloc(KL_OUTCOMES_NUMBERS_MAX, sizeof *j->outcomes);
    if (!j || !j->outcomes) {
        free(j);
        return kl_fail(err, KL_BROKEN, "no memory for the journal");
    }
    j->conf = *conf;
    j->asked_us = -ASK_AGAIN_US;
    j->warned_us = -WARN_AGAIN_US;
    TAILQ_INIT(&j->active);
    kl_buf_init(&j->block, BLOCK_MAX);
    snprintf(j->waiter.name, sizeof j->waiter.name, "%s", KL_OUTCOMES_TOPIC);
    j->waiter.found = topic_found;
    j->waiter.plan = &j->conf.plan;
    *out = j;
    return KL_OK;
}

static void free_slots(void *ctx, struct partition *p)
{
    (void)ctx;
    free(p->run.slot);
    p->run.slot = NULL;
}

void journal_free(struct journal *j)
{
    if (!j)
        return;
    topics_each(j->conf.topics, free_slots, NULL);
    kl_buf_fini(&j->block);
    free(j->outcomes);
    free(j);
}

bool journal_is_block(const struct journal *j, const rd_kafka_message_t *report)
{
    return report->_private == j;
}

static void warn(struct journal *j, const char *what, const char *why)
{
    int64_t now_us = kl_mono_us();

    stats_add(STATS_BLOCKS_LOST, 1);
    if (now_us - j->warned_us < WARN_AGAIN_US)
        return;
    j->warned_us = now_us;
    kl_warn(what, KL_S("topic", KL_OUTCOMES_TOPIC), KL_S("why", why));
}

void journal_reported(struct journal *j, const rd_kafka_message_t *report)
{
    if (!report->err) {
        stats_add(STATS_BLOCKS, 1);
        return;
    }
    if (report->err == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART || report->err == RD_KAFKA_RESP_ERR__UNKNOWN_TOPIC) {
        j->topic = NULL; /* somebody deleted it: have it made again */
        atomic_store(&j->found, NULL);
        topics_doubt(j->conf.topics);
    }
    warn(j, "a block of outcomes was not confirmed", rd_kafka_err2name(report->err));
}

/* ---- gathering ---- */

static struct journal_slot *slot_at(const struct journal_run *run, int64_t number)
{
    return &run->slot[(run->head + (size_t)(number - run->first)) & (run->size - 1)];
}

/* Makes the ring reach up to number; false: no memory. */
static bool reach(struct journal_run *run, int64_t number)
{
    size_t want = (size_t)(number - run->first) + 1, size = run->size ? run->size : RUN_KEEP;
    struct journal_slot *slots;

    while (size < want)
        size *= 2;
    if (size > run->size) {
        slots = malloc(size * sizeof *slots);
        if (!slots)
            return false;
        for (size_t i = 0; i < run->len; i++)
            slots[i] = run->slot[(run->head + i) & (run->size - 1)];
        free(run->slot);
        run->slot = slots;
        run->size = size;
        run->head = 0;
    }
    while (run->len < want) {
        run->slot[(run->head + run->len) & (run->size - 1)].state = UNKNOWN;
        run->len++;
    }
    return true;
}

static void activate(struct journal *j, struct partition *p)
{
    if (p->run.active)
        return;
    p->run.active = true;
    TAILQ_INSERT_TAIL(&j->active, p, run.link);
}

void journal_note(struct journal *j, struct partition *p, int64_t number, const struct journal_entry *entry)
{
    struct journal_run *run = &p->run;

    if (number < run->first) /* dropped, see write_blocks */
        return;
    if (!reach(run, number)) {
        warn(j, "no memory for outcomes, their ack times are not recorded", "out of memory");
        return;
    }
    *slot_at(run, number) = (struct journal_slot){
        .delay_us = entry->delay_us, .accepted_us = entry->accepted_us, .id = entry->id,
        .error = (int16_t)entry->error, .state = (uint8_t)entry->state,
    };
    if (entry->state == KL_ACKED && number > run->last_acked)
        run->last_acked = number;
    if (run->since_us == 0)
        run->since_us = kl_mono_us();
    j->hurries |= run->wrote_us == 0;
    activate(j, p);
}

bool journal_hurries(const struct journal *j)
{
    return j->hurries;
}

/* ---- writing ---- */

static size_t known(const struct journal_run *run)
{
    size_t n = 0;

    while (n < run->len && n < KL_OUTCOMES_NUMBERS_MAX && slot_at(run, run->first + (int64_t)n)->state != UNKNOWN)
        n++;
    return n;
}

static void outcome_of(const struct journal_slot *slot, struct kl_outcome *o)
{
    o->state = (enum kl_outcome_state)slot->state;
    o->delay_us = slot->delay_us;
    if (o->state == KL_ACKED)
        return;
    o->id = slot->id;
    o->accepted_us = slot->accepted_us;
    snprintf(o->reason, sizeof o->reason, "%s", rd_kafka_err2name(slot->error));
}

static void forget(struct journal_run *run, size_t n)
{
    run->head = (run->head + n) & (run->size - 1);
    run->len -= n;
    run->first += (int64_t)n;
    run->since_us = run->len > 0 ? kl_mono_us() : 0; /* what is left waits for a gap to close */
    if (run->len == 0 && run->size > RUN_KEEP) {
        free(run->slot);
        run->slot = NULL;
        run->size = 0;
    }
}

static enum kl_code send_block(struct journal *j, const struct partition *p, struct kl_error *err)
{
    char key[KEY_MAX];
    int len = snprintf(key, sizeof key, "%016" PRIx64 "/%s/%d", j->conf.start, p->topic->name, (int)p->index);
    const struct kl_record record = {
        .topic = j->topic->handle,
        .partition = kl_murmur2_partition(key, (size_t)len, atomic_load(&j->topic->partitions)),
        .key = key, .key_len = (size_t)len, .value = j->block.data, .value_len = j->block.len, .opaque = j,
    };

    return kl_producer_send(j->conf.producer, &record, err);
}

/* One block of the first n outcomes; false: it could not be sent, and nothing changed. */
static bool write_block(struct journal *j, struct partition *p, size_t n, bool closed)
{
    struct journal_run *run = &p->run;
    struct kl_outcomes_head head = {
        .start = j->conf.start, .partition = p->index, .first = run->first, .count = (int64_t)n,
        .last_acked = run->last_acked, .written_us = kl_wall_us(), .closed = closed,
    };
    struct kl_error err;

    if (!j->topic || atomic_load(&j->topic->partitions) == 0)
        return false;
    snprintf(head.topic, sizeof head.topic, "%s", p->topic->name);
    for (size_t i = 0; i < n; i++)
        outcome_of(slot_at(run, run->first + (int64_t)i), &j->outcomes[i]);
    kl_buf_clear(&j->block);
    if (!kl_outcomes_write(&j->block, &head, j->outcomes)) {
        warn(j, "no memory for a block of outcomes", "out of memory");
        return false;
    }
    if (send_block(j, p, &err)) {
        warn(j, "a block of outcomes could not be sent", err.text);
        return false;
    }
    run->wrote_us = kl_mono_us();
    if (n > 0)
        forget(run, n);
    return true;
}

/* Everything that is known, in blocks. What cannot be written waits, up to a bound, and is then given up. */
static void write_blocks(struct journal *j, struct partition *p)
{
    size_t n;

    while ((n = known(&p->run)) > 0) {
        if (write_block(j, p, n, false))
            continue;
        if (p->run.len <= RUN_MAX)
            return;
        warn(j, "outcomes are dropped, their ack times are not recorded", "no blocks can be written");
        forget(&p->run, n);
    }
}

/* The topic is asked for when the process starts, and again as long as it cannot be had. */
static void want_topic(struct journal *j, int64_t now_us)
{
    struct kl_error err;

    if (j->topic)
        return;
    j->topic = atomic_load(&j->found);
    if (j->topic || atomic_load(&j->asking) || now_us - j->asked_us < ASK_AGAIN_US)
        return;
    j->asked_us = now_us;
    atomic_store(&j->asking, true);
    if (topics_ask(j->conf.topics, &j->waiter, &err))
        topic_found(&j->waiter, NULL, &err);
}

static void tick_run(struct journal *j, struct partition *p, int64_t now_us)
{
    struct journal_run *run = &p->run;
    int64_t interval_us = (j->conf.interval_ms - KL_PRODUCER_TICK_MS) * 1000; /* the next tick would be too late */

    if (run->since_us && (run->wrote_us == 0 || now_us - run->since_us >= interval_us))
        write_blocks(j, p);
    if (run->len > 0 || now_us - run->wrote_us < HEARTBEAT_US)
        return;
    if (!write_block(j, p, 0, false))
        return;
    run->active = false;
    TAILQ_REMOVE(&j->active, p, run.link);
}

void journal_tick(struct journal *j)
{
    int64_t now_us = kl_mono_us();
    struct partition *p, *next;

    want_topic(j, now_us);
    for (p = TAILQ_FIRST(&j->active); p; p = next) {
        next = TAILQ_NEXT(p, run.link);
        tick_run(j, p, now_us);
    }
}

void journal_work(struct journal *j)
{
    if (!j->hurries)
        return;
    j->hurries = false; /* once: what cannot be written now waits for the tick */
    journal_tick(j);
}

static void finish_run(void *ctx, struct partition *p)
{
    struct journal *j = ctx;
    size_t n;

    if (p->run.first == 1 && p->run.len == 0) /* never used */
        return;
    while ((n = known(&p->run)) == KL_OUTCOMES_NUMBERS_MAX && n < p->run.len)
        if (!write_block(j, p, n, false))
            return;
    if (!write_block(j, p, n, true))
        warn(j, "the last block of outcomes could not be sent", p->topic->name);
}

void journal_finish(struct journal *j)
{
    if (!j->topic)
        j->topic = atomic_load(&j->found); /* it may have come since the last tick */
    topics_each(j->conf.topics, finish_run, j);
}
