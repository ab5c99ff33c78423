/* store_sqlite_receipt.c - one record becomes one receipt. */
#include "store_sqlite.h"

static void bind_int_or_null(sqlite3_stmt *st, int at, bool known, int64_t n)
{
    if (known)
        sqlite3_bind_int64(st, at, n);
    else
        sqlite3_bind_null(st, at);
}

/* ---- a receipt that moves over from the incarnation before ---- */

/* The receipt of the same record under the incarnation before; 0: none. Records with ids are told apart by them, others
 * by all that a receipt keeps. */
static enum kl_code earlier_find(struct store_sqlite *s, const struct store_doubt *doubt, const rd_kafka_message_t *m,
                                 const struct store_header *header, int64_t *seq, struct kl_error *err)
{
    static const char EARLIER[] = "SELECT seq FROM receipts WHERE incarnation = ?1 AND part = ?2 AND pos = ?3 AND id IS ?4"
                                  " AND timestamp_ms IS ?5 AND key IS ?6 AND value_bytes IS ?7 AND headers_bytes = ?8";
    sqlite3_stmt *st = store_sqlite_statement(s, EARLIER, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, doubt->before);
    sqlite3_bind_int(st, 2, m->partition);
    sqlite3_bind_int64(st, 3, m->offset);
    if (header->has_id)
        sqlite3_bind_blob(st, 4, header->id.id.b, sizeof header->id.id.b, SQLITE_STATIC);
    bind_int_or_null(st, 5, header->timestamp_ms >= 0, header->timestamp_ms);
    if (m->key)
        sqlite3_bind_blob(st, 6, m->key, (int)store_key_kept(m), SQLITE_STATIC);
    bind_int_or_null(st, 7, m->payload != NULL, (int64_t)m->len);
    sqlite3_bind_int64(st, 8, header->bytes);
    return store_sqlite_number(s, st, 0, seq, err);
}

static enum kl_code run_with_seq(struct store_sqlite *s, const char *sql, int64_t seq, struct kl_error *err)
{
    sqlite3_stmt *st = store_sqlite_statement(s, sql, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, seq);
    return kl_sqlite_run(s->db, st, err);
}

/* Takes the earlier receipt of this record away, as if the record had not been read before. */
static enum kl_code earlier_remove(struct store_sqlite *s, struct store_incarnation *inc, const struct store_doubt *doubt,
                                   const rd_kafka_message_t *m, const struct store_header *header, struct kl_error *err)
{
    static const char REMOVE_ID[] = "DELETE FROM ids WHERE id = (SELECT id FROM receipts WHERE seq = ?1) AND seq = ?1";
    static const char REMOVE_DUPLICATE[] = "DELETE FROM duplicates WHERE id = (SELECT id FROM receipts WHERE seq = ?1) AND seq = ?1";
    static const char REMOVE_RECEIPT[] = "DELETE FROM receipts WHERE seq = ?1";
    int64_t seq = 0;
    enum kl_code code = earlier_find(s, doubt, m, header, &seq, err);

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
static enum kl_code receipt_insert(struct store_sqlite *s, const struct kl_feed_record *record, const struct store_header *header,
                                   bool *added, struct kl_error *err)
{
    static const char INSERT_RECEIPT[] =
        "INSERT INTO receipts (seq, incarnation, part, pos, id, start, number, accepted_us, timestamp_ms, timestamp_type,"
        " consumed_us, key, key_bytes, value_bytes, headers_bytes)"
        " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15) ON CONFLICT (incarnation, part, pos) DO NOTHING";
    sqlite3_stmt *st = store_sqlite_statement(s, INSERT_RECEIPT, err);
    const rd_kafka_message_t *m = record->message;
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
    bind_int_or_null(st, 8, header->accepted_us >= 0, header->accepted_us);
    bind_int_or_null(st, 9, header->timestamp_ms >= 0, header->timestamp_ms);
    sqlite3_bind_int(st, 10, (int)header->timestamp_type);
    sqlite3_bind_int64(st, 11, record->fetched_us);
    if (m->key) {
        sqlite3_bind_blob(st, 12, m->key, (int)store_key_kept(m), SQLITE_STATIC);
        sqlite3_bind_int64(st, 13, (int64_t)m->key_len);
    }
    bind_int_or_null(st, 14, m->payload != NULL, (int64_t)m->len);
    sqlite3_bind_int64(st, 15, header->bytes);
    code = kl_sqlite_run(s->db, st, err);
    *added = !code && sqlite3_changes(kl_sqlite_handle(s->db)) == 1;
    return code;
}

static enum kl_code id_insert(struct store_sqlite *s, const char *sql, const struct kl_uuid *id, bool *added, struct kl_error *err)
{
    sqlite3_stmt *st = store_sqlite_statement(s, sql, err);
    enum kl_code code;

    if (!st)
        return err->code;
    sqlite3_bind_blob(st, 1, id->b, sizeof id->b, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, s->next_seq + (int64_t)s->n_new);
    code = kl_sqlite_run(s->db, st, err);
    *added = !code && sqlite3_changes(kl_sqlite_handle(s->db)) == 1;
    return code;
}

static enum kl_code id_write(struct store_sqlite *s, struct store_incarnation *inc, const struct kl_uuid *id, struct kl_error *err)
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

enum kl_code store_sqlite_receipt(struct store_sqlite *s, const struct kl_feed_record *record, const struct store_header *header,
                                  struct kl_error *err)
{
    const rd_kafka_message_t *m = record->message;
    struct store_incarnation *inc = store_touch(&s->base, record->incarnation->id);
    const struct store_doubt *doubt = store_doubt_of(inc, m);
    enum kl_code code = KL_OK;
    bool added = false;

    if (doubt)
        code = earlier_remove(s, inc, doubt, m, header, err);
    if (!code)
        code = receipt_insert(s, record, header, &added, err);
    if (code || !added)
        return code;
    if (header->has_id)
        code = id_write(s, inc, &header->id.id, err);
    if (code)
        return code;
    s->key_hashes[s->n_new++] = m->key ? keys_hash(m->key, store_key_kept(m)) : 0;
    return store_record_take(&s->base, inc, record, header, err);
}
