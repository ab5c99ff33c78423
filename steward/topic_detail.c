#include "topic_detail.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "kafka_conf.h"
#include "look.h"
#include "topic.h"
#include "write.h"

#define SETTLE_MS 20 /* between two questions whether a topic is there */

enum kl_code topic_metadata(rd_kafka_t *kafka, const char *name, int timeout_ms, const rd_kafka_metadata_t **md, struct kl_error *err)
{
    rd_kafka_topic_t *topic = rd_kafka_topic_new(kafka, name, NULL);
    rd_kafka_resp_err_t error;

    if (!topic)
        return kl_kafka_fail(err, rd_kafka_last_error(), "looking at the topic");
    error = rd_kafka_metadata(kafka, 0, topic, md, timeout_ms);
    rd_kafka_topic_destroy(topic);
    if (error)
        return kl_kafka_fail(err, error, "looking at the topic");
    error = (*md)->topic_cnt == 1 ? (*md)->topics[0].err : RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART;
    if (!error)
        return KL_OK;
    rd_kafka_metadata_destroy(*md);
    if (error == RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART)
        return kl_fail_field(err, KL_NOT_FOUND, "topic", "there is no topic \"%s\"", name);
    return kl_kafka_fail(err, error, "looking at the topic");
}

/* ---- settling ---- */

static bool is_settled(const rd_kafka_metadata_topic_t *t, int32_t partitions)
{
    for (int i = 0; i < t->partition_cnt; i++)
        if (t->partitions[i].leader < 0)
            return false;
    return t->partition_cnt > 0 && t->partition_cnt >= partitions;
}

static enum kl_code settled_now(rd_kafka_t *kafka, const char *name, int32_t partitions, int timeout_ms, bool *settled, struct kl_error *err)
{
    const rd_kafka_metadata_t *md;
    enum kl_code code = topic_metadata(kafka, name, timeout_ms, &md, err);

    *settled = !code && is_settled(&md->topics[0], partitions);
    if (!code)
        rd_kafka_metadata_destroy(md);
    return code == KL_NOT_FOUND ? KL_OK : code; /* it was just made: this broker has not heard of it yet */
}

enum kl_code topic_settled(rd_kafka_t *kafka, const char *name, int32_t partitions, int timeout_ms, struct kl_error *err)
{
    int64_t due_us = kl_mono_us() + timeout_ms * INT64_C(1000);
    bool settled;

    for (;;) {
        int64_t left_ms = (due_us - kl_mono_us()) / 1000;

        if (left_ms <= 0)
            return kl_fail_field(err, KL_TIMEOUT, "topic", "it is done, and not to be seen on every broker yet");
        if (settled_now(kafka, name, partitions, (int)left_ms, &settled, err))
            return err->code;
        if (settled)
            return KL_OK;
        kl_sleep_ms(SETTLE_MS);
    }
}

/* ---- the answer ---- */

static void add_ids(struct kl_buf *b, const char *name, const int32_t *ids, int n)
{
    kl_buf_addf(b, ",\"%s\":[", name);
    for (int i = 0; i < n; i++) {
        write_comma(b, i == 0);
        kl_buf_addi(b, ids[i]);
    }
    kl_buf_addc(b, ']');
}

static void add_partition(struct kl_buf *b, const rd_kafka_metadata_partition_t *p, int64_t low, int64_t high)
{
    kl_buf_addf(b, "{\"partition\":%d,\"leader\":", p->id);
    write_number(b, p->leader);
    add_ids(b, "replicas", p->replicas, p->replica_cnt);
    add_ids(b, "isr", p->isrs, p->isr_cnt);
    kl_buf_adds(b, ",\"low\":");
    write_number(b, low);
    kl_buf_adds(b, ",\"high\":");
    write_number(b, high);
    kl_buf_adds(b, ",\"messages\":");
    write_number(b, low < 0 || high < 0 ? VIEW_UNKNOWN : high - low);
    kl_buf_addc(b, '}');
}

struct ends {
    int64_t low, high;
};

