/* readers.c - see readers.h: which kind of store it is, and what the readers of each share. */
#include "reader_internal.h"

#include <stdio.h>
#include <string.h>

#include "pg.h"

#define BLOCK_BYTES_MAX (1 << 20) /* a block has some 12 kB; one with 4,096 failures 500 */

enum kl_code readers_open(struct readers **out, const struct readers_conf *conf, struct kl_error *err)
{
    const struct reader_ops *ops = kl_pg_is_url(conf->store) ? &reader_pg_ops : &reader_sqlite_ops;
    struct readers *rs;
    enum kl_code code = ops->open(&rs, conf, err);

    if (code)
        return code;
    *out = rs;
    return KL_OK;
}

void readers_end(struct readers *rs)
{
    if (rs && rs->ops->end)
        rs->ops->end(rs);
}

void readers_close(struct readers *rs)
{
    if (rs)
        rs->ops->close(rs);
}

bool readers_ready(struct readers *rs, char *why, size_t why_size)
{
    return !rs->ops->ready || rs->ops->ready(rs, why, why_size);
}

enum kl_code readers_take(struct readers *rs, struct reader **out, struct kl_error *err)
{
    return rs->ops->take(rs, out, err);
}

void readers_give(struct readers *rs, struct reader *r)
{
    if (r)
        rs->ops->give(rs, r);
}

/* ---- questions ---- */

enum kl_code reader_find_id(struct reader *r, const struct kl_uuid *id, const struct receipt **out, struct kl_error *err)
{
    *out = &r->receipt;
    return r->ops->find_id(r, id, err);
}

enum kl_code reader_expect(struct reader *r, const struct kl_uuid *ids, size_t n, struct kl_error *err)
{
    return r->ops->expect && n > 0 ? r->ops->expect(r, ids, n, err) : KL_OK;
}

enum kl_code reader_find_place(struct reader *r, const char *topic, int32_t partition, int64_t offset, const struct receipt **out,
                               struct kl_error *err)
{
    *out = &r->receipt;
    return r->ops->find_place(r, topic, partition, offset, err);
}

enum kl_code reader_list(struct reader *r, const struct receipts_query *query,
                         bool (*each)(void *ctx, const struct receipt *receipt), void *ctx, int64_t *next, struct kl_error *err)
{
    return r->ops->list(r, query, each, ctx, next, err);
}

enum kl_code reader_latency(struct reader *r, const char *topic, int64_t step_s, int64_t from_s, struct kl_hist *all,
                            void (*each)(void *ctx, int64_t at_s, const struct kl_hist *hist), void *ctx, struct kl_error *err)
{
    return r->ops->latency(r, topic, step_s, from_s, all, each, ctx, err);
}

enum kl_code reader_known(struct reader *r, const struct waited *waited, size_t n,
                          void (*known)(void *ctx, const struct store_news *news), void *ctx, struct kl_error *err)
{
    kl_assert(r->ops->known != NULL);
    return r->ops->known(r, waited, n, known, ctx, err);
}

/* ---- for the readers of each kind ---- */

void reader_init(struct reader *r, const struct readers *rs)
{
    r->ops = rs->ops;
    r->conf = &rs->conf;
    for (size_t i = 0; i < READER_BLOCKS; i++)
        kl_buf_init(&r->blocks[i].bytes, BLOCK_BYTES_MAX);
}

void reader_fini(struct reader *r)
{
    for (size_t i = 0; i < READER_BLOCKS; i++)
        kl_buf_fini(&r->blocks[i].bytes);
}

void reader_absent_id(struct reader *r, const struct kl_uuid *id)
{
    r->receipt.state = RECEIPT_UNKNOWN;
    r->receipt.n_duplicates = 0;
    r->receipt.has_id = true;
    r->receipt.id = *id;
}

void reader_absent_place(struct reader *r, const char *topic, int32_t partition, int64_t offset)
{
    r->receipt.state = RECEIPT_UNKNOWN;
    r->receipt.n_duplicates = 0;
    r->receipt.has_id = false;
    snprintf(r->receipt.topic, sizeof r->receipt.topic, "%s", topic);
    r->receipt.partition = partition;
    r->receipt.offset = offset;
}

bool reader_matches(const struct receipts_query *q, const struct receipt *receipt)
{
    size_t kept = q->key_len < RECEIPT_KEY_MAX ? q->key_len : RECEIPT_KEY_MAX;

    if (q->topic && strcmp(q->topic, receipt->topic))
        return false;
    return !q->key || (receipt->key_bytes == (int64_t)q->key_len && !memcmp(receipt->key, q->key, kept));
}
