/* learner.h - learning from topics: the feed into the index, which topics it reads, and how far it is behind.
 *
 * Which topics stands in the index (index.h). Choosing others ends the feed and starts it anew, so for a moment there is
 * none; everything here bears that. Any thread, but learner_choose waits for Kafka: not from an HTTP thread. */
#ifndef LEARNER_H
#define LEARNER_H

#include "err.h"
#include "kafka_feed.h"

struct index;
struct learner;
struct seer_conf;

/* Borrows both. Kafka need not be there yet. fatal: as the feed's. */
KL_MUST_CHECK enum kl_code learner_start(struct learner **out, const struct seer_conf *conf, struct index *index,
                                         void (*fatal)(void *ctx, enum kl_feed_end end, const char *why), struct kl_error *err);
void learner_stop(struct learner *l); /* finishes the batch under way; NULL is fine */

/* What to learn from now on: index_learn's. One at a time. KL_INVALID: what it refuses, and all stays as it was. */
KL_MUST_CHECK enum kl_code learner_choose(struct learner *l, const char *topics, bool from_beginning, struct kl_error *err);

struct freshness {
    int64_t topics;      /* that are learnt from, without those of statements, questions, answers */
    int64_t behind;      /* their messages that are not in the index yet */
    int64_t behind_ms;   /* since when that is so; 0: none is behind */
};
struct freshness learner_freshness(struct learner *l);

bool learner_ready(struct learner *l, char *why, size_t why_size);  /* kl_feed_ready */
bool learner_paused(struct learner *l, char *why, size_t why_size); /* kl_feed_paused */
/* kl_feed_partitions */
size_t learner_partitions(struct learner *l, struct kl_feed_partition **out);
/* Is this a topic of statements, questions or answers? */
bool learner_own_topic(const struct learner *l, const char *topic);

#endif
