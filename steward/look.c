#include "look.h"

#include <stdatomic.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "client_can.h"
#include "clock.h"
#include "kafka_conf.h"
#include "op.h"
#include "topic.h"

/* librdkafka finds each answered partition by walking the list that was asked, so a long list costs its square. */
#define ASK_MAX 500

/* ---- the ends of logs ---- */

/* What a question is about: partitions from..to of list; as times, RD_KAFKA_OFFSET_BEGINNING and _END mean a log's ends. */
struct question {
    rd_kafka_t *kafka;
    const rd_kafka_topic_partition_list_t *list;
    int      timeout_ms;
    int64_t  time;
    int64_t *answers;
};

static rd_kafka_resp_err_t ask_once(const struct question *q, int from, int to)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(to - from);
    rd_kafka_resp_err_t error;

    for (int i = from; i < to; i++) {
        rd_kafka_topic_partition_t *row =
            rd_kafka_topic_partition_list_add(list, q->list->elems[i].topic, q->list->elems[i].partition);

        row->offset = q->time;
        row->opaque = (void *)(intptr_t)i; /* the list comes back in another order */
    }
    error = rd_kafka_offsets_for_times(q->kafka, list, q->timeout_ms);
    for (int i = 0; !error && i < list->cnt; i++)
        q->answers[(intptr_t)list->elems[i].opaque] = list->elems[i].err ? VIEW_UNKNOWN : list->elems[i].offset;
    rd_kafka_topic_partition_list_destroy(list);
    return error;
}

static bool is_outage(rd_kafka_resp_err_t error)
{
    return error == RD_KAFKA_RESP_ERR__TIMED_OUT || error == RD_KAFKA_RESP_ERR__TRANSPORT ||
           error == RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN || error == RD_KAFKA_RESP_ERR__DESTROY;
}

/* One partition that cannot be asked fails the whole request: it is found by halving. */
static rd_kafka_resp_err_t ask(const struct question *q, int from, int to)
{
    rd_kafka_resp_err_t error = ask_once(q, from, to);
    int middle = from + (to - from) / 2;

    if (!error || is_outage(error))
        return error;
    if (to - from == 1) {
        q->answers[from] = VIEW_UNKNOWN;
        return RD_KAFKA_RESP_ERR_NO_ERROR;
    }
    error = ask(q, from, middle);
    return error ? error : ask(q, middle, to);
}

enum kl_code look_at_ends(rd_kafka_t *kafka, const rd_kafka_topic_partition_list_t *list, int timeout_ms, int64_t *lows,
                          int64_t *highs, struct kl_error *err)
{
    struct question low = { kafka, list, timeout_ms, RD_KAFKA_OFFSET_BEGINNING, lows };
    struct question high = { kafka, list, timeout_ms, RD_KAFKA_OFFSET_END, highs };
    rd_kafka_resp_err_t error = RD_KAFKA_RESP_ERR_NO_ERROR;

    for (int i = 0; i < list->cnt && !error; i += ASK_MAX) {
        int to = list->cnt - i < ASK_MAX ? list->cnt : i + ASK_MAX;

        error = ask(&low, i, to);
        if (!error)
            error = ask(&high, i, to);
    }
    return error ? kl_kafka_fail(err, error, "asking for the logs' ends") : KL_OK;
}

/* ---- metadata ---- */

static bool brokers_fill(struct view *v, const rd_kafka_metadata_t *md)
{
    v->brokers = calloc((size_t)md->broker_cnt + 1, sizeof *v->brokers);
    if (!v->brokers)
        return false;
    for (int i = 0; i < md->broker_cnt; i++) {
        struct view_broker *b = &v->brokers[i];

        *b = (struct view_broker){ .id = md->brokers[i].id, .host = strdup(md->brokers[i].host), .port = md->brokers[i].port };
        v->n_brokers++;
        if (!b->host)
            return false;
    }
    return true;
}

static struct view_broker *broker(struct view *v, int32_t id)
{
    for (size_t i = 0; i < v->n_brokers; i++)
        if (v->brokers[i].id == id)
            return &v->brokers[i];
    return NULL;
}

static void partition_fill(struct view *v, struct view_topic *t, struct view_partition *p, const rd_kafka_metadata_partition_t *md)
{
    struct view_broker *leader = broker(v, md->leader);

    *p = (struct view_partition){ .id = md->id, .leader = md->leader, .replicas = md->replica_cnt, .in_sync = md->isr_cnt,
                                  .low = VIEW_UNKNOWN, .high = VIEW_UNKNOWN };
    if (leader)
        leader->leaders++;
    for (int i = 0; i < md->replica_cnt; i++) {
        struct view_broker *b = broker(v, md->replicas[i]);

        if (b)
            b->replicas++;
    }
    t->under_replicated += md->isr_cnt < md->replica_cnt;
    if (md->replica_cnt > t->replication)
        t->replication = md->replica_cnt;
}

