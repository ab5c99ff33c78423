/* questions.c - see questions.h. */
#include "questions.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "answer_topic.h"
#include "asking.h"
#include "clock.h"
#include "index.h"
#include "kafka_producer.h"
#include "log.h"
#include "message_id.h"
#include "seer.h"
#include "uuid.h"
#include "work.h"

#define LOOK_MS     200   /* between two looks, when nobody says that a question has come */
#define AGAIN_MS    1000  /* after a try that failed */
#define SOURCES     5     /* in an answer */

struct questions {
    struct seer      *seer;
    rd_kafka_topic_t *topic;
    uint64_t          start;       /* of our messages' ids */
    int64_t          *numbers;     /* of the last message, by partition */
    int32_t           partitions, numbers_room;
    bool              caught_up;   /* ANSWER_TOPIC has been read so far that no answer of ours is missing */
    bool              warned;
    pthread_t         thread;
    bool              runs;
    _Atomic int64_t   answered, failed;
    pthread_mutex_t   lock;        /* guards what follows */
    pthread_cond_t    changed;
    bool              stop, asked, reported;
    rd_kafka_resp_err_t result;    /* of the one record that is under way */
};

/* A question of its own, apart from the index. */
struct asked_question {
    int64_t number;
    char    id[INDEX_QUESTION_ID_MAX];
    char   *text, *key;  /* key NULL: a null key */
    size_t  text_len, key_len;
    bool    found;
};

/* ---- waiting ---- */

static void wait_locked(struct questions *q, int64_t ms)
{
    int64_t due_us = kl_wall_us() + ms * 1000;
    struct timespec until = { due_us / 1000000, due_us % 1000000 * 1000 };

    pthread_cond_timedwait(&q->changed, &q->lock, &until);
}

void questions_asked(void *questions)
{
    struct questions *q = questions;

    pthread_mutex_lock(&q->lock);
    q->asked = true;
    pthread_cond_signal(&q->changed);
    pthread_mutex_unlock(&q->lock);
}

/* false: the end. */
static bool wait_for_question(struct questions *q)
{
    bool goes_on;

    pthread_mutex_lock(&q->lock);
    if (!q->stop && !q->asked)
        wait_locked(q, q->warned ? AGAIN_MS : LOOK_MS);
    q->asked = false;
    goes_on = !q->stop;
    pthread_mutex_unlock(&q->lock);
    return goes_on;
}

/* On the producer's thread. */
static bool take_report(void *questions, const rd_kafka_message_t *report)
{
    struct questions *q = questions;

    pthread_mutex_lock(&q->lock);
    q->reported = true;
    q->result = report->err;
    pthread_cond_signal(&q->changed);
    pthread_mutex_unlock(&q->lock);
    return false;
}

static bool wait_for_report(struct questions *q)
{
    bool delivered;

    pthread_mutex_lock(&q->lock);
    while (!q->reported && !q->stop)
        wait_locked(q, LOOK_MS);
    delivered = q->reported && !q->result;
    pthread_mutex_unlock(&q->lock);
    return delivered;
}

/* ---- has every answer that was delivered been read? ---- */

static bool answers_read(struct questions *q)
{
    struct kl_feed_partition *parts;
    size_t n = learner_partitions(q->seer->learner, &parts);
    bool all = n == 0 || parts;

    for (size_t i = 0; i < n && all; i++)
        all = strcmp(parts[i].topic, q->seer->conf->answer_topic) || parts[i].stored >= parts[i].end;
    free(parts);
    return all;
}

static bool catch_up(struct questions *q)
{
    char why[256];

    if (!q->caught_up) /* ready: all topics are being read, so none of its partitions is missing */
        q->caught_up = learner_ready(q->seer->learner, why, sizeof why) && answers_read(q);
    return q->caught_up;
}

/* ---- one answer ---- */

