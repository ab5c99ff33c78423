#include "group_changes.h"

#include <stdlib.h>
#include <string.h>

#include "write.h"

/* ---- which partitions ---- */

struct wanted {
    const rd_kafka_metadata_t *md;
    const rd_kafka_topic_partition_list_t *committed;
    rd_kafka_topic_partition_list_t *list;  /* what is wanted, with its committed offset */
};

static enum kl_code want(struct wanted *w, const char *topic, int32_t partition, struct kl_error *err)
{
    const rd_kafka_topic_partition_t *row =
        rd_kafka_topic_partition_list_find((rd_kafka_topic_partition_list_t *)(uintptr_t)w->committed, topic, partition);

    if (w->list->cnt == RESET_PARTITIONS_MAX)
        return kl_fail_limit(err, KL_TOO_LARGE, "topics", RESET_PARTITIONS_MAX, "at most %d partitions at once: name some of the topics",
                             RESET_PARTITIONS_MAX);
    rd_kafka_topic_partition_list_add(w->list, topic, partition)->offset = row ? row->offset : -1;
    return KL_OK;
}

static enum kl_code want_topic(struct wanted *w, const rd_kafka_metadata_topic_t *topic, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    for (int i = 0; !code && i < topic->partition_cnt; i++)
        code = want(w, topic->topic, topic->partitions[i].id, err);
    return code;
}

static enum kl_code want_partitions(struct wanted *w, const rd_kafka_metadata_topic_t *topic, const struct reset_request *request,
                                    struct kl_error *err)
{
    enum kl_code code = KL_OK;

    for (size_t i = 0; !code && i < request->n_partitions; i++) {
        int32_t partition = request->partitions[i];

        if (partition >= topic->partition_cnt) /* they are numbered from 0 without a hole */
            return kl_fail_field(err, KL_NOT_FOUND, "partitions", "topic \"%.100s\" has %d partitions, none is %d", topic->topic,
                                 topic->partition_cnt, partition);
        if (!rd_kafka_topic_partition_list_find(w->list, topic->topic, partition))
            code = want(w, topic->topic, partition, err);
    }
    return code;
}

static enum kl_code want_named(struct wanted *w, const struct reset_request *request, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    for (size_t i = 0; !code && i < request->n_topics; i++) {
        const rd_kafka_metadata_topic_t *topic = places_topic(w->md, request->topics[i]);

        if (!topic || topic->partition_cnt == 0)
            return kl_fail_field(err, KL_NOT_FOUND, "topics", "there is no topic \"%s\"", request->topics[i]);
        if (request->n_partitions)
            code = want_partitions(w, topic, request, err);
        else if (!rd_kafka_topic_partition_list_find(w->list, topic->topic, topic->partitions[0].id)) /* not named twice */
            code = want_topic(w, topic, err);
    }
    return code;
}

/* All topics of which the group has an offset; one that is gone has no log to go to. */
static enum kl_code want_committed(struct wanted *w, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    for (int i = 0; !code && i < w->committed->cnt; i++) {
        const char *name = w->committed->elems[i].topic;
        const rd_kafka_metadata_topic_t *topic = places_topic(w->md, name);

        if (topic && (i == 0 || strcmp(name, w->committed->elems[i - 1].topic)))
            code = want_topic(w, topic, err);
    }
    return code;
}

/* ---- what becomes of them ---- */

static enum kl_code plan(struct group_changes *out, const struct places *p, const struct reset_target *target, const int64_t *at_time,
                         struct kl_error *err)
{
    for (int i = 0; i < p->list->cnt; i++) {
        struct reset_place place = { .low = p->lows[i], .high = p->highs[i], .committed = p->list->elems[i].offset, .at_time = at_time[i] };

        if (place.low < 0 || place.high < 0)
            return kl_fail_field(err, KL_TIMEOUT, "partitions", "partition %d of \"%.100s\" does not tell its ends: it may have no leader",
                                 p->list->elems[i].partition, p->list->elems[i].topic);
        out->to[i] = reset_plan(target, &place);
    }
    return KL_OK;
}

