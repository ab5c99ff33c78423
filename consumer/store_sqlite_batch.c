/* store_sqlite_batch.c - a batch of the feed's: receipts, journal blocks, totals, latencies and the offsets after them, in
 * one transaction. */
#include "store_sqlite.h"

#include "clock.h"

static enum kl_code records_write(struct store_sqlite *s, const struct kl_feed_batch *batch, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    for (size_t i = 0; !code && i < batch->n_records; i++) {
        const struct kl_feed_record *record = &batch->records[i];

        if (store_is_journal(record))
            code = store_journal(&s->base, record->message, err);
        else
            code = store_sqlite_receipt(s, record, &s->base.headers[i], err);
    }
    return code;
}

static enum kl_code offset_write(struct store_sqlite *s, const struct kl_feed_position *at, struct kl_error *err)
{
    static const char SET_OFFSET[] =
        "INSERT INTO offsets (incarnation, part, next, mark_ms, mark_next) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (incarnation, part) DO UPDATE SET next = ?3, mark_ms = ?4, mark_next = ?5";
    sqlite3_stmt *st = store_sqlite_statement(s, SET_OFFSET, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, at->incarnation->id);
    sqlite3_bind_int(st, 2, at->partition);
    sqlite3_bind_int64(st, 3, at->next);
    sqlite3_bind_int64(st, 4, at->mark_ms);
    sqlite3_bind_int64(st, 5, at->mark_next);
    return kl_sqlite_run(s->db, st, err);
}

static enum kl_code offsets_write(struct store_sqlite *s, const struct kl_feed_batch *batch, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    for (size_t i = 0; !code && i < batch->n_positions; i++)
        code = offset_write(s, &batch->positions[i], err);
    return code;
}

static enum kl_code totals_write(struct store_sqlite *s, const struct store_incarnation *inc, struct kl_error *err)
{
    static const char ADD_TOTALS[] = "UPDATE incarnations SET messages = messages + ?2, bytes = bytes + ?3,"
                                     " duplicated = duplicated + ?4, negative = negative + ?5 WHERE id = ?1";
    sqlite3_stmt *st = store_sqlite_statement(s, ADD_TOTALS, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, inc->id);
    sqlite3_bind_int64(st, 2, inc->delta.messages);
    sqlite3_bind_int64(st, 3, inc->delta.bytes);
    sqlite3_bind_int64(st, 4, inc->delta.duplicated);
    sqlite3_bind_int64(st, 5, inc->delta.negative);
    return kl_sqlite_run(s->db, st, err);
}

static enum kl_code failed_write(struct store_sqlite *s, struct kl_error *err)
{
    static const char ADD_FAILED[] = "UPDATE clusters SET failed = failed + ?2 WHERE id = ?1";
    sqlite3_stmt *st = store_sqlite_statement(s, ADD_FAILED, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, s->cluster);
    sqlite3_bind_int64(st, 2, s->base.failed);
    return kl_sqlite_run(s->db, st, err);
}

static enum kl_code sums_write(struct store_sqlite *s, int64_t at_s, struct kl_error *err)
{
    enum kl_code code = s->base.failed ? failed_write(s, err) : KL_OK;

    for (size_t i = 0; !code && i < s->base.n_incarnations; i++) {
        if (!s->base.incarnations[i]->touched)
            continue;
        code = totals_write(s, s->base.incarnations[i], err);
        if (!code)
            code = store_latency_write(&s->base, s->base.incarnations[i], at_s, err);
    }
    return code;
}

static enum kl_code batch_write(struct store_sqlite *s, const struct kl_feed_batch *batch, int64_t at_s, struct kl_error *err)
{
    enum kl_code code = kl_sqlite_begin(s->db, err);

    if (code)
        return code;
    code = records_write(s, batch, err);
    if (!code)
        code = offsets_write(s, batch, err);
    if (!code)
        code = sums_write(s, at_s, err);
    if (code) {
        kl_sqlite_rollback(s->db);
        return code;
    }
    return kl_sqlite_commit(s->db, err);
}

/* ---- before and after it ---- */

static void keys_take(struct store_sqlite *s)
{
    for (size_t i = 0; i < s->n_new; i++)
        keys_add(s->base.keys, s->next_seq + (int64_t)i, s->key_hashes[i]);
    s->next_seq += (int64_t)s->n_new;
    for (size_t i = 0; i < s->base.n_incarnations; i++)
        s->has_duplicates |= s->base.incarnations[i]->touched && s->base.incarnations[i]->delta.duplicated > 0;
}

enum kl_code store_sqlite_batch(void *ctx, const struct kl_feed_batch *batch, struct kl_error *err)
{
    struct store_sqlite *s = ctx;
    int64_t at_s = kl_wall_us() / 1000000;
    enum kl_code code;

    store_batch_begin(&s->base, batch);
    s->n_new = 0;
    /* Upkeep has done this, unless it found no room: then the keys in memory must not become more than they may. */
    code = keys_build(s->base.keys, s->db, err);
    if (!code)
        code = batch_write(s, batch, at_s, err);
    if (code)
        return code;
    keys_take(s);
    store_batch_take(&s->base, at_s, s->n_new);
    return KL_OK;
}
