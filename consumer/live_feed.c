/* live_feed.c - see live_feed.h: a store for the feed that keeps nothing. It knows no cluster, so that every topic that is
 * there is read from its end; and the feed asks it for an incarnation only when one begins, so that each is a new number. */
#include "live_feed.h"

#include <stdatomic.h>

static _Atomic int64_t lives; /* so far; rings only ask that a later life has the higher number */

static enum kl_code on_cluster(void *ctx, const char *id, bool *contacted, struct kl_error *err)
{
    (void)ctx;
    (void)id;
    (void)err;
    *contacted = false;
    return KL_OK;
}

static enum kl_code on_contacted(void *ctx, struct kl_error *err)
{
    (void)ctx;
    (void)err;
    return KL_OK;
}

static enum kl_code on_topic(void *ctx, struct kl_incarnation *inc, bool made_again, struct kl_error *err)
{
    (void)ctx;
    (void)made_again;
    (void)err;
    inc->id = ++lives;
    return KL_OK;
}

static enum kl_code on_position(void *ctx, struct kl_feed_position *at, struct kl_error *err)
{
    (void)ctx;
    return kl_fail(err, KL_NOT_FOUND, "nothing is kept of %s/%d", at->incarnation->topic, at->partition);
}

static enum kl_code on_batch(void *ctx, const struct kl_feed_batch *batch, struct kl_error *err)
{
    (void)ctx;
    (void)batch;
    (void)err;
    return KL_OK;
}

enum kl_code live_feed_start(struct kl_feed **out, struct live *live, const struct live_feed_conf *conf, struct kl_error *err)
{
    static const struct kl_feed_store keeps_nothing = { .cluster = on_cluster, .contacted = on_contacted, .topic = on_topic,
                                                        .position = on_position, .batch = on_batch };
    struct kl_feed_conf feed = {
        .kafka = conf->kafka, .topics = conf->topics, .quiet = true, .existing_from_end = true, .metadata_ms = conf->metadata_ms,
        .batch_max = conf->batch_max, .on_fetched = live_fetched, .on_fetched_ctx = live, .fatal = conf->fatal, .fatal_ctx = conf->fatal_ctx,
    };
    enum kl_code code = kl_feed_start(out, &feed, &keeps_nothing, err);

    if (!code)
        live_attach(live, *out);
    return code;
}
