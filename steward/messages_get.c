/* GET /topics/{topic}/messages - a page of a topic's messages. */
#include <stdlib.h>
#include <string.h>

#include "admin.h"
#include "browse_cursor.h"
#include "browse_read.h"
#include "endpoints.h"
#include "places.h"
#include "steward.h"
#include "topic.h"
#include "topic_detail.h"
#include "view.h"
#include "write.h"

#define LIMIT_DEFAULT 50
#define ALL           (-1) /* partitions */

enum from { FROM_BEGINNING, FROM_END, FROM_OFFSET, FROM_TIME, FROM_CURSOR };

struct messages_ask {
    char      topic[KL_TOPIC_BYTES];
    int64_t   partition, limit;
    enum from from;
    int64_t   n;              /* the offset, or the time */
    bool      backward;
    struct browse_cursor cursor;
};

/* ---- reading the request (HTTP thread) ---- */

static bool digits(const char *text, int64_t *out)
{
    char *end;

    *out = strtoll(text, &end, 10);
    return *text >= '0' && *text <= '9' && !*end && *out < INT64_MAX;
}

static enum kl_code from_read(struct kl_request *r, struct messages_ask *ask, struct kl_error *err)
{
    const char *from = kl_request_query(r, "from", NULL);

    if (!from || !strcmp(from, "end"))
        ask->from = FROM_END;
    else if (!strcmp(from, "beginning"))
        ask->from = FROM_BEGINNING;
    else if (!strncmp(from, "time:", 5) && digits(from + 5, &ask->n))
        ask->from = FROM_TIME;
    else if (digits(from, &ask->n))
        ask->from = FROM_OFFSET;
    else
        return kl_fail_field(err, KL_INVALID, "from", "from is beginning, end, an offset, or time: and milliseconds since 1970");
    if (ask->from == FROM_OFFSET && ask->partition == ALL)
        return kl_fail_field(err, KL_INVALID, "partition", "an offset is one of a partition: name it");
    return KL_OK;
}

static enum kl_code direction_read(struct kl_request *r, struct messages_ask *ask, struct kl_error *err)
{
    const char *direction = kl_request_query(r, "direction", NULL);

    ask->backward = direction ? !strcmp(direction, "backward") : ask->from == FROM_END;
    if (direction && !ask->backward && strcmp(direction, "forward"))
        return kl_fail_field(err, KL_INVALID, "direction", "direction is forward or backward");
    return KL_OK;
}

/* A cursor says all of it. */
static enum kl_code cursor_read(struct kl_request *r, struct messages_ask *ask, struct kl_error *err)
{
    static const char *const said[] = { "partition", "from", "direction" };
    size_t len;
    const char *text = kl_request_query(r, "cursor", &len);

    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        if (kl_request_query(r, said[i], NULL))
            return kl_fail_field(err, KL_INVALID, said[i], "the cursor says the %s", said[i]);
    ask->from = FROM_CURSOR;
    if (browse_cursor_read(&ask->cursor, text, len, err))
        return err->code;
    ask->backward = ask->cursor.backward;
    return KL_OK;
}

static enum kl_code ask_read(struct kl_request *r, struct messages_ask *ask, struct kl_error *err)
{
    size_t len;
    const char *topic = kl_request_param(r, "topic", &len);

    if (kl_topic_check(topic, len, err) || kl_request_query_int(r, "limit", 1, BROWSE_LIMIT_MAX, LIMIT_DEFAULT, &ask->limit, err))
        return err->code;
    memcpy(ask->topic, topic, len + 1);
    if (kl_request_query(r, "cursor", NULL))
        return cursor_read(r, ask, err);
    if (kl_request_query_int(r, "partition", 0, INT32_MAX, ALL, &ask->partition, err) || from_read(r, ask, err))
        return err->code;
    return direction_read(r, ask, err);
}

/* ---- where the page is (a worker) ---- */

static enum kl_code add_partition(rd_kafka_topic_partition_list_t *list, const rd_kafka_metadata_topic_t *topic, int64_t partition,
                                  struct kl_error *err)
{
    if (partition >= topic->partition_cnt) /* they are numbered from 0 without a hole */
        return kl_fail_field(err, KL_NOT_FOUND, "partition", "the topic has %d partitions, none is %lld", topic->partition_cnt,
                             (long long)partition);
    rd_kafka_topic_partition_list_add(list, topic->topic, (int32_t)partition);
    return KL_OK;
}

static enum kl_code list_partitions(const struct messages_ask *ask, const rd_kafka_metadata_topic_t *topic,
                                    rd_kafka_topic_partition_list_t *list, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    if (ask->from == FROM_CURSOR) {
        for (size_t i = 0; i < ask->cursor.n && !code; i++)
            code = add_partition(list, topic, ask->cursor.at[i].partition, err);
        return code;
    }
    if (ask->partition != ALL)
        return add_partition(list, topic, ask->partition, err);
    if (topic->partition_cnt > BROWSE_PARTITIONS_MAX)
        return kl_fail_limit(err, KL_INVALID, "partition", BROWSE_PARTITIONS_MAX, "the topic has %d partitions, %d are shown together: name one",
                             topic->partition_cnt, BROWSE_PARTITIONS_MAX);
    for (int i = 0; i < topic->partition_cnt && !code; i++)
        code = add_partition(list, topic, i, err);
    return code;
}

