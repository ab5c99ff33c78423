#include "places.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "kafka_conf.h"
#include "look.h"

enum kl_code places_metadata(rd_kafka_t *kafka, int timeout_ms, const rd_kafka_metadata_t **md, struct kl_error *err)
{
    rd_kafka_resp_err_t error = rd_kafka_metadata(kafka, 1, NULL, md, timeout_ms);

    return error ? kl_kafka_fail(err, error, "listing the topics") : KL_OK;
}

const rd_kafka_metadata_topic_t *places_topic(const rd_kafka_metadata_t *md, const char *name)
{
    for (int i = 0; i < md->topic_cnt; i++)
        if (!strcmp(md->topics[i].topic, name))
            return &md->topics[i];
    return NULL;
}

static bool has_leader(const rd_kafka_metadata_topic_t *topic, int32_t partition)
{
    for (int i = 0; topic && i < topic->partition_cnt; i++)
        if (topic->partitions[i].id == partition)
            return topic->partitions[i].leader >= 0;
    return false;
}

/* Those that somebody can be asked about; opaque: where in p->list it stands. */
static rd_kafka_topic_partition_list_t *askable(const struct places *p, const rd_kafka_metadata_t *md)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(p->list->cnt);
    const rd_kafka_metadata_topic_t *topic = NULL;

    for (int i = 0; i < p->list->cnt; i++) {
        const rd_kafka_topic_partition_t *row = &p->list->elems[i];

        if (i == 0 || strcmp(row->topic, p->list->elems[i - 1].topic))
            topic = places_topic(md, row->topic);
        if (has_leader(topic, row->partition))
            rd_kafka_topic_partition_list_add(list, row->topic, row->partition)->opaque = (void *)(intptr_t)i;
    }
    return list;
}

static enum kl_code ask_ends(struct places *p, const rd_kafka_topic_partition_list_t *list, rd_kafka_t *kafka, int timeout_ms,
                             struct kl_error *err)
{
    size_t n = (size_t)list->cnt + 1;
    int64_t *lows = calloc(n, sizeof *lows), *highs = calloc(n, sizeof *highs);
    enum kl_code code = lows && highs ? look_at_ends(kafka, list, timeout_ms, lows, highs, err)
                                      : kl_fail(err, KL_BUSY, "no memory for the logs' ends");

    for (int i = 0; !code && i < list->cnt; i++) {
        p->lows[(intptr_t)list->elems[i].opaque] = lows[i];
        p->highs[(intptr_t)list->elems[i].opaque] = highs[i];
    }
    free(lows);
    free(highs);
    return code;
}

enum kl_code places_ask(struct places *out, rd_kafka_topic_partition_list_t *list, rd_kafka_t *kafka, const rd_kafka_metadata_t *md,
                        int timeout_ms, struct kl_error *err)
{
    size_t n = (size_t)list->cnt + 1;
    rd_kafka_topic_partition_list_t *known;
    enum kl_code code;

    rd_kafka_topic_partition_list_sort(list, NULL, NULL);
    *out = (struct places){ list, malloc(n * sizeof *out->lows), malloc(n * sizeof *out->highs) };
    if (out->lows && out->highs) {
        for (size_t i = 0; i < n; i++)
            out->lows[i] = out->highs[i] = VIEW_UNKNOWN;
        known = askable(out, md);
        code = ask_ends(out, known, kafka, timeout_ms, err);
        rd_kafka_topic_partition_list_destroy(known);
    } else {
        code = kl_fail(err, KL_BUSY, "no memory for the logs' ends");
    }
    if (code) {
        free(out->lows);
        free(out->highs);
    }
    return code;
}

enum kl_code places_at_time(const struct places *p, rd_kafka_t *kafka, int64_t time_ms, int timeout_ms, int64_t *at, struct kl_error *err)
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(p->list->cnt);
    rd_kafka_resp_err_t error;

    for (int i = 0; i < p->list->cnt; i++) {
        rd_kafka_topic_partition_t *row;

        at[i] = -1;
        if (p->highs[i] < 0)
            continue;
        row = rd_kafka_topic_partition_list_add(list, p->list->elems[i].topic, p->list->elems[i].partition);
        row->offset = time_ms;
        row->opaque = (void *)(intptr_t)i; /* the list comes back in another order */
    }
    error = list->cnt ? rd_kafka_offsets_for_times(kafka, list, timeout_ms) : RD_KAFKA_RESP_ERR_NO_ERROR;
    for (int i = 0; i < list->cnt && !error; i++) {
        at[(intptr_t)list->elems[i].opaque] = list->elems[i].offset;
        error = list->elems[i].err;
    }
    rd_kafka_topic_partition_list_destroy(list);
    return error ? kl_kafka_fail(err, error, "asking for the offsets at a time") : KL_OK;
}

void places_fini(struct places *p)
{
    rd_kafka_topic_partition_list_destroy(p->list);
    free(p->lows);
    free(p->highs);
}
