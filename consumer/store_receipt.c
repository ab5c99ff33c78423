/* store_receipt.c - one record becomes one receipt. */
#include "store_internal.h"

/* The message's clock starts when the gateway had it, else at the record's timestamp. -1: neither is known. */
static int64_t accepted_of(const struct store_header *header, int64_t timestamp_ms)
{
    if (header->has_id)
        return header->id.accepted_us;
    return timestamp_ms < 0 ? -1 : timestamp_ms > INT64_MAX / 1000 ? INT64_MAX : timestamp_ms * 1000;
}

static void bind_int_or_null(sqlite3_stmt *st, int at, bool known, int64_t n)
{
    if (known)
        sqlite3_bind_int64(st, at, n);
    else
        sqlite3_bind_null(st, at);
}

static size_t key_kept(const rd_kafka_message_t *m)
{
    return m->key_len < STORE_KEY_MAX ? m->key_len : STORE_KEY_MAX;
}

/* ---- a receipt that moves over from the incarnation before ---- */

static const struct store_doubt *doubt_of(const struct store_incarnation *inc, const rd_kafka_message_t *m)
{
    for (size_t i = 0; i < inc->n_doubts; i++)
        if (inc->doubts[i].part == m->partition && m->offset >= inc->doubts[i].from && m->offset < inc->doubts[i].to)
            return &inc->doubts[i];
    return NULL;
}

/* The receipt of the same record under the incarnation before; 0: none. Records with ids are told apart by them, others
 * by all that a receipt keeps. */
static enum kl_code earlier_find(struct store *s, const struct store_doubt *doubt, const rd_kafka_message_t *m,
                                 const struct store_header *header, int64_t timestamp_ms, int64_t *seq, struct kl_error *err)
{
    static const char EARLIER[] = "SELECT seq FROM receipts WHERE incarnation = ?1 AND part = ?2 AND pos = ?3 AND id IS ?4"
                                  " AND timestamp_ms IS ?5 AND key IS ?6 AND value_bytes IS ?7 AND headers_bytes = ?8";
    sqlite3_stmt *st = store_statement(s, EARLIER, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, doubt->before);
    sqlite3_bind_int(st, 2, m->partition);
    sqlite3_bind_int64(st, 3, m->offset);
    if (header->has_id)
        sqlite3_bind_blob(st, 4, header->id.id.b, sizeof header->id.id.b, SQLITE_STATIC);
    bind_int_or_null(st, 5, timestamp_ms >= 0, timestamp_ms);
    if (m->key)
        sqlite3_bind_blob(st, 6, m->key, (int)key_kept(m), SQLITE_STATIC);
    bind_int_or_null(st, 7, m->payload != NULL, (int64_t)m->len);
    sqlite3_bind_int64(st, 8, header->bytes);
    return store_number(s, st, 0, seq, err);
}

static enum kl_code run_with_seq(struct store *s, const char *sql, int64_t seq, struct kl_error *err)
{
    sqlite3_stmt *st = store_statement(s, sql, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, seq);
    return kl_sqlite_run(s->db, st, err);
}

/* Takes the earlier receipt of this record away, as if the record had not been read before. */
static enum kl_code earlier_remove(struct store *s, struct store_incarnation *inc, const struct store_doubt *doubt,
                                   const rd_kafka_message_t *m, const struct store_header *header, int64_t timestamp_ms,
                                   struct kl_error *err)
{
    static const char REMOVE_ID[] = "DELETE FROM ids WHERE id = (SELECT id FROM receipts WHERE seq = ?1) AND seq = ?1";
    static const char REMOVE_DUPLICATE[] = "DELETE FROM duplicates WHERE id = (SELECT id FROM receipts WHERE seq = ?1) AND seq = ?1";
    static const char REMOVE_RECEIPT[] = "DELETE FROM receipts WHERE seq = ?1";
    int64_t seq = 0;
    enum kl_code code = earlier_find(s, doubt, m, header, timestamp_ms, &seq, err);

    if (code || !seq)
        return code;
    code = run_with_seq(s, REMOVE_ID, seq, err);
    if (!code)
        code = run_with_seq(s, REMOVE_DUPLICATE, seq, err);
    if (!code)
        code = run_with_seq(s, REMOVE_RECEIPT, seq, err);
    inc->delta.messages--;
    inc->delta.bytes -= (int64_t)m->len;
    return code;
}

/* ---- writing ---- */

/* *added: false when the place has its receipt. That cannot happen while offsets and receipts share transactions; the
 * constraint is what proves it. */