static int64_t cursor_at(const struct browse_cursor *cursor, int32_t partition)
{
    size_t i = 0;

    while (i < cursor->n - 1 && cursor->at[i].partition != partition)
        i++;
    kl_assert(cursor->at[i].partition == partition);
    return cursor->at[i].offset;
}

static int64_t start_of(const struct messages_ask *ask, const struct places *p, int i, const int64_t *at_time)
{
    switch (ask->from) {
    case FROM_BEGINNING:
        return p->lows[i];
    case FROM_END:
        return p->highs[i];
    case FROM_OFFSET:
        return ask->n;
    case FROM_TIME:
        return at_time[i] < 0 ? p->highs[i] : at_time[i];
    case FROM_CURSOR:
        break;
    }
    return cursor_at(&ask->cursor, p->list->elems[i].partition);
}

static enum kl_code begin_parts(struct browse *b, const struct messages_ask *ask, const struct places *p, const int64_t *at_time,
                                struct kl_error *err)
{
    for (int i = 0; i < p->list->cnt; i++) {
        if (p->lows[i] < 0 || p->highs[i] < 0)
            return kl_fail_field(err, KL_TIMEOUT, "partition", "partition %d does not tell its ends: it may have no leader",
                                 p->list->elems[i].partition);
        browse_begin(b, &b->parts[i], p->list->elems[i].partition, p->lows[i], p->highs[i], start_of(ask, p, i, at_time));
    }
    return KL_OK;
}

static enum kl_code ask_places(struct admin_call *c, struct places *out, struct kl_error *err)
{
    const struct messages_ask *ask = c->ask;
    const rd_kafka_metadata_t *md;
    rd_kafka_topic_partition_list_t *list;
    enum kl_code code;

    if (topic_metadata(c->kafka, ask->topic, admin_left_ms(c), &md, err))
        return err->code;
    list = rd_kafka_topic_partition_list_new(BROWSE_PARTITIONS_MAX);
    code = list_partitions(ask, &md->topics[0], list, err);
    if (!code)
        code = places_ask(out, list, c->kafka, md, admin_left_ms(c), err);
    if (code)
        rd_kafka_topic_partition_list_destroy(list); /* not taken */
    rd_kafka_metadata_destroy(md);
    return code;
}

/* ---- the answer ---- */

static void add_cursor(struct kl_buf *out, const struct browse *b, bool backward)
{
    struct browse_cursor cursor = { .backward = backward, .n = b->n_parts };

    if (backward ? !browse_more_before(b) : !browse_more_behind(b)) {
        kl_buf_adds(out, "null");
        return;
    }
    for (size_t i = 0; i < b->n_parts; i++)
        cursor.at[i] = (struct browse_place){ b->parts[i].partition, backward ? b->parts[i].begin : b->parts[i].end };
    kl_buf_addc(out, '"');
    browse_cursor_write(out, &cursor);
    kl_buf_addc(out, '"');
}

static void add_page(struct kl_buf *out, const struct browse *b, bool whole)
{
    kl_buf_adds(out, "{\"messages\":[");
    for (size_t i = 0; i < b->n_page; i++) {
        write_comma(out, i == 0);
        kl_buf_add(out, b->page[i]->json, b->page[i]->len);
    }
    kl_buf_adds(out, "],\"next\":");
    add_cursor(out, b, false);
    kl_buf_adds(out, ",\"previous\":");
    add_cursor(out, b, true);
    kl_buf_adds(out, whole ? ",\"whole\":true}" : ",\"whole\":false}");
}

static enum kl_code read_page(struct admin_call *c, const struct places *places, struct browse *b, struct kl_error *err)
{
    const struct messages_ask *ask = c->ask;
    int64_t at_time[BROWSE_PARTITIONS_MAX] = { 0 };
    enum kl_code code = KL_OK;
    bool whole;

    if (ask->from == FROM_TIME)
        code = places_at_time(places, c->kafka, ask->n, admin_left_ms(c), at_time, err);
    if (!code)
        code = begin_parts(b, ask, places, at_time, err);
    if (!code)
        code = browse_read(c->steward->readers, ask->topic, b, admin_left_ms(c), &whole, err);
    if (!code)
        code = browse_merge(b, err);
    if (!code)
        add_page(&c->body, b, whole);
    return code;
}

static enum kl_code run(struct admin_call *c, struct kl_error *err)
{
    const struct messages_ask *ask = c->ask;
    struct places places;
    struct browse b;
    enum kl_code code;

    if (ask_places(c, &places, err))
        return err->code;
    code = browse_init(&b, ask->backward, (size_t)ask->limit, BROWSE_PAGE_BYTES, (size_t)places.list->cnt, err);
    if (!code) {
        code = read_page(c, &places, &b, err);
        browse_fini(&b);
    }
    places_fini(&places);
    return code;
}

void messages_get(struct kl_request *r)
{
    struct messages_ask *ask = calloc(1, sizeof *ask);
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