static void topic_fill(struct view *v, struct view_topic *t, const rd_kafka_metadata_topic_t *md)
{
    *t = (struct view_topic){ .internal = kl_topic_internal(md->topic), .partitions = md->partition_cnt, .parts = &v->partitions[v->n_partitions],
                              .messages = VIEW_UNKNOWN, .rate = -1, .lag = VIEW_UNKNOWN };
    snprintf(t->name, sizeof t->name, "%s", md->topic);
    if (md->err)
        snprintf(t->why, sizeof t->why, "%s", rd_kafka_err2str(md->err));
    for (int i = 0; i < md->partition_cnt; i++)
        partition_fill(v, t, &v->partitions[v->n_partitions++], &md->partitions[i]);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct view_topic *)a)->name, ((const struct view_topic *)b)->name);
}

static bool topics_fill(struct view *v, const rd_kafka_metadata_t *md)
{
    size_t partitions = 0;

    for (int i = 0; i < md->topic_cnt; i++)
        partitions += (size_t)md->topics[i].partition_cnt;
    v->topics = calloc((size_t)md->topic_cnt + 1, sizeof *v->topics);
    v->partitions = calloc(partitions + 1, sizeof *v->partitions);
    if (!v->topics || !v->partitions)
        return false;
    for (int i = 0; i < md->topic_cnt; i++)
        topic_fill(v, &v->topics[v->n_topics++], &md->topics[i]);
    qsort(v->topics, v->n_topics, sizeof *v->topics, by_name);
    return true;
}

static enum kl_code metadata_fill(struct view *v, rd_kafka_t *kafka, int timeout_ms, struct kl_error *err)
{
    const rd_kafka_metadata_t *md;
    rd_kafka_resp_err_t error = rd_kafka_metadata(kafka, 1, NULL, &md, timeout_ms);
    bool ok;

    if (error)
        return kl_kafka_fail(err, error, "listing the topics");
    ok = brokers_fill(v, md) && topics_fill(v, md);
    rd_kafka_metadata_destroy(md);
    return ok ? KL_OK : kl_fail(err, KL_BUSY, "no memory for the list of topics");
}

/* Both are known from the metadata that was just read: these calls return at once. */
static void cluster_fill(struct view *v, rd_kafka_t *kafka)
{
    char *id = rd_kafka_clusterid(kafka, 0);

    v->cluster_id = id ? strdup(id) : NULL;
    if (id)
        rd_kafka_mem_free(kafka, id);
    v->controller = rd_kafka_controllerid(kafka, 0);
}

#if CAN_RACKS

static void racks_take(struct view *v, rd_kafka_event_t *event)
{
    size_t n;
    const rd_kafka_Node_t **nodes = rd_kafka_DescribeCluster_result_nodes(rd_kafka_event_DescribeCluster_result(event), &n);

    for (size_t i = 0; i < n; i++) {
        struct view_broker *b = broker(v, rd_kafka_Node_id(nodes[i]));
        const char *rack = rd_kafka_Node_rack(nodes[i]);

        if (b && !b->rack && rack && *rack)
            b->rack = strdup(rack);
    }
}

/* The controller is asked: while there is none librdkafka would wait for one. What is not told is no reason to have no view. */
static void racks_fill(struct view *v, rd_kafka_t *kafka, int timeout_ms)
{
    rd_kafka_event_t *event;
    struct kl_error err;
    struct op op;

    if (!broker(v, v->controller))
        return;
    op_begin(&op, kafka, RD_KAFKA_ADMIN_OP_DESCRIBECLUSTER, timeout_ms);
    rd_kafka_DescribeCluster(kafka, op.options, op.queue);
    if (!op_wait(&op, "describing the cluster", &event, &err))
        racks_take(v, event);
    op_end(&op);
}

#else

static void racks_fill(struct view *v, rd_kafka_t *kafka, int timeout_ms)
{
    (void)v, (void)kafka, (void)timeout_ms;
}

#endif

/* ---- a look ---- */

struct asked {
    rd_kafka_topic_partition_list_t *list;
    struct view_partition **parts; /* the partition of each row */
    int64_t *lows, *highs;
};

