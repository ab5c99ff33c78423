/* GET /groups/{group} - a group with its members and offsets, asked fresh. */
#include <stdlib.h>
#include <string.h>

#include "admin.h"
#include "clock.h"
#include "endpoints.h"
#include "group.h"
#include "group_ask.h"
#include "places.h"
#include "write.h"

/* ---- what there is to show ---- */

static const rd_kafka_topic_partition_list_t *partitions_of(const rd_kafka_MemberDescription_t *member)
{
    const rd_kafka_MemberAssignment_t *assignment = rd_kafka_MemberDescription_assignment(member);

    return assignment ? rd_kafka_MemberAssignment_partitions(assignment) : NULL;
}

/* A row of the list of offsets: who reads it goes into its opaque; what was never committed gets a row too. */
static void note_reader(rd_kafka_topic_partition_list_t *list, const rd_kafka_topic_partition_t *read, const char *member)
{
    rd_kafka_topic_partition_t *row = rd_kafka_topic_partition_list_find(list, read->topic, read->partition);

    if (!row) {
        row = rd_kafka_topic_partition_list_add(list, read->topic, read->partition);
        row->offset = VIEW_UNKNOWN;
    }
    row->opaque = (void *)(uintptr_t)member; /* only read */
}

static void note_readers(rd_kafka_topic_partition_list_t *list, const rd_kafka_ConsumerGroupDescription_t *desc)
{
    for (size_t m = 0; m < rd_kafka_ConsumerGroupDescription_member_count(desc); m++) {
        const rd_kafka_MemberDescription_t *member = rd_kafka_ConsumerGroupDescription_member(desc, m);
        const rd_kafka_topic_partition_list_t *reads = partitions_of(member);

        for (int i = 0; reads && i < reads->cnt; i++)
            note_reader(list, &reads->elems[i], rd_kafka_MemberDescription_consumer_id(member));
    }
}

/* ---- writing it ---- */

static void add_partitions(struct kl_buf *b, const rd_kafka_topic_partition_list_t *list)
{
    kl_buf_adds(b, ",\"partitions\":[");
    for (int i = 0; list && i < list->cnt; i++) {
        write_comma(b, i == 0);
        kl_buf_adds(b, "{\"topic\":");
        write_text(b, list->elems[i].topic);
        kl_buf_addf(b, ",\"partition\":%d}", list->elems[i].partition);
    }
    kl_buf_addc(b, ']');
}

static void add_member(struct kl_buf *b, const rd_kafka_MemberDescription_t *member)
{
    kl_buf_adds(b, "{\"id\":");
    write_text(b, rd_kafka_MemberDescription_consumer_id(member));
    kl_buf_adds(b, ",\"client_id\":");
    write_text(b, rd_kafka_MemberDescription_client_id(member));
    kl_buf_adds(b, ",\"host\":");
    write_text(b, rd_kafka_MemberDescription_host(member));
    add_partitions(b, partitions_of(member));
    kl_buf_addc(b, '}');
}

/* Those of a group that this client cannot describe are not known. */
static void add_members(struct kl_buf *b, const struct group *g)
{
    if (g->kind == VIEW_KIND_UNKNOWN) {
        kl_buf_adds(b, ",\"members\":null");
        return;
    }
    kl_buf_adds(b, ",\"members\":[");
    for (size_t i = 0; i < rd_kafka_ConsumerGroupDescription_member_count(g->desc); i++) {
        write_comma(b, i == 0);
        add_member(b, rd_kafka_ConsumerGroupDescription_member(g->desc, i));
    }
    kl_buf_addc(b, ']');
}

static int64_t lag_of(int64_t committed, int64_t high)
{
    if (committed < 0 || high < 0)
        return VIEW_UNKNOWN;
    return high > committed ? high - committed : 0;
}

static void add_offset(struct kl_buf *b, const struct places *p, int i)
{
    const rd_kafka_topic_partition_t *row = &p->list->elems[i];

    kl_buf_adds(b, "{\"topic\":");
    write_text(b, row->topic);
    kl_buf_addf(b, ",\"partition\":%d,\"committed\":", row->partition);
    write_number(b, row->offset);
    kl_buf_adds(b, ",\"low\":");
    write_number(b, p->lows[i]);
    kl_buf_adds(b, ",\"high\":");
    write_number(b, p->highs[i]);
    kl_buf_adds(b, ",\"lag\":");
    write_number(b, lag_of(row->offset, p->highs[i]));
    kl_buf_adds(b, ",\"member\":");
    write_text(b, row->opaque);
    kl_buf_addc(b, '}');
}

static void add_group(struct kl_buf *b, const char *name, const struct group *g, const struct places *p)
{
    const rd_kafka_Node_t *coordinator = rd_kafka_ConsumerGroupDescription_coordinator(g->desc);
    const char *protocol = rd_kafka_ConsumerGroupDescription_partition_assignor(g->desc);

    kl_buf_adds(b, "{\"group\":");
    write_text(b, name);
    kl_buf_addf(b, ",\"state\":\"%s\",\"kind\":\"%s\",\"protocol\":", group_state_name(g->state), group_kind_name(g->kind));
    write_text(b, protocol && *protocol ? protocol : NULL);
    kl_buf_adds(b, ",\"coordinator\":");
    write_number(b, coordinator ? rd_kafka_Node_id(coordinator) : VIEW_UNKNOWN);
    add_members(b, g);
    kl_buf_adds(b, ",\"offsets\":[");
    for (int i = 0; i < p->list->cnt; i++) {
        write_comma(b, i == 0);
        add_offset(b, p, i);
    }
    kl_buf_addf(b, "],\"as_of_ms\":%lld}", (long long)(kl_wall_us() / 1000));
}

/* ---- asking ---- */

static enum kl_code ask_offsets(struct admin_call *c, const char *name, const struct group *g, struct places *out, struct kl_error *err)
{
    const rd_kafka_metadata_t *md = NULL;
    rd_kafka_topic_partition_list_t *list;
    enum kl_code code;

    if (group_offsets(c->kafka, name, admin_left_ms(c), &list, err))
        return err->code;
    note_readers(list, g->desc);
    code = places_metadata(c->kafka, admin_left_ms(c), &md, err);
    if (!code)
        code = places_ask(out, list, c->kafka, md, admin_left_ms(c), err);
    if (code)
        rd_kafka_topic_partition_list_destroy(list); /* not taken */
    if (md)
        rd_kafka_metadata_destroy(md);
    return code;
}

static enum kl_code run(struct admin_call *c, struct kl_error *err)
{
    const struct group_ask *ask = c->ask;
    struct places places;
    struct group g;
    enum kl_code code;

    if (group_describe(&g, c->kafka, ask->group, admin_left_ms(c), err))
        return err->code;
    code = ask_offsets(c, ask->group, &g, &places, err);
    if (!code) {
        add_group(&c->body, ask->group, &g, &places);
        places_fini(&places);
    }
    group_fini(&g);
    return code;
}

void group_get(struct kl_request *r)
{
    struct group_ask *ask;
    struct kl_error err;

    if (group_ask_read(r, &ask, &err))
        kl_reply_error(r, &err);
    else
        admin_do(r, run, ask, group_ask_free);
}