/* Those with a leader are asked; ends[i] is of the topic's i-th partition. */
static enum kl_code ends_ask(rd_kafka_t *kafka, const rd_kafka_metadata_topic_t *t, int timeout_ms, struct ends *ends, struct kl_error *err)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(t->partition_cnt);
    int64_t *lows = calloc(2 * (size_t)t->partition_cnt + 1, sizeof *lows), *highs = lows + t->partition_cnt;
    enum kl_code code = lows ? KL_OK : kl_fail(err, KL_BUSY, "no memory for the logs' ends");

    for (int i = 0; i < t->partition_cnt; i++)
        if (t->partitions[i].leader >= 0)
            rd_kafka_topic_partition_list_add(list, t->topic, t->partitions[i].id);
    if (!code)
        code = look_at_ends(kafka, list, timeout_ms, lows, highs, err);
    for (int i = 0, asked = 0; !code && i < t->partition_cnt; i++) {
        bool led = t->partitions[i].leader >= 0;

        ends[i] = led ? (struct ends){ lows[asked], highs[asked] } : (struct ends){ VIEW_UNKNOWN, VIEW_UNKNOWN };
        asked += led;
    }
    free(lows);
    rd_kafka_topic_partition_list_destroy(list);
    return code;
}

/* What a group has not read of the topic; false: it has no offsets of it. */
static bool lag_of(const struct view_group *g, const char *topic, int64_t *lag)
{
    bool any = false;

    *lag = 0;
    for (size_t i = 0; i < g->n_offsets; i++) {
        const struct view_offset *o = &g->offsets[i];
        const struct view_partition *p;

        if (!o->topic || strcmp(o->topic->name, topic))
            continue;
        any = true;
        p = view_partition(o->topic, o->partition);
        if (!p || p->high < 0)
            *lag = VIEW_UNKNOWN;
        else if (*lag != VIEW_UNKNOWN && o->committed >= 0 && p->high > o->committed)
            *lag += p->high - o->committed;
    }
    return any;
}

static void add_groups(struct kl_buf *b, const struct view *v, const char *topic)
{
    bool first = true;
    int64_t lag;

    kl_buf_adds(b, "],\"groups\":[");
    for (size_t i = 0; v && i < v->n_groups; i++) {
        if (!lag_of(&v->groups[i], topic, &lag))
            continue;
        write_comma(b, first);
        first = false;
        kl_buf_adds(b, "{\"group\":");
        write_text(b, v->groups[i].name);
        kl_buf_adds(b, ",\"lag\":");
        write_number(b, lag);
        kl_buf_addc(b, '}');
    }
    kl_buf_addc(b, ']');
}

static void add_all(struct kl_buf *b, const rd_kafka_metadata_topic_t *t, const struct ends *ends, const struct view *v)
{
    kl_buf_adds(b, "{\"name\":");
    write_text(b, t->topic);
    kl_buf_addf(b, ",\"internal\":%s,\"partitions\":[", kl_topic_internal(t->topic) ? "true" : "false");
    for (int i = 0; i < t->partition_cnt; i++) {
        write_comma(b, i == 0);
        add_partition(b, &t->partitions[i], ends[i].low, ends[i].high);
    }
    add_groups(b, v, t->topic);
    kl_buf_addf(b, ",\"as_of_ms\":%lld}", (long long)(kl_wall_us() / 1000));
}

enum kl_code topic_write(rd_kafka_t *kafka, const char *name, const struct view *view, int timeout_ms, struct kl_buf *out,
                         struct kl_error *err)
{
    const rd_kafka_metadata_t *md;
    struct ends *ends;
    enum kl_code code = topic_metadata(kafka, name, timeout_ms, &md, err);

    if (code)
        return code;
    ends = calloc((size_t)md->topics[0].partition_cnt + 1, sizeof *ends);
    code = ends ? ends_ask(kafka, &md->topics[0], timeout_ms, ends, err) : kl_fail(err, KL_BUSY, "no memory for the logs' ends");
    if (!code)
        add_all(out, &md->topics[0], ends, view);
    free(ends);
    rd_kafka_metadata_destroy(md);
    return code;
}
