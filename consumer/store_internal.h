/* store_internal.h - what the parts of the store share. Everything here belongs to the store's thread.
 *
 *   store.c            opening, clusters
 *   store_topics.c     topics, incarnations, positions
 *   store_schema.c     the tables
 *   store_batch.c      a batch: one transaction
 *   store_receipt.c    one record's receipt
 *   store_journal.c    one block of the producers' journal
 *   store_latency.c    the histograms by minute and hour
 *   store_retention.c  what is removed */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include <stdatomic.h>

#include "hist.h"
#include "message_id.h"
#include "sqlite.h"
#include "store.h"
#include "topic.h"

#define STORE_KEY_MAX 1024 /* bytes of a key that are kept */

/* Records of this range may have been read under the incarnation before, in the moment before the feed noticed that the
 * topic had been made again. Such a receipt moves over instead of being doubled. */
struct store_doubt {
    int64_t before;     /* that incarnation */
    int32_t part;
    int64_t from, to;
};

/* What a batch adds to an incarnation: counted while the transaction runs, taken over when it is committed. */
struct store_delta {
    int64_t        messages, bytes, duplicated, negative;
    struct kl_hist latency;
};

struct store_step { /* an incarnation's current minute or hour */
    int64_t        at_s;
    struct kl_hist hist;
};

struct store_incarnation {
    int64_t             id;
    char                topic[KL_TOPIC_BYTES];
    int                 place;     /* in totals */
    bool                touched;   /* by the batch under way */
    struct store_delta  delta;
    struct store_step   minute, hour;
    struct store_doubt *doubts;
    size_t              n_doubts;
};

/* What a record's headers say. */
struct store_header {
    bool                 has_id;
    struct kl_message_id id;
    int64_t              bytes;
};

struct store {
    struct store_conf  conf;
    struct kl_sqlite  *db;
    struct keys       *keys;
    struct totals     *totals;
    int64_t            cluster;          /* its row; 0: not known yet */
    int64_t            first_seq;        /* the oldest receipt's number, as far as retention has gone */
    int64_t            next_seq;
    bool               has_duplicates;   /* the table duplicates has rows */
    struct store_incarnation **incarnations;
    size_t             n_incarnations, incarnations_room;
    struct store_incarnation  *last;     /* looked up: records of a topic come in runs */

    /* the batch under way */
    struct store_header *headers;        /* of each record */
    uint32_t            *key_hashes;     /* of each new receipt */
    size_t               n_new;
    struct store_news   *news;
    size_t               n_news, news_room;
    int64_t              failed;
    struct kl_buf        encoded;        /* a histogram */

    /* retention */
    int64_t            horizon_us;       /* no kept receipt needs blocks older than this; 0: not known */
    int64_t            upkeep_at_us;     /* monotonic: when the slow part is due */

    struct {
        _Atomic int64_t receipts, batches, duplicates, failures, blocks, blocks_bad, removed;
    } counts;                            /* any thread reads */
};

/* The incarnation of this id, which the feed has introduced by topic(). */
struct store_incarnation *store_incarnation(struct store *s, int64_t id);

/* Steps st and resets it: the value of its first column, or absent when there is no row or it is NULL. */
KL_MUST_CHECK enum kl_code store_number(struct store *s, sqlite3_stmt *st, int64_t absent, int64_t *out, struct kl_error *err);
/* The constant statement, or NULL with *err filled. */
sqlite3_stmt *store_statement(struct store *s, const char *sql, struct kl_error *err);
KL_MUST_CHECK enum kl_code store_state_set(struct store *s, const char *name, int64_t value, struct kl_error *err);

/* What kl_feed_store's functions of these names are. */
enum kl_code store_topic(void *s, struct kl_incarnation *inc, bool made_again, struct kl_error *err);
enum kl_code store_gone(void *s, const struct kl_incarnation *inc, struct kl_error *err);
enum kl_code store_position(void *s, struct kl_feed_position *at, struct kl_error *err);
enum kl_code store_batch(void *s, const struct kl_feed_batch *batch, struct kl_error *err);
KL_MUST_CHECK enum kl_code store_receipt(struct store *s, const struct kl_feed_record *record, struct store_header *header,
                                         struct kl_error *err);
KL_MUST_CHECK enum kl_code store_journal(struct store *s, const rd_kafka_message_t *block, struct kl_error *err);
/* Adds delta.latency of a touched incarnation to its minute and hour at at_s, in the store; store_latency_take, when
 * that is committed, in memory. */
KL_MUST_CHECK enum kl_code store_latency_write(struct store *s, struct store_incarnation *inc, int64_t at_s, struct kl_error *err);
void store_latency_take(struct store_incarnation *inc);
/* Fills totals with the last hour's latency. */
KL_MUST_CHECK enum kl_code store_latency_load(struct store *s, struct kl_error *err);
void store_upkeep(void *s);
KL_MUST_CHECK bool store_news_add(struct store *s, const struct store_news *news);

#endif
