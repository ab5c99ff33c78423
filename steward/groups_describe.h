/* groups_describe.h - what the groups of a look are: their kind, members and protocol. */
#ifndef GROUPS_DESCRIBE_H
#define GROUPS_DESCRIBE_H

#include "err.h"
#include "groups_look.h"

/* VIEW_CONSUMER, or unknown so far. */
enum view_kind groups_listed_kind(const rd_kafka_ConsumerGroupListing_t *listing);

/* Fills kind, members and protocol of v's listed groups; what one of them does not tell is said in its why. stop: ask no more. */
KL_MUST_CHECK enum kl_code groups_describe(const struct groups_look *look, struct view *v, const _Atomic bool *stop, struct kl_error *err);

#endif
