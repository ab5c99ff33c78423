/* store_batch.c - a batch of the feed's: receipts, journal blocks, totals, latencies and the offsets after them, in one
 * transaction. What memory holds beside the store (totals, the keys' tail, the running histograms) changes only after
 * the commit, so a batch that failed can come again. */
#include "store_internal.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "outcomes.h"

static bool is_journal(const struct kl_feed_record *record)
{
    return !strcmp(record->incarnation->topic, KL_OUTCOMES_TOPIC);
}

bool store_news_add(struct store *s, const struct store_news *news)
{
    if (s->n_news == s->news_room) {
        size_t room = s->news_room * 2;
        struct store_news *more = calloc(room, sizeof *more);

        if (!more)
            return false;
        memcpy(more, s->news, s->n_news * sizeof *more);
        free(s->news);
        s->news = more;
        s->news_room = room;
    }
    s->news[s->n_news++] = *news;
    return true;
}

/* ---- headers, before the transaction ---- */

static void header_read(const rd_kafka_message_t *message, struct store_header *header)
{
    rd_kafka_headers_t *headers;
    const char *name;
    const void *value;
    size_t len;

    *header = (struct store_header){ .has_id = false };
    if (rd_kafka_message_headers(message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    for (size_t i = 0; !rd_kafka_header_get_all(headers, i, &name, &value, &len); i++) {
        header->bytes += (int64_t)(strlen(name) + len);
        /* The last of them counts: docs/topics.md. */
        if (value && !strcmp(name, KL_MESSAGE_ID_HEADER) && kl_message_id_read(&header->id, value, len))
            header->has_id = true;
    }
}

/* ---- the transaction ---- */

static enum kl_code records_write(struct store *s, const struct kl_feed_batch *batch, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    for (size_t i = 0; !code && i < batch->n_records; i++) {
        const struct kl_feed_record *record = &batch->records[i];

        if (is_journal(record))
            code = store_journal(s, record->message, err);
        else
            code = store_receipt(s, record, &s->headers[i], err);
    }
    return code;
}

static enum kl_code offset_write(struct store *s, const struct kl_feed_position *at, struct kl_error *err)
{
    static const char SET_OFFSET[] =
        "INSERT INTO offsets (incarnation, part, next, mark_ms, mark_next) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (incarnation, part) DO UPDATE SET next = ?3, mark_ms = ?4, mark_next = ?5";
    sqlite3_stmt *st = store_statement(s, SET_OFFSET, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, at->incarnation->id);
    sqlite3_bind_int(st, 2, at->partition);
    sqlite3_bind_int64(st, 3, at->next);
    sqlite3_bind_int64(st, 4, at->mark_ms);
    sqlite3_bind_int64(st, 5, at->mark_next);
    return kl_sqlite_run(s->db, st, err);
}

static enum kl_code offsets_write(struct store *s, const struct kl_feed_batch *batch, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    for (size_t i = 0; !code && i < batch->n_positions; i++)
        code = offset_write(s, &batch->positions[i], err);
    return code;
}

static enum kl_code totals_write(struct store *s, const struct store_incarnation *inc, struct kl_error *err)
{
    static const char ADD_TOTALS[] = "UPDATE incarnations SET messages = messages + ?2, bytes = bytes + ?3,"
                                     " duplicated = duplicated + ?4, negative = negative + ?5 WHERE id = ?1";
    sqlite3_stmt *st = store_statement(s, ADD_TOTALS, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, inc->id);
    sqlite3_bind_int64(st, 2, inc->delta.messages);
    sqlite3_bind_int64(st, 3, inc->delta.bytes);
    sqlite3_bind_int64(st, 4, inc->delta.duplicated);
    sqlite3_bind_int64(st, 5, inc->delta.negative);
    return kl_sqlite_run(s->db, st, err);
}

static enum kl_code failed_write(struct store *s, struct kl_error *err)
{
    static const char ADD_FAILED[] = "UPDATE clusters SET failed = failed + ?2 WHERE id = ?1";
    sqlite3_stmt *st = store_statement(s, ADD_FAILED, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, s->cluster);
    sqlite3_bind_int64(st, 2, s->failed);
    return kl_sqlite_run(s->db, st, err);
}

static enum kl_code sums_write(struct store *s, int64_t at_s, struct kl_error *err)
{
    enum kl_code code = s->failed ? failed_write(s, err) : KL_OK;

    for (size_t i = 0; !code && i < s->n_incarnations; i++) {
        if (!s->incarnations[i]->touched)
            continue;
        code = totals_write(s, s->incarnations[i], err);
        if (!code)
            code = store_latency_write(s, s->incarnations[i], at_s, err);
    }
    return code;
}

static enum kl_code batch_write(struct store *s, const struct kl_feed_batch *batch, int64_t at_s, struct kl_error *err)
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

static void batch_begin(struct store *s, const struct kl_feed_batch *batch)
{
    kl_assert(batch->n_records <= s->conf.batch_max);
    s->n_new = 0;
    s->n_news = 0;
    s->failed = 0;
    for (size_t i = 0; i < s->n_incarnations; i++)
        s->incarnations[i]->touched = false;
    for (size_t i = 0; i < batch->n_records; i++)
        if (!is_journal(&batch->records[i]))
            header_read(batch->records[i].message, &s->headers[i]);
}

static void totals_take(struct store *s, int64_t at_s)
{
    for (size_t i = 0; i < s->n_incarnations; i++) {
        struct store_incarnation *inc = s->incarnations[i];
        struct totals_delta delta = { inc->delta.messages, inc->delta.bytes, inc->delta.duplicated, inc->delta.negative,
                                      &inc->delta.latency };

        if (!inc->touched)
            continue;
        totals_add(s->totals, inc->place, at_s, &delta);
        store_latency_take(inc);
        s->has_duplicates |= inc->delta.duplicated > 0;
        s->counts.duplicates += inc->delta.duplicated;
    }
    if (s->failed)
        totals_add_failed(s->totals, s->failed);
    s->counts.failures += s->failed;
}

static void batch_take(struct store *s, int64_t at_s)
{
    totals_take(s, at_s);
    for (size_t i = 0; i < s->n_new; i++)
        keys_add(s->keys, s->next_seq + (int64_t)i, s->key_hashes[i]);
    s->next_seq += (int64_t)s->n_new;
    s->counts.receipts += (int64_t)s->n_new;
    s->counts.batches++;
    if (s->conf.stored && s->n_news)
        s->conf.stored(s->conf.stored_ctx, s->news, s->n_news);
}

enum kl_code store_batch(void *ctx, const struct kl_feed_batch *batch, struct kl_error *err)
{
    struct store *s = ctx;
    int64_t at_s = kl_wall_us() / 1000000;
    enum kl_code code;

    batch_begin(s, batch);
    /* Upkeep has done this, unless it found no room: then the keys in memory must not become more than they may. */
    code = keys_build(s->keys, s->db, err);
    if (!code)
        code = batch_write(s, batch, at_s, err);
    if (!code)
        batch_take(s, at_s);
    return code;
}
