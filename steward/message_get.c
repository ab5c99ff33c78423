/* GET /topics/{topic}/messages/{partition}/{offset} - one message, whole. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "admin.h"
#include "browse_read.h"
#include "endpoints.h"
#include "places.h"
#include "steward.h"
#include "topic.h"
#include "topic_detail.h"

struct message_ask {
    char    topic[KL_TOPIC_BYTES];
    int64_t partition, offset;
};

static enum kl_code number_read(struct kl_request *r, const char *name, int64_t max, int64_t *out, struct kl_error *err)
{
    size_t len;
    const char *text = kl_request_param(r, name, &len);
    char *end;

    errno = 0;
    *out = strtoll(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || (size_t)(end - text) != len || errno || *out > max)
        return kl_fail_field(err, KL_INVALID, name, "%s \"%.64s\" is not a number from 0 to %lld", name, text, (long long)max);
    return KL_OK;
}

static enum kl_code ask_read(struct kl_request *r, struct message_ask *ask, struct kl_error *err)
{
    size_t len;
    const char *topic = kl_request_param(r, "topic", &len);

    if (kl_topic_check(topic, len, err) || number_read(r, "partition", INT32_MAX, &ask->partition, err) ||
        number_read(r, "offset", INT64_MAX, &ask->offset, err))
        return err->code;
    memcpy(ask->topic, topic, len + 1);
    return KL_OK;
}

static enum kl_code place_check(const struct message_ask *ask, const struct places *p, struct kl_error *err)
{
    if (p->lows[0] < 0 || p->highs[0] < 0)
        return kl_fail_field(err, KL_TIMEOUT, "partition", "partition %lld does not tell its ends: it may have no leader",
                             (long long)ask->partition);
    if (ask->offset < p->lows[0])
        return kl_fail_field(err, KL_GONE, "offset", "the log begins at %lld: what was before is removed", (long long)p->lows[0]);
    if (ask->offset >= p->highs[0])
        return kl_fail_field(err, KL_NOT_FOUND, "offset", "the log ends at %lld", (long long)p->highs[0]);
    return KL_OK;
}

static enum kl_code ask_place(struct admin_call *c, struct places *out, struct kl_error *err)
{
    const struct message_ask *ask = c->ask;
    const rd_kafka_metadata_t *md;
    rd_kafka_topic_partition_list_t *list;
    enum kl_code code = KL_OK;

    if (topic_metadata(c->kafka, ask->topic, admin_left_ms(c), &md, err))
        return err->code;
    list = rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, ask->topic, (int32_t)ask->partition);
    if (ask->partition >= md->topics[0].partition_cnt)
        code = kl_fail_field(err, KL_NOT_FOUND, "partition", "the topic has %d partitions, none is %lld", md->topics[0].partition_cnt,
                             (long long)ask->partition);
    if (!code)
        code = places_ask(out, list, c->kafka, md, admin_left_ms(c), err);
    if (code)
        rd_kafka_topic_partition_list_destroy(list); /* not taken */
    rd_kafka_metadata_destroy(md);
    return code;
}

static enum kl_code run(struct admin_call *c, struct kl_error *err)
{
    const struct message_ask *ask = c->ask;
    struct places place;
    enum kl_code code;

    if (ask_place(c, &place, err))
        return err->code;
    code = place_check(ask, &place, err);
    places_fini(&place);
    if (code)
        return code;
    return browse_read_one(c->steward->readers, ask->topic, (int32_t)ask->partition, ask->offset, admin_left_ms(c), &c->body, err);
}

void message_get(struct kl_request *r)
{
    struct message_ask *ask = calloc(1, sizeof *ask);
    struct kl_error err;

    if (!ask)
        kl_fail(&err, KL_BUSY, "no memory for the call");
    if (!ask || ask_read(r, ask, &err)) {
        free(ask);
        kl_reply_error(r, &err);
    } else {
        admin_do(r, run, ask, free);
    }
}
