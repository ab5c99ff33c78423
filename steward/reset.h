/* reset.h - where a group's offsets are to go: what is asked, and what it comes to in each partition. Pure. */
#ifndef RESET_H
#define RESET_H

#include <stdbool.h>
#include <stdint.h>

#include <jansson.h>

#include "err.h"
#include "topic.h"

#define RESET_TOPICS_MAX     1000
#define RESET_PARTITIONS_MAX 10000 /* of one reset; its answer has 1 MB then */

enum reset_to { RESET_EARLIEST, RESET_LATEST, RESET_TIME, RESET_OFFSET, RESET_SHIFT };

struct reset_target {
    enum reset_to to;
    int64_t       n; /* milliseconds since 1970, an offset, or how far to shift */
};

struct reset_request {
    char              (*topics)[KL_TOPIC_BYTES]; /* none: all that the group has offsets of */
    int32_t            *partitions;              /* none: all; else of the one topic */
    size_t              n_topics, n_partitions;
    struct reset_target target;
};

/* Reads {"topics":[...],"partitions":[...],"to":...}; body may be NULL. KL_INVALID names the member; reset_request_fini() in
 * any case. */
KL_MUST_CHECK enum kl_code reset_request_read(struct reset_request *out, const json_t *body, struct kl_error *err);
void reset_request_fini(struct reset_request *r);

/* A partition as the cluster has it now. */
struct reset_place {
    int64_t low, high;
    int64_t committed; /* -1: the group has no offset here */
    int64_t at_time;   /* of the first message at or after target->n; -1: there is none. For RESET_TIME alone */
};

struct reset_change {
    int64_t to;        /* -1: nothing changes: there is no offset that could be shifted */
    bool    clamped;   /* what was asked for is not in the log; `to` is its nearest end */
};

struct reset_change reset_plan(const struct reset_target *target, const struct reset_place *place);

#endif