static enum kl_code receipt_insert(struct store *s, const struct kl_feed_record *record, const struct store_header *header,
                                   int64_t timestamp_ms, rd_kafka_timestamp_type_t type, bool *added, struct kl_error *err)
{
    static const char INSERT_RECEIPT[] =
        "INSERT INTO receipts (seq, incarnation, part, pos, id, start, number, accepted_us, timestamp_ms, timestamp_type,"
        " consumed_us, key, key_bytes, value_bytes, headers_bytes)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT (incarnation, part, pos) DO NOTHING";
    sqlite3_stmt *st = store_statement(s, INSERT_RECEIPT, err);
    const rd_kafka_message_t *m = record->message;
    int64_t accepted_us = accepted_of(header, timestamp_ms);
    enum kl_code code;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, s->next_seq + (int64_t)s->n_new);
    sqlite3_bind_int64(st, 2, record->incarnation->id);
    sqlite3_bind_int(st, 3, m->partition);
    sqlite3_bind_int64(st, 4, m->offset);
    if (header->has_id) {
        sqlite3_bind_blob(st, 5, header->id.id.b, sizeof header->id.id.b, SQLITE_STATIC);
        sqlite3_bind_int64(st, 6, (int64_t)header->id.start);
        sqlite3_bind_int64(st, 7, header->id.number);
    }
    bind_int_or_null(st, 8, accepted_us >= 0, accepted_us);
    bind_int_or_null(st, 9, timestamp_ms >= 0, timestamp_ms);
    sqlite3_bind_int(st, 10, (int)type);
    sqlite3_bind_int64(st, 11, record->fetched_us);
    if (m->key) {
        sqlite3_bind_blob(st, 12, m->key, (int)key_kept(m), SQLITE_STATIC);
        sqlite3_bind_int64(st, 13, (int64_t)m->key_len);
    }
    bind_int_or_null(st, 14, m->payload != NULL, (int64_t)m->len);
    sqlite3_bind_int64(st, 15, header->bytes);
    code = kl_sqlite_run(s->db, st, err);
    *added = !code && sqlite3_changes(kl_sqlite_handle(s->db)) == 1;
    return code;
}

static enum kl_code id_insert(struct store *s, const char *sql, const struct kl_uuid *id, bool *added, struct kl_error *err)
{
    sqlite3_stmt *st = store_statement(s, sql, err);
    enum kl_code code;

    if (!st)
        return err->code;
    sqlite3_bind_blob(st, 1, id->b, sizeof id->b, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, s->next_seq + (int64_t)s->n_new);
    code = kl_sqlite_run(s->db, st, err);
    *added = !code && sqlite3_changes(kl_sqlite_handle(s->db)) == 1;
    return code;
}

static enum kl_code id_write(struct store *s, struct store_incarnation *inc, const struct kl_uuid *id, struct kl_error *err)
{
    static const char INSERT_ID[] = "INSERT INTO ids (id, seq) VALUES (?1, ?2) ON CONFLICT (id) DO NOTHING";
    static const char INSERT_DUPLICATE[] = "INSERT INTO duplicates (id, seq) VALUES (?1, ?2)";
    bool added;
    enum kl_code code = id_insert(s, INSERT_ID, id, &added, err);

    if (code || added)
        return code;
    inc->delta.duplicated++;
    return id_insert(s, INSERT_DUPLICATE, id, &added, err);
}

static void delta_add(struct store_incarnation *inc, const struct kl_feed_record *record, int64_t accepted_us)
{
    inc->delta.messages++;
    inc->delta.bytes += (int64_t)record->message->len;
    if (accepted_us < 0)
        return;
    if (record->fetched_us < accepted_us)
        inc->delta.negative++;
    kl_hist_add(&inc->delta.latency, record->fetched_us - accepted_us);
}

static struct store_incarnation *touch(struct store *s, int64_t id)
{
    struct store_incarnation *inc = store_incarnation(s, id);

    if (!inc->touched)
        inc->delta = (struct store_delta){ .messages = 0 };
    inc->touched = true;
    return inc;
}

enum kl_code store_receipt(struct store *s, const struct kl_feed_record *record, struct store_header *header, struct kl_error *err)
{
    const rd_kafka_message_t *m = record->message;
    struct store_incarnation *inc = touch(s, record->incarnation->id);
    const struct store_doubt *doubt = doubt_of(inc, m);
    struct store_news news = { header->has_id, header->id.id, inc->topic, m->partition, m->offset };
    rd_kafka_timestamp_type_t type;
    int64_t timestamp_ms = rd_kafka_message_timestamp(m, &type);
    enum kl_code code = KL_OK;
    bool added = false;

    if (doubt)
        code = earlier_remove(s, inc, doubt, m, header, timestamp_ms, err);
    if (!code)
        code = receipt_insert(s, record, header, timestamp_ms, type, &added, err);
    if (code || !added)
        return code;
    if (header->has_id)
        code = id_write(s, inc, &header->id.id, err);
    if (code)
        return code;
    delta_add(inc, record, accepted_of(header, timestamp_ms));
    s->key_hashes[s->n_new++] = m->key ? keys_hash(m->key, key_kept(m)) : 0;
    return store_news_add(s, &news) ? KL_OK : kl_fail(err, KL_BUSY, "no memory for a batch's news");
}