static enum kl_code send_answer(struct questions *q, const struct asked_question *a, int32_t partition, const struct kl_buf *value, struct kl_error *err)
{
    struct kl_message_id id = { .start = q->start, .number = ++q->numbers[partition], .accepted_us = kl_wall_us() };
    rd_kafka_headers_t *headers = rd_kafka_headers_new(2);
    struct kl_record record = { .topic = q->topic, .partition = partition, .key = a->key, .key_len = a->key_len, .value = value->data,
                                .value_len = value->len, .headers = headers };
    char text[KL_MESSAGE_ID_MAX];

    kl_uuid7(&id.id);
    rd_kafka_header_add(headers, KL_MESSAGE_ID_HEADER, -1, text, (ssize_t)kl_message_id_write(&id, text));
    rd_kafka_header_add(headers, INDEX_QUESTION_ID_HEADER, -1, a->id, -1);
    pthread_mutex_lock(&q->lock);
    q->reported = false;
    pthread_mutex_unlock(&q->lock);
    if (!kl_producer_send(q->seer->producer, &record, err))
        return KL_OK;
    rd_kafka_headers_destroy(headers);
    return err->code;
}

static enum kl_code partitions_learn(struct questions *q, struct kl_error *err)
{
    int32_t n;
    int64_t *numbers;

    if (answer_topic_partitions(kl_producer_handle(q->seer->producer), q->topic, &n, err))
        return err->code;
    q->partitions = n; /* fewer than before, when the topic has been made again */
    if (n <= q->numbers_room)
        return KL_OK;
    numbers = realloc(q->numbers, (size_t)n * sizeof *numbers);
    if (!numbers)
        return kl_fail(err, KL_BUSY, "no memory for the answers' topic");
    memset(numbers + q->numbers_room, 0, (size_t)(n - q->numbers_room) * sizeof *numbers);
    q->numbers = numbers;
    q->numbers_room = n;
    return KL_OK;
}

/* A question that cannot be searched for (too long, empty) has that as its answer. */
static void write_refusal(const struct asked_question *a, const struct kl_error *why, struct kl_buf *out)
{
    kl_buf_clear(out);
    kl_buf_adds(out, "{\"question\":");
    kl_buf_add_json(out, a->text, a->text_len);
    kl_buf_adds(out, ",\"error\":");
    kl_buf_add_json(out, why->text, strlen(why->text));
    kl_buf_addc(out, '}');
}

static enum kl_code make_answer(struct questions *q, const struct asked_question *a, struct kl_buf *out, struct kl_error *err)
{
    struct search_query query = { .text = a->text, .len = a->text_len, .mode = SEARCH_BOTH, .since_ms = INT64_MIN, .k = SOURCES };
    struct asked asked;
    enum kl_code code = asking_find(q->seer, &query, &asked, err);

    if (!code) {
        struct freshness fresh = learner_freshness(q->seer->learner);

        if (asking_can_word(q->seer, &asked))
            asking_word(q->seer, a->text, a->text_len, &asked);
        asked_write(&asked, a->text, &fresh, out);
    } else if (code == KL_INVALID) {
        write_refusal(a, err, out);
        code = KL_OK;
    }
    asked_fini(&asked);
    if (!code && out->failed)
        code = kl_fail(err, KL_BUSY, "no memory for an answer");
    return code;
}

static enum kl_code deliver(struct questions *q, const struct asked_question *a, const struct kl_buf *value, struct kl_error *err)
{
    uint32_t spread = kl_murmur2(a->id, strlen(a->id));
    int32_t partition;

    if (partitions_learn(q, err))
        return err->code;
    partition = a->key ? kl_murmur2_partition(a->key, a->key_len, q->partitions) : (int32_t)(spread % (uint32_t)q->partitions);
    if (send_answer(q, a, partition, value, err))
        return err->code;
    if (wait_for_report(q))
        return index_answered(q->seer->index, a->number, err);
    q->caught_up = false; /* it may be in the log all the same */
    return kl_fail(err, KL_BUSY, "the answer's delivery is not known");
}

static enum kl_code answer_one(struct questions *q, const struct asked_question *a, struct kl_error *err)
{
    struct kl_buf value;
    enum kl_code code;