/* Without a leader there is nobody to ask, and librdkafka would wait for one. */
static bool asked_init(struct asked *a, const struct view *v)
{
    size_t n = v->n_partitions + 1;

    *a = (struct asked){ rd_kafka_topic_partition_list_new((int)n), calloc(n, sizeof *a->parts), calloc(n, sizeof *a->lows),
                         calloc(n, sizeof *a->highs) };
    if (!a->parts || !a->lows || !a->highs)
        return false;
    for (size_t t = 0; t < v->n_topics; t++)
        for (int32_t i = 0; i < v->topics[t].partitions; i++) {
            struct view_partition *p = &v->topics[t].parts[i];

            if (p->leader < 0)
                continue;
            a->parts[a->list->cnt] = p;
            rd_kafka_topic_partition_list_add(a->list, v->topics[t].name, p->id);
        }
    return true;
}

static void asked_fini(struct asked *a)
{
    rd_kafka_topic_partition_list_destroy(a->list);
    free(a->parts);
    free(a->lows);
    free(a->highs);
}

static enum kl_code ends_fill(struct view *v, rd_kafka_t *kafka, int timeout_ms, struct kl_error *err)
{
    struct asked a;
    enum kl_code code = asked_init(&a, v) ? look_at_ends(kafka, a.list, timeout_ms, a.lows, a.highs, err)
                                          : kl_fail(err, KL_BUSY, "no memory for the logs' ends");

    for (int i = 0; !code && i < a.list->cnt; i++) {
        a.parts[i]->low = a.lows[i];
        a.parts[i]->high = a.highs[i];
    }
    asked_fini(&a);
    return code;
}

static void topic_sum(struct view_topic *t)
{
    int32_t unknown = 0;

    t->messages = t->ends = 0;
    for (int32_t i = 0; i < t->partitions; i++) {
        const struct view_partition *p = &t->parts[i];

        if (p->low < 0 || p->high < 0) {
            unknown++;
            continue;
        }
        t->messages += p->high > p->low ? p->high - p->low : 0;
        t->ends += p->high;
    }
    if (unknown > 0 || t->partitions == 0)
        t->messages = t->ends = VIEW_UNKNOWN;
    t->known_ends = t->ends;
    if (unknown > 0 && !t->why[0])
        snprintf(t->why, sizeof t->why, "%d of %d partitions do not tell their ends", unknown, t->partitions);
}

static enum kl_code view_fill(struct view *v, rd_kafka_t *kafka, int first_ms, int timeout_ms, const _Atomic bool *stop,
                              struct kl_error *err)
{
    enum kl_code code = metadata_fill(v, kafka, first_ms, err);

    if (!code && *stop)
        code = kl_fail(err, KL_BUSY, "the service is stopping");
    if (code)
        return code;
    cluster_fill(v, kafka);
    racks_fill(v, kafka, timeout_ms);
    v->as_of_ms = kl_wall_us() / 1000;
    v->as_of_us = kl_mono_us();
    code = ends_fill(v, kafka, timeout_ms, err);
    for (size_t i = 0; i < v->n_topics; i++)
        topic_sum(&v->topics[i]);
    return code;
}

enum kl_code look_at_topics(rd_kafka_t *kafka, int first_ms, int timeout_ms, const _Atomic bool *stop, struct view **out,
                            struct kl_error *err)
{
    struct view *v = view_new();
    enum kl_code code = v ? view_fill(v, kafka, first_ms, timeout_ms, stop, err) : kl_fail(err, KL_BUSY, "no memory for a look at the cluster");

    if (code) {
        view_unref(v);
        return code;
    }
    *out = v;
    return KL_OK;
}

/* ---- two looks together ---- */

/* was: the topic in the view before; NULL: it is new. */
static int64_t last_write(const struct view_topic *t, const struct view_topic *was, int64_t now_ms)
{
    if (!was)
        return t->ends > 0 ? now_ms : 0;
    if (t->ends < 0 || was->known_ends < 0 || was->known_ends == t->ends)
        return was->last_write_ms;
    return now_ms;
}

/* A log that ends earlier than it did is another one, of a topic that was made again: it has no rate yet. */
static double rate_since(const struct view_topic *t, const struct view_topic *first, int64_t us)
{
    if (!first || first->ends < 0 || t->ends < first->ends || us <= 0)
        return -1;
    return (double)(t->ends - first->ends) * 1e6 / (double)us;
}

static void topic_compare(struct view_topic *t, const struct view *v, const struct view *before, const struct view *oldest)
{
    const struct view_topic *was = view_topic(before, t->name);

    t->last_write_ms = last_write(t, was, v->as_of_ms);
    t->rate = rate_since(t, view_topic(oldest, t->name), v->as_of_us - oldest->as_of_us);
    if (t->ends < 0 && was)
        t->known_ends = was->known_ends;
}

void look_compare(struct view *v, const struct view *before, const struct view *oldest)
{
    for (size_t i = 0; i < v->n_topics; i++)
        topic_compare(&v->topics[i], v, before, oldest);
}
