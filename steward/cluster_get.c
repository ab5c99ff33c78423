/* GET /cluster - which cluster this is, its brokers, and what this client can do. From the snapshot alone. */
#include "client_can.h"
#include "endpoints.h"
#include "snapshot.h"
#include "steward.h"
#include "write.h"

static const char *boolean(bool b)
{
    return b ? "true" : "false";
}

static void add_can(struct kl_buf *b)
{
    kl_buf_addf(b, ",\"librdkafka\":\"%s\",\"can\":{\"topic_bytes\":false,\"incremental_settings\":%s,\"kip848_groups\":%s}",
                rd_kafka_version_str(), boolean(CAN_INCREMENTAL_SETTINGS), boolean(CAN_KIP848_GROUPS));
}

static void add_broker(struct kl_buf *b, const struct view *v, const struct view_broker *broker)
{
    kl_buf_addf(b, "{\"id\":%d,\"host\":", broker->id);
    write_text(b, broker->host);
    kl_buf_addf(b, ",\"port\":%d,\"rack\":", broker->port);
    write_text(b, broker->rack);
    kl_buf_addf(b, ",\"controller\":%s,\"leaders\":%d,\"replicas\":%d}", boolean(broker->id == v->controller), broker->leaders,
                broker->replicas);
}

static void add_cluster(struct kl_buf *b, const struct steward *s, const struct view *v)
{
    kl_buf_adds(b, "{\"cluster_id\":");
    write_text(b, v->cluster_id);
    kl_buf_adds(b, ",\"controller\":");
    write_number(b, v->controller);
    kl_buf_addf(b, ",\"read_only\":%s", boolean(s->conf.read_only));
    add_can(b);
    kl_buf_adds(b, ",\"brokers\":[");
    for (size_t i = 0; i < v->n_brokers; i++) {
        write_comma(b, i == 0);
        add_broker(b, v, &v->brokers[i]);
    }
    kl_buf_addf(b, "],\"topics\":%zu,\"partitions\":%zu,\"groups\":", v->n_topics, v->n_partitions);
    write_number(b, v->groups_why[0] ? VIEW_UNKNOWN : (int64_t)v->n_groups);
    kl_buf_addf(b, ",\"as_of_ms\":%lld}", (long long)v->as_of_ms);
}

void cluster_get(struct kl_request *r)
{
    const struct steward *s = kl_request_ctx(r);
    struct view *v;
    struct kl_buf body;
    struct kl_error err;

    if (snapshot_need(s->snapshot, &v, &err)) {
        kl_reply_error(r, &err);
        return;
    }
    kl_buf_init(&body, ANSWER_MAX_BYTES);
    add_cluster(&body, s, v);
    view_unref(v);
    kl_reply_buf(r, 200, "application/json", &body);
    kl_buf_fini(&body);
}
