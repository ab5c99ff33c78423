/* POST /topics/{topic}/empty - removes all records there are now, of all its partitions or of some. ?dry_run=true tells only
 * where each partition's log would begin. */
#include <stdlib.h>

#include "admin.h"
#include "ask.h"
#include "endpoints.h"
#include "look.h"
#include "snapshot.h"
#include "steward.h"
#include "topic_admin.h"
#include "topic_detail.h"
#include "write.h"

static bool has_partition(const rd_kafka_metadata_topic_t *t, json_int_t id)
{
    for (int i = 0; i < t->partition_cnt; i++)
        if (t->partitions[i].id == id)
            return true;
    return false;
}

/* The partitions that are named, or all. */
static enum kl_code list_fill(const rd_kafka_metadata_topic_t *t, const json_t *named, rd_kafka_topic_partition_list_t *list,
                              struct kl_error *err)
{
    const json_t *id;
    size_t i;

    for (int p = 0; !named && p < t->partition_cnt; p++)
        rd_kafka_topic_partition_list_add(list, t->topic, t->partitions[p].id);
    json_array_foreach(named, i, id) {
        if (!json_is_integer(id) || !has_partition(t, json_integer_value(id)))
            return kl_fail_field(err, KL_NOT_FOUND, "partitions", "element %zu names no partition of the topic", i);
        if (rd_kafka_topic_partition_list_find(list, t->topic, (int32_t)json_integer_value(id)))
            return kl_fail_field(err, KL_INVALID, "partitions", "partition %d is named twice", (int)json_integer_value(id));
        rd_kafka_topic_partition_list_add(list, t->topic, (int32_t)json_integer_value(id));
    }
    for (int p = 0; p < list->cnt; p++)
        list->elems[p].offset = RD_KAFKA_OFFSET_END;
    return KL_OK;
}

/* Where each log would begin: at its end. */
static enum kl_code preview(rd_kafka_t *kafka, rd_kafka_topic_partition_list_t *list, int timeout_ms, struct kl_error *err)
{
    int64_t *lows = calloc(2 * (size_t)list->cnt + 1, sizeof *lows), *highs = lows + list->cnt;
    enum kl_code code = lows ? look_at_ends(kafka, list, timeout_ms, lows, highs, err) : kl_fail(err, KL_BUSY, "no memory for the logs' ends");

    for (int i = 0; !code && i < list->cnt; i++)
        list->elems[i].offset = highs[i];
    free(lows);
    return code;
}

static void write_lows(struct kl_buf *b, const rd_kafka_topic_partition_list_t *list)
{
    kl_buf_adds(b, "{\"partitions\":[");
    for (int i = 0; i < list->cnt; i++) {
        write_comma(b, i == 0);
        kl_buf_addf(b, "{\"partition\":%d,\"low\":", list->elems[i].partition);
        write_number(b, list->elems[i].offset);
        kl_buf_addc(b, '}');
    }
    kl_buf_adds(b, "]}");
}

static enum kl_code empty_list(struct admin_call *c, rd_kafka_topic_partition_list_t *list, struct kl_error *err)
{
    const struct topic_ask *ask = c->ask;

    if (ask->dry_run)
        return preview(c->kafka, list, admin_left_ms(c), err);
    if (topic_empty(c->kafka, list, admin_left_ms(c), err))
        return err->code;
    snapshot_renew(c->steward->snapshot, admin_left_ms(c));
    return KL_OK;
}

static enum kl_code run(struct admin_call *c, struct kl_error *err)
{
    const struct topic_ask *ask = c->ask;
    rd_kafka_topic_partition_list_t *list;
    const rd_kafka_metadata_t *md;
    enum kl_code code = topic_metadata(c->kafka, ask->topic, admin_left_ms(c), &md, err);

    if (code)
        return code;
    list = rd_kafka_topic_partition_list_new(md->topics[0].partition_cnt);
    code = list_fill(&md->topics[0], json_object_get(ask->body, "partitions"), list, err);
    rd_kafka_metadata_destroy(md);
    if (!code)
        code = empty_list(c, list, err);
    if (!code)
        write_lows(&c->body, list);
    rd_kafka_topic_partition_list_destroy(list);
    return code;
}

static enum kl_code partitions_check(const struct topic_ask *ask, struct kl_error *err)
{
    const json_t *partitions = json_object_get(ask->body, "partitions");

    if (partitions && (!json_is_array(partitions) || json_array_size(partitions) == 0))
        return kl_fail_field(err, KL_INVALID, "partitions", "partitions is a list of numbers; without it, all are emptied");
    return KL_OK;
}

void topic_empty_post(struct kl_request *r)
{
    static const char *const members[] = { "partitions", NULL };
    struct topic_ask *ask = NULL;
    struct kl_error err;

    if (ask_topic(r, members, &ask, &err) || ask_changeable(ask->topic, &err) || partitions_check(ask, &err)) {
        ask_free(ask);
        kl_reply_error(r, &err);
    } else {
        admin_do(r, run, ask, ask_free);
    }
}
