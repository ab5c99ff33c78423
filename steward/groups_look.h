/* groups_look.h - the groups, for the snapshot: who they are, their offsets, their lag. */
#ifndef GROUPS_LOOK_H
#define GROUPS_LOOK_H

#include <librdkafka/rdkafka.h>

#include "view.h"

#define GROUPS_ASKED_MAX 32 /* one broker serves its connection's requests in turn: more only wait there */

struct groups_look {
    rd_kafka_t *kafka;
    int64_t     timeout_ms; /* of each of its three questions; that for the offsets is one for all groups */
};

/* Adds to v the groups with their offsets, and the topics' lag and groups; else says in v->groups_why why not (snapshot_conf.fill). */
void groups_look(const struct groups_look *look, struct view *v, const _Atomic bool *stop);

#endif
