/* reader_internal.h - what readers.c needs of each kind of store, and what their readers share.
 *
 *   readers.c             picks the kind of store, and hands on
 *   reader_block.c        a receipt's ack, from the journal's blocks that a reader keeps
 *   reader_sqlite.h, .c   SQLite: the pool, what every question needs
 *   reader_sqlite_find.c, reader_sqlite_list.c, reader_sqlite_latency.c   the questions
 *   reader_pg.h, reader_pg.c, reader_pg_find.c, ...   the same of PostgreSQL */
#ifndef READER_INTERNAL_H
#define READER_INTERNAL_H

#include "readers.h"
#include "topic.h"

/* What readers.h says of each function. */
struct reader_ops {
    enum kl_code (*open)(struct readers **out, const struct readers_conf *conf, struct kl_error *err); /* readers.c fills the base */
    void         (*end)(struct readers *rs); /* NULL: it makes none */
    void         (*close)(struct readers *rs);
    bool         (*ready)(struct readers *rs, char *why, size_t why_size); /* NULL: always */
    enum kl_code (*take)(struct readers *rs, struct reader **out, struct kl_error *err);
    void         (*give)(struct readers *rs, struct reader *r);
    enum kl_code (*find_id)(struct reader *r, const struct kl_uuid *id, struct kl_error *err); /* into r->receipt */
    enum kl_code (*expect)(struct reader *r, const struct kl_uuid *ids, size_t n, struct kl_error *err); /* NULL: nothing to gain */
    enum kl_code (*find_place)(struct reader *r, const char *topic, int32_t partition, int64_t offset, struct kl_error *err);
    enum kl_code (*list)(struct reader *r, const struct receipts_query *query, bool (*each)(void *ctx, const struct receipt *receipt),
                         void *ctx, int64_t *next, struct kl_error *err);
    enum kl_code (*latency)(struct reader *r, const char *topic, int64_t step_s, int64_t from_s, struct kl_hist *all,
                            void (*each)(void *ctx, int64_t at_s, const struct kl_hist *hist), void *ctx, struct kl_error *err);
    enum kl_code (*known)(struct reader *r, const struct waited *waited, size_t n, void (*known)(void *ctx, const struct store_news *news),
                          void *ctx, struct kl_error *err); /* NULL: one consumer alone has the store */
};
extern const struct reader_ops reader_sqlite_ops, reader_pg_ops;

/* The first member of each kind's own. */
struct readers {
    const struct reader_ops *ops;
    struct readers_conf      conf;
};

/* A block that receipts were joined with: neighbours share it. Without bytes: a run of numbers that no block tells of. */
struct reader_block {
    uint64_t      start;
    char          topic[KL_TOPIC_BYTES];
    int32_t       partition;
    int64_t       first, count; /* count 0: nothing is kept */
    struct kl_buf bytes;
};

#define READER_BLOCKS 32 /* kept by a reader: a page's receipts come from so many partitions and producers in turns */

/* The first member of each kind's own. */
struct reader {
    const struct reader_ops   *ops;
    const struct readers_conf *conf;
    struct receipt             receipt;
    struct reader_block        blocks[READER_BLOCKS];
    size_t                     oldest; /* of the blocks: the next one to be replaced */
};

void reader_init(struct reader *r, const struct readers *rs);
void reader_fini(struct reader *r);

/* r->receipt is of a message that is not there. */
void reader_absent_id(struct reader *r, const struct kl_uuid *id);
void reader_absent_place(struct reader *r, const char *topic, int32_t partition, int64_t offset);

/* Has the query's topic and key. */
bool reader_matches(const struct receipts_query *q, const struct receipt *receipt);

/* ---- reader_block.c ---- */

/* Joins r->receipt with the block that tells when it was acked, if that has come. load finds the latest block that begins
 * at or under the receipt's number, and keeps it by reader_block_keep. */
KL_MUST_CHECK enum kl_code reader_ack_join(struct reader *r, enum kl_code (*load)(struct reader *r, struct kl_error *err), struct kl_error *err);
/* For load: first may be 0 and count 0 when there is none. */
KL_MUST_CHECK enum kl_code reader_block_keep(struct reader *r, int64_t first, int64_t count, const void *bytes, size_t len, struct kl_error *err);
/* At the beginning of a call: a block that was not there may have come. One that was does not change. */
void reader_blocks_forget(struct reader *r);

#endif