    kl_buf_init(&value, ANSWER_MAX_BYTES);
    code = make_answer(q, a, &value, err);
    if (!code)
        code = deliver(q, a, &value, err);
    kl_buf_fini(&value);
    return code;
}

/* ---- the oldest question ---- */

static char *copy(const void *data, size_t len)
{
    char *out = malloc(len + 1);

    if (!out)
        return NULL;
    if (len > 0)
        memcpy(out, data, len);
    out[len] = '\0';
    return out;
}

static void keep_question(void *ctx, const struct index_question *from)
{
    struct asked_question *a = ctx;

    a->number = from->number;
    snprintf(a->id, sizeof a->id, "%s", from->id);
    a->text = copy(from->question, from->question_len);
    a->text_len = from->question_len;
    a->key = from->key ? copy(from->key, from->key_len) : NULL;
    a->key_len = from->key_len;
    a->found = a->text && (a->key || !from->key);
}

/* false: there is none, or it has to be tried again later. */
static bool answer_oldest(struct questions *q)
{
    struct asked_question a = { .found = false };
    struct kl_error err;
    enum kl_code code = index_questions(q->seer->index, 0, 1, keep_question, &a, &err);
    bool answered = false;

    if (!code && a.found) {
        code = answer_one(q, &a, &err);
        answered = !code;
        atomic_fetch_add(code ? &q->failed : &q->answered, 1);
    }
    if (code && !q->warned)
        kl_warn("a question from Kafka waits for its answer", KL_S("why", err.text));
    q->warned = code != KL_OK;
    free(a.text);
    free(a.key);
    return answered;
}

static void *answer_all(void *questions)
{
    struct questions *q = questions;

    pthread_setname_np(pthread_self(), "questions");
    while (wait_for_question(q))
        while (catch_up(q) && answer_oldest(q) && !kl_service_stopping())
            ;
    return NULL;
}

/* ---- coming and going ---- */

struct questions_counts questions_counts(const struct questions *q)
{
    return (struct questions_counts){ q->answered, q->failed };
}

enum kl_code questions_new(struct questions **out, struct seer *s, struct kl_error *err)
{
    struct questions *q = calloc(1, sizeof *q);

    *out = q;
    if (!q)
        return kl_fail(err, KL_BROKEN, "no memory for questions from Kafka");
    q->seer = s;
    q->start = (uint64_t)(kl_wall_us() / 1000) << 16 | (kl_random64() & 0xffff); /* as docs/topics.md has it */
    q->topic = rd_kafka_topic_new(kl_producer_handle(s->producer), s->conf->answer_topic, NULL);
    pthread_mutex_init(&q->lock, NULL);
    pthread_cond_init(&q->changed, NULL);
    return q->topic ? KL_OK : kl_fail(err, KL_INVALID, "ANSWER_TOPIC: %s", rd_kafka_err2str(rd_kafka_last_error()));
}

enum kl_code questions_start(struct questions *q, struct kl_error *err)
{
    struct kl_producer_hooks hooks = { .reported = take_report, .ctx = q };

    if (kl_producer_start(q->seer->producer, &hooks, err))
        return err->code;
    q->runs = !pthread_create(&q->thread, NULL, answer_all, q);
    return q->runs ? KL_OK : kl_fail(err, KL_BROKEN, "no thread for questions from Kafka");
}

void questions_stop(struct questions *q)
{
    if (!q)
        return;
    pthread_mutex_lock(&q->lock);
    q->stop = true;
    pthread_cond_signal(&q->changed);
    pthread_mutex_unlock(&q->lock);
    if (q->runs)
        pthread_join(q->thread, NULL);
    q->runs = false;
    if (q->topic)
        rd_kafka_topic_destroy(q->topic); /* before the producer that it belongs to */
    q->topic = NULL;
}

void questions_free(struct questions *q)
{
    if (!q)
        return;
    kl_assert(!q->runs);
    pthread_cond_destroy(&q->changed);
    pthread_mutex_destroy(&q->lock);
    free(q->numbers);
    free(q);
}
