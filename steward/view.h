/* view.h - the cluster as it was at one moment: topics, their logs' ends, groups.
 *
 * The snapshot's thread makes one each interval and changes none after it was shown. Whoever holds a reference may read
 * it as long as it likes; it is freed with the last one. Unknown numbers are -1 (VIEW_UNKNOWN) here and null in JSON. */
#ifndef VIEW_H
#define VIEW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "topic.h"

#define VIEW_UNKNOWN (-1)

struct view_broker {
    int32_t id;
    char   *host, *rack;     /* rack NULL: none, or this librdkafka does not tell it */
    int     port;
    int32_t leaders, replicas;
};

struct view_partition {
    int32_t id, leader;      /* leader: a broker's id, VIEW_UNKNOWN: none */
    int32_t replicas, in_sync;
    int64_t low, high;       /* VIEW_UNKNOWN: nobody could be asked */
};

struct view_topic {
    char    name[KL_TOPIC_BYTES];
    bool    internal;
    int32_t partitions, replication, under_replicated;
    struct view_partition *parts; /* as many, within the view's one array */
    int64_t messages;        /* high - low summed; VIEW_UNKNOWN when one of them is */
    int64_t ends;            /* the highs summed, what the rate is made of; VIEW_UNKNOWN when one of them is */
    int64_t known_ends;      /* the same when it was known last; VIEW_UNKNOWN: never */
    double  rate;            /* records a second over the last views; below 0: unknown */
    int64_t last_write_ms;   /* when `ends` was first seen where it is; 0: not since the steward looks */
    int64_t lag;             /* the largest of a group; VIEW_UNKNOWN: none, or unknown */
    int32_t groups;          /* that have offsets of it */
    char    why[96];         /* what is wrong with it; "" nothing */
};

/* A group's offset of a partition. */
struct view_offset {
    const struct view_topic *topic; /* NULL: a topic that is gone */
    int32_t partition;
    int64_t committed;
};

enum view_kind { VIEW_KIND_UNKNOWN, VIEW_CLASSIC, VIEW_CONSUMER }; /* consumer: KIP-848; unknown: members and protocol are, too */

enum view_state { VIEW_STATE_UNKNOWN, VIEW_STABLE, VIEW_EMPTY, VIEW_DEAD, VIEW_PREPARING, VIEW_COMPLETING };

struct view_group {
    char  *name;
    enum view_state state;
    char  *protocol;         /* "range"; "" while it has none */
    enum view_kind kind;
    int32_t members, topics;
    int64_t lag;             /* over all its offsets; VIEW_UNKNOWN */
    struct view_offset *offsets; /* by topic and partition; the group's own */
    size_t n_offsets;
    char   why[96];          /* what could not be learnt of it; "" nothing */
};

struct view {
    _Atomic int refs;
    int64_t as_of_ms;        /* wall clock when the ends were asked for */
    int64_t as_of_us;        /* the same on the clock that never steps */
    char   *cluster_id;
    int32_t controller;      /* a broker's id; VIEW_UNKNOWN */
    struct view_broker *brokers;
    size_t  n_brokers;
    struct view_topic *topics;         /* by name */
    size_t  n_topics;
    struct view_partition *partitions; /* of all topics */
    size_t  n_partitions;
    struct view_group *groups;         /* by name */
    size_t  n_groups;
    char    groups_why[160]; /* why the groups are unknown; "" they are not */
    char    groups_partly[160]; /* why some may be missing; "" none is */
};

struct view *view_new(void);            /* with one reference; NULL: no memory */
struct view *view_ref(struct view *v);
void         view_unref(struct view *v); /* NULL is fine */

struct view_topic *view_topic(const struct view *v, const char *name);       /* NULL: none */
struct view_partition *view_partition(const struct view_topic *t, int32_t id); /* NULL: none */
struct view_group *view_group(const struct view *v, const char *name);       /* NULL: none */

#endif