static enum kl_code plan_at(struct group_changes *out, const struct places *p, rd_kafka_t *kafka, const struct reset_target *target,
                            int timeout_ms, struct kl_error *err)
{
    int64_t *at_time = calloc((size_t)p->list->cnt + 1, sizeof *at_time);
    enum kl_code code = KL_OK;

    out->to = calloc((size_t)p->list->cnt + 1, sizeof *out->to);
    if (!out->to || !at_time)
        code = kl_fail(err, KL_BUSY, "no memory for the changes");
    else if (target->to == RESET_TIME)
        code = places_at_time(p, kafka, target->n, timeout_ms, at_time, err);
    if (!code)
        code = plan(out, p, target, at_time, err);
    free(at_time);
    return code;
}

static enum kl_code reset_list(struct group_changes *out, struct wanted *w, rd_kafka_t *kafka, const struct reset_request *request,
                               int timeout_ms, struct kl_error *err)
{
    struct places places;
    enum kl_code code = request->n_topics ? want_named(w, request, err) : want_committed(w, err);

    if (!code)
        code = places_ask(&places, w->list, kafka, w->md, timeout_ms, err);
    if (code)
        return code;
    out->list = rd_kafka_topic_partition_list_copy(places.list);
    w->list = NULL; /* the places have it */
    code = plan_at(out, &places, kafka, &request->target, timeout_ms, err);
    places_fini(&places);
    return code;
}

enum kl_code group_changes_reset(struct group_changes *out, rd_kafka_t *kafka, const char *group, const struct reset_request *request,
                                 int timeout_ms, struct kl_error *err)
{
    rd_kafka_topic_partition_list_t *committed;
    struct wanted w = { .md = NULL };
    enum kl_code code;

    *out = (struct group_changes){ .list = NULL };
    if (group_offsets(kafka, group, timeout_ms, &committed, err))
        return err->code;
    w.committed = committed;
    code = places_metadata(kafka, timeout_ms, &w.md, err);
    if (!code) {
        w.list = rd_kafka_topic_partition_list_new(committed->cnt);
        code = reset_list(out, &w, kafka, request, timeout_ms, err);
        rd_kafka_metadata_destroy(w.md);
    }
    if (w.list)
        rd_kafka_topic_partition_list_destroy(w.list);
    rd_kafka_topic_partition_list_destroy(committed);
    if (code)
        group_changes_fini(out);
    return code;
}

enum kl_code group_changes_forget(struct group_changes *out, rd_kafka_t *kafka, const char *group, const char *topic,
                                  int timeout_ms, struct kl_error *err)
{
    rd_kafka_topic_partition_list_t *committed;

    if (group_offsets(kafka, group, timeout_ms, &committed, err))
        return err->code;
    *out = (struct group_changes){ rd_kafka_topic_partition_list_new(committed->cnt), calloc((size_t)committed->cnt + 1, sizeof *out->to) };
    for (int i = 0; out->to && i < committed->cnt; i++) {
        const rd_kafka_topic_partition_t *row = &committed->elems[i];

        if (topic && strcmp(row->topic, topic))
            continue;
        out->to[out->list->cnt].to = -1;
        rd_kafka_topic_partition_list_add(out->list, row->topic, row->partition)->offset = row->offset;
    }
    rd_kafka_topic_partition_list_destroy(committed);
    if (out->to)
        return KL_OK;
    group_changes_fini(out);
    return kl_fail(err, KL_BUSY, "no memory for the changes");
}

void group_changes_fini(struct group_changes *c)
{
    if (c->list)
        rd_kafka_topic_partition_list_destroy(c->list);
    free(c->to);
}

void group_changes_write(struct kl_buf *b, const char *name, const struct group *g, const struct group_changes *c)
{
    kl_buf_adds(b, "{\"group\":");
    write_text(b, name);
    kl_buf_addf(b, ",\"state\":\"%s\",\"changes\":[", group_state_name(g->state));
    for (int i = 0; i < c->list->cnt; i++) {
        write_comma(b, i == 0);
        kl_buf_adds(b, "{\"topic\":");
        write_text(b, c->list->elems[i].topic);
        kl_buf_addf(b, ",\"partition\":%d,\"from\":", c->list->elems[i].partition);
        write_number(b, c->list->elems[i].offset);
        kl_buf_adds(b, ",\"to\":");
        write_number(b, c->to[i].to);
        kl_buf_addf(b, ",\"clamped\":%s}", c->to[i].clamped ? "true" : "false");
    }
    kl_buf_adds(b, "]}");
}
