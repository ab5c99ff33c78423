/* group_changes.h - what a call would change of a group's offsets: made first, shown by a dry run, written otherwise, so that
 * the preview is what then happens. */
#ifndef GROUP_CHANGES_H
#define GROUP_CHANGES_H

#include "buf.h"
#include "group.h"
#include "places.h"
#include "reset.h"

struct group_changes {
    rd_kafka_topic_partition_list_t *list; /* by topic and partition; offset: the committed one, -1: none */
    struct reset_change *to;               /* of list->elems[i] */
};

/* Of a reset. KL_NOT_FOUND: a topic or partition that is named. */
KL_MUST_CHECK enum kl_code group_changes_reset(struct group_changes *out, rd_kafka_t *kafka, const char *group,
                                               const struct reset_request *request, int timeout_ms, struct kl_error *err);
/* Of deleting the offsets of a topic; NULL: all. None may be there. */
KL_MUST_CHECK enum kl_code group_changes_forget(struct group_changes *out, rd_kafka_t *kafka, const char *group, const char *topic,
                                                int timeout_ms, struct kl_error *err);
void group_changes_fini(struct group_changes *c);

/* {"group":..,"state":..,"changes":[...]}; to is null where the offset is deleted, or stays what it is (a shift of none). */
void group_changes_write(struct kl_buf *b, const char *name, const struct group *g, const struct group_changes *c);

#endif
