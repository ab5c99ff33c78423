/* catalog.h - which passages belong to which document, in memory: what a search asks for every candidate.
 *
 * A document's passages have numbers that follow each other, and numbers only grow, so a document is a range. A search
 * looks at thousands of candidates; asking SQLite for each one's document would take longer than the search itself.
 *
 * The catalog, not SQLite, says what can be seen: a document is hidden from the moment its numbers are given out until
 * all of it is committed, and again from the moment it is deleted, whose rows may go later. One lock; any thread. */
#ifndef CATALOG_H
#define CATALOG_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "topic.h"

struct catalog;

#define CATALOG_NO_TOPIC (-1)

struct catalog_entry {
    int64_t  document;
    int64_t  first;        /* its first passage */
    int32_t  count;        /* of its passages */
    int32_t  topic;        /* catalog_topic(); CATALOG_NO_TOPIC for what came from no topic */
    uint64_t source;       /* catalog_source() */
    int64_t  time_ms;      /* of the message, or when it was added */
    bool     message;      /* messages_max counts it */
    bool     visible;
};

/* What a search is narrowed to. Filled by catalog_filter. */
struct catalog_filter {
    struct catalog *catalog;
    int32_t  topic;        /* CATALOG_NO_TOPIC: any */
    uint64_t source;       /* 0: any */
    int64_t  since_ms;     /* INT64_MIN: ever */
};

KL_MUST_CHECK enum kl_code catalog_new(struct catalog **out, struct kl_error *err);
void catalog_free(struct catalog *c); /* NULL is fine */

/* The number of a topic's name, made when it is new; -1: no memory. */
int32_t  catalog_topic(struct catalog *c, const char *topic);
/* The number of a source's name: a hash of 64 bits, never 0. */
uint64_t catalog_source(const char *source);

/* Adds behind all others: first is not below any passage's number that the catalog has had. */
KL_MUST_CHECK enum kl_code catalog_add(struct catalog *c, const struct catalog_entry *e, struct kl_error *err);
/* In one step: shown can be seen from now on, hidden no longer; 0 for none. hidden's entry is kept for as long as its
 * rows are there. */
void catalog_show(struct catalog *c, int64_t shown, int64_t hidden);
/* The document's rows are gone, and so is its entry. */
void catalog_remove(struct catalog *c, int64_t document);

/* NULL for a topic, a source: any. KL_NOT_FOUND names the field: no such topic has been learnt. */
KL_MUST_CHECK enum kl_code catalog_filter(struct catalog *c, const char *topic, const char *source, int64_t since_ms,
                                          struct catalog_filter *out, struct kl_error *err);
/* Can this passage be seen, and is it what the filter asks for? ctx is a struct catalog_filter: for vectors_nearest. */
bool catalog_keep(void *ctx, int64_t passage);
/* The passage's document; false: none that can be seen. */
bool catalog_find(struct catalog *c, int64_t passage, struct catalog_entry *out);

struct catalog_totals {
    int64_t documents, passages;             /* that can be seen */
    int64_t messages, message_passages;      /* of these, the messages */
};
struct catalog_totals catalog_totals(struct catalog *c);

#endif
