/* snapshot.h - one thread looks at the cluster each interval and shows what it saw as a view (view.h).
 *
 * A look is: metadata; the ends of all logs, some hundred partitions a request and broker; then conf.fill, which adds the
 * groups; then what needs the views before (rates, last writes). The last views are kept for that, VIEWS_KEPT of them. */
#ifndef SNAPSHOT_H
#define SNAPSHOT_H

#include <librdkafka/rdkafka.h>

#include "err.h"
#include "view.h"

#define RENEW_MAX_MS 2000 /* of a cluster so large that a look takes longer, the lists show a change later */

struct snapshot;

struct snapshot_conf {
    rd_kafka_t *kafka;
    int64_t     interval_ms;
    int64_t     timeout_ms;  /* of one question to the cluster */
    void       *ctx;         /* of what follows; both run on the snapshot's thread, either may be NULL */
    /* Adds the groups and their offsets, and the topics' lag and groups. Its own failure is no failure of the look: it
     * leaves v without groups and says in v->groups_why. stop: end soon. */
    void      (*fill)(void *ctx, struct view *v, const _Atomic bool *stop);
    /* After a look that succeeded; before is the view before it, or NULL. */
    void      (*looked)(void *ctx, const struct view *before, const struct view *v);
};

KL_MUST_CHECK enum kl_code snapshot_start(struct snapshot **out, const struct snapshot_conf *conf, struct kl_error *err);
/* Ends the thread: at the latest when the question under way has its time over. */
void snapshot_stop(struct snapshot *s);
void snapshot_free(struct snapshot *s); /* after it was stopped and nobody asks any more; NULL is fine */

/* The last view, with a reference of the caller's (view_unref). Waits for nobody. NULL: the cluster has not answered yet. */
struct view *snapshot_view(struct snapshot *s);
/* The same, or KL_BUSY with why there is none. */
KL_MUST_CHECK enum kl_code snapshot_need(struct snapshot *s, struct view **out, struct kl_error *err);
/* Looks again at once, and waits until that look is over, so that whoever has just changed something finds it in the lists;
 * wait_ms at most, and RENEW_MAX_MS. For a worker. */
void snapshot_renew(struct snapshot *s, int wait_ms);
/* For /metrics. */
struct snapshot_counts {
    uint64_t looks, failed; /* since the start, and those of them that the cluster did not answer */
    int64_t  last_us;       /* what the last look took */
};
struct snapshot_counts snapshot_counts(struct snapshot *s);
/* Did the cluster answer the last look? Else why it did not. */
bool snapshot_ready(struct snapshot *s, char *why, size_t why_size);

#endif
