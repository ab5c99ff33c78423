/* store.h - receipts, ids, offsets, latencies and the producers' journal, in a SQLite file or a PostgreSQL database: the side
 * that writes.
 *
 * One thread writes: the feed's store thread, through store_feed(). A batch's receipts and the offsets after it are
 * one transaction, so after a kill at any instant each offset has exactly one receipt. Whatever was committed is told
 * to conf.stored. Reading is done by others, on connections of their own (readers.h); what changes with each batch and
 * is asked for often is kept in memory besides (totals.h, keys.h).
 *
 * A SQLite file belongs to one process. A database is shared by as many as read with it, each its own partitions: what two
 * of them have read both is stored by the first, and refused to the second (kafka_feed.h: shared).
 *
 * Receipts are numbered in the order they were consumed (seq, without reuse), which is also the order of time: newest
 * first, `since` and retention work on the number alone. */
#ifndef STORE_H
#define STORE_H

#include <string.h>

#include "kafka_feed.h"
#include "keys.h"
#include "totals.h"
#include "uuid.h"

struct store;

/* What has just become visible to readers: a receipt, or the journal's word that a message failed. */
struct store_news {
    bool           has_id;
    struct kl_uuid id;
    const char    *topic;  /* borrowed during the call; "" for a failure */
    int32_t        partition;
    int64_t        offset;
};

struct store_conf {
    const char *where;         /* the setting STORE: a file, whose directory is made when it is missing, with "sqlite:" before it or
                                * not; or a URL of PostgreSQL's */
    int64_t     retention_ms;  /* receipts older than this are removed: at once, on PostgreSQL by whole days */
    int64_t     receipts_max;  /* and the oldest beyond so many */
    size_t      batch_max;     /* records a batch, as the feed's */
    void      (*stored)(void *ctx, const struct store_news *news, size_t n); /* store thread, after the commit; may be NULL */
    void       *stored_ctx;
};

/* KL_CONFLICT: another process holds the file, or a later version has written it; KL_BROKEN: it is no store; KL_BUSY: it
 * cannot be opened or written now. A database that is away is no failure: its feed's calls are, until it is there. */
KL_MUST_CHECK enum kl_code store_open(struct store **out, const struct store_conf *conf, struct kl_error *err);
void store_close(struct store *s); /* NULL is fine */

/* The file that a setting STORE names. */
static inline const char *store_file_of(const char *where)
{
    return strncmp(where, "sqlite:", 7) ? where : where + 7;
}

/* What to give the feed; borrows s. Its calls belong to one thread. */
struct kl_feed_store store_feed(struct store *s);

/* For any thread; they live as long as the store. */
struct totals     *store_totals(struct store *s);
struct keys       *store_keys(struct store *s);   /* NULL: a database indexes keys itself */
const char *const *store_migrations(void);        /* SQLite's, for readers */

/* What was stored since the start, for /metrics. */
struct store_counts {
    int64_t receipts, batches, duplicates, failures, blocks, blocks_bad, removed;
};
struct store_counts store_counts(struct store *s);

#endif
