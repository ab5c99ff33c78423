/* store_internal.h - what store.c needs of each kind of store, and what their writing sides share. Everything here belongs
 * to the store's thread.
 *
 *   store.c              picks the kind of store, hands on; what a batch changes in memory
 *   store_record.c       what a record says
 *   store_journal.c      a block of the producers' journal
 *   store_latency.c      histograms by minute and hour
 *   store_sqlite.h, ...  SQLite
 *   store_pg.h, ...      PostgreSQL */
#ifndef STORE_INTERNAL_H
#define STORE_INTERNAL_H

#include <stdatomic.h>

#include "hist.h"
#include "message_id.h"
#include "outcomes.h"
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

/* What a record's headers and timestamp say. */
struct store_header {
    bool                 has_id;
    struct kl_message_id id;
    int64_t              bytes;
    int64_t              timestamp_ms; /* -1: none */
    rd_kafka_timestamp_type_t timestamp_type;
    int64_t              accepted_us;  /* -1: not known */
};

/* What each kind of store does; its functions are the store's thread's. */
struct store_ops {
    enum kl_code (*open)(struct store **out, const struct store_conf *conf, struct kl_error *err);
    void         (*close)(struct store *s);
    struct kl_feed_store feed; /* but for ctx, which is the store */
    /* The ranges of an incarnation that were read after its last mark (kafka_feed.h); *doubts is the caller's to free. */
    enum kl_code (*doubts_read)(struct store *s, int64_t incarnation, struct store_doubt **doubts, size_t *n_doubts, struct kl_error *err);
    /* Of a journal block, in the batch under way. */
    enum kl_code (*failure_write)(struct store *s, const struct kl_outcomes_head *head, int64_t number, const struct kl_outcome *o,
                                  struct kl_error *err);
    enum kl_code (*block_write)(struct store *s, const struct kl_outcomes_head *head, const void *bytes, size_t len, struct kl_error *err);
    enum kl_code (*run_write)(struct store *s, const struct kl_outcomes_head *head, struct kl_error *err);
    /* Fills step->hist with what the store has of this minute or hour; empty when that is nothing. */
    enum kl_code (*step_read)(struct store *s, int64_t incarnation, int64_t step_s, struct store_step *step, struct kl_error *err);
    /* Sets it to the histogram in s->encoded, at once or with the rest of the batch. */
    enum kl_code (*step_write)(struct store *s, int64_t incarnation, int64_t step_s, int64_t at_s, struct kl_error *err);
};
extern const struct store_ops store_sqlite_ops, store_pg_ops;

/* The first member of each kind's own. */
struct store {
    const struct store_ops *ops;
    struct store_conf       conf;
    struct totals          *totals;
    struct keys            *keys;        /* NULL: the store indexes keys itself */
    struct store_incarnation **incarnations;
    size_t                  n_incarnations, incarnations_room;
    struct store_incarnation  *last;     /* looked up: records of a topic come in runs */

    /* the batch under way */
    struct store_header    *headers;     /* of each record that is not the journal's */
    struct store_news      *news;
    size_t                  n_news, news_room;
    int64_t                 failed;
    struct kl_buf           encoded;     /* a histogram */

    struct {
        _Atomic int64_t receipts, batches, duplicates, failures, blocks, blocks_bad, removed;
    } counts;                            /* any thread reads */
};

/* The base's own part of opening and closing. */
KL_MUST_CHECK enum kl_code store_init(struct store *s, const struct store_ops *ops, const struct store_conf *conf, struct kl_error *err);
void store_fini(struct store *s);

/* The incarnation of this id, which the feed has introduced by topic(). */
struct store_incarnation *store_incarnation(struct store *s, int64_t id);
/* For topic(): takes one into memory, if it is not there; before: the incarnation that it follows, or 0. */
KL_MUST_CHECK enum kl_code store_incarnation_keep(struct store *s, int64_t id, const char *topic, int64_t before, struct kl_error *err);

/* Before the transaction: empties what a batch counts, and reads its records' headers. */
void store_batch_begin(struct store *s, const struct kl_feed_batch *batch);
/* The incarnation as a part of the batch under way. */
struct store_incarnation *store_touch(struct store *s, int64_t id);
KL_MUST_CHECK enum kl_code store_news_add(struct store *s, const struct store_news *news, struct kl_error *err);
/* After the commit: what memory holds beside the store (totals, running histograms) takes the batch, and who waits hears of it. */
void store_batch_take(struct store *s, int64_t at_s, size_t n_receipts);

/* ---- store_record.c ---- */

bool store_is_journal(const struct kl_feed_record *record);
void store_header_read(const rd_kafka_message_t *message, struct store_header *header);
size_t store_key_kept(const rd_kafka_message_t *m);
/* The doubt that this record falls under; NULL: none. */
const struct store_doubt *store_doubt_of(const struct store_incarnation *inc, const rd_kafka_message_t *m);
/* Counts a record that has become a receipt, and tells of it. */
KL_MUST_CHECK enum kl_code store_record_take(struct store *s, struct store_incarnation *inc, const struct kl_feed_record *record,
                                             const struct store_header *header, struct kl_error *err);

/* ---- store_journal.c ---- */

KL_MUST_CHECK enum kl_code store_journal(struct store *s, const rd_kafka_message_t *block, struct kl_error *err);

/* ---- store_latency.c ---- */

/* Adds delta.latency of a touched incarnation to its minute and hour at at_s, in the store; store_latency_take, when that is
 * committed, in memory. store_latency_forget: what memory has may not be what the store has. */
KL_MUST_CHECK enum kl_code store_latency_write(struct store *s, struct store_incarnation *inc, int64_t at_s, struct kl_error *err);
void store_latency_take(struct store_incarnation *inc);
void store_latency_forget(struct store_incarnation *inc);

#endif
