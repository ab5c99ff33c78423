/* reader_sqlite_find.c - one message: its receipt, further receipts of its id, and the journal's word on it. */
#include "reader_sqlite.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"

/* ---- columns ---- */

static int64_t number_or(sqlite3_stmt *st, int column, int64_t absent)
{
    return sqlite3_column_type(st, column) == SQLITE_NULL ? absent : sqlite3_column_int64(st, column);
}

static void copy_text(char *out, size_t size, sqlite3_stmt *st, int column)
{
    const char *text = (const char *)sqlite3_column_text(st, column);

    snprintf(out, size, "%s", text ? text : "");
}

static void copy_uuid(struct kl_uuid *out, sqlite3_stmt *st, int column)
{
    if (sqlite3_column_bytes(st, column) == sizeof out->b)
        memcpy(out->b, sqlite3_column_blob(st, column), sizeof out->b);
}

/* In the order of the columns that reader_sqlite_load asks for. */
static void receipt_fill(struct receipt *out, sqlite3_stmt *st)
{
    const void *key = sqlite3_column_blob(st, 12);
    size_t kept = (size_t)sqlite3_column_bytes(st, 12);

    out->state = RECEIPT_CONSUMED;
    copy_text(out->topic, sizeof out->topic, st, 1);
    out->incarnation = sqlite3_column_int64(st, 2);
    out->partition = sqlite3_column_int(st, 3);
    out->offset = sqlite3_column_int64(st, 4);
    out->has_id = sqlite3_column_type(st, 5) != SQLITE_NULL;
    copy_uuid(&out->id, st, 5);
    out->start = (uint64_t)number_or(st, 6, 0);
    out->number = number_or(st, 7, 0);
    out->accepted_us = number_or(st, 8, -1);
    out->acked_us = -1;
    out->timestamp_ms = number_or(st, 9, -1);
    out->timestamp_type = sqlite3_column_int(st, 10);
    out->consumed_us = sqlite3_column_int64(st, 11);
    if (key && kept <= sizeof out->key)
        memcpy(out->key, key, kept);
    out->key_bytes = number_or(st, 13, -1);
    out->value_bytes = number_or(st, 14, -1);
    out->headers_bytes = sqlite3_column_int64(st, 15);
    out->n_duplicates = 0;
}

/* ---- the journal's word ---- */

static enum kl_code block_load(struct reader *reader, struct kl_error *err)
{
    static const char FIND_BLOCK[] = "SELECT first, count, bytes FROM blocks WHERE start = ?1 AND topic = ?2 AND part = ?3"
                                     " AND first <= ?4 ORDER BY first DESC LIMIT 1";
    struct reader_sqlite *r = (struct reader_sqlite *)reader;
    const struct receipt *receipt = &reader->receipt;
    sqlite3_stmt *st = kl_sqlite_statement(r->db, FIND_BLOCK, err);
    enum kl_code code = KL_OK;
    int rc;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, (int64_t)receipt->start);
    sqlite3_bind_text(st, 2, receipt->topic, -1, SQLITE_STATIC);
    sqlite3_bind_int(st, 3, receipt->partition);
    sqlite3_bind_int64(st, 4, receipt->number);
    rc = sqlite3_step(st);
    if (rc == SQLITE_ROW)
        code = reader_block_keep(reader, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1), sqlite3_column_blob(st, 2),
                                 (size_t)sqlite3_column_bytes(st, 2), err);
    else if (rc == SQLITE_DONE)
        code = reader_block_keep(reader, 0, 0, NULL, 0, err);
    else
        code = kl_sqlite_fail(r->db, "cannot read the journal", err);
    sqlite3_reset(st);
    return code;
}

/* ---- further receipts ---- */

static enum kl_code duplicates_count(struct reader_sqlite *r, struct kl_error *err)
{
    static const char COUNT[] = "SELECT count(*) FROM duplicates WHERE id = ?1";
    sqlite3_stmt *st = kl_sqlite_statement(r->db, COUNT, err);

    if (!st)
        return err->code;
    sqlite3_bind_blob(st, 1, r->base.receipt.id.b, sizeof r->base.receipt.id.b, SQLITE_STATIC);
    return reader_sqlite_number(r, st, 0, &r->base.receipt.n_duplicates, err);
}

static void duplicate_fill(struct receipt_place *place, sqlite3_stmt *st)
{
    copy_text(place->topic, sizeof place->topic, st, 0);
    place->incarnation = sqlite3_column_int64(st, 1);
    place->partition = sqlite3_column_int(st, 2);
    place->offset = sqlite3_column_int64(st, 3);
    place->consumed_us = sqlite3_column_int64(st, 4);
}

/* The further receipts of the id; a receipt that is itself a further one shows the first among them. */
static enum kl_code duplicates_load(struct reader_sqlite *r, int64_t seq, struct kl_error *err)
{
    static const char OTHERS[] = "SELECT i.topic, r.incarnation, r.part, r.pos, r.consumed_us FROM"
                                 " (SELECT seq FROM ids WHERE id = ?1 UNION ALL SELECT seq FROM duplicates WHERE id = ?1) o"
                                 " JOIN receipts r ON r.seq = o.seq JOIN incarnations i ON i.id = r.incarnation"
                                 " WHERE o.seq != ?2 ORDER BY o.seq LIMIT ?3";
    struct receipt *receipt = &r->base.receipt;
    enum kl_code code = receipt->has_id ? duplicates_count(r, err) : KL_OK;
    sqlite3_stmt *st;
    int64_t n = 0;
    int rc;

    if (code || receipt->n_duplicates == 0)
        return code;
    st = kl_sqlite_statement(r->db, OTHERS, err);
    if (!st)
        return err->code;
    sqlite3_bind_blob(st, 1, receipt->id.b, sizeof receipt->id.b, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, seq);
    sqlite3_bind_int64(st, 3, RECEIPT_DUPLICATES_MAX);
    while ((rc = sqlite3_step(st)) == SQLITE_ROW)
        duplicate_fill(&receipt->duplicates[n++], st);
    if (rc != SQLITE_DONE)
        code = kl_sqlite_fail(r->db, "cannot read duplicates", err);
    sqlite3_reset(st);
    if (n < RECEIPT_DUPLICATES_MAX)
        receipt->n_duplicates = n;
    return code;
}

/* ---- a receipt by its number ---- */

enum kl_code reader_sqlite_load(struct reader_sqlite *r, int64_t seq, bool *found, struct kl_error *err)
{
    static const char RECEIPT[] =
        "SELECT i.cluster = (SELECT value FROM state WHERE name = 'cluster'), i.topic, r.incarnation, r.part, r.pos, r.id,"
        " r.start, r.number, r.accepted_us, r.timestamp_ms, r.timestamp_type, r.consumed_us, r.key, r.key_bytes, r.value_bytes,"
        " r.headers_bytes FROM receipts r JOIN incarnations i ON i.id = r.incarnation WHERE r.seq = ?1";
    sqlite3_stmt *st = kl_sqlite_statement(r->db, RECEIPT, err);
    enum kl_code code = KL_OK;
    int rc;

    *found = false;
    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, seq);
    rc = sqlite3_step(st);
    if (rc == SQLITE_ROW && sqlite3_column_int(st, 0)) {
        receipt_fill(&r->base.receipt, st);
        *found = true;
    } else if (rc != SQLITE_ROW && rc != SQLITE_DONE) {
        code = kl_sqlite_fail(r->db, "cannot read a receipt", err);
    }
    sqlite3_reset(st);
    if (*found)
        code = reader_ack_join(&r->base, block_load, err);
    return code || !*found ? code : duplicates_load(r, seq, err);
}

/* ---- messages that have none ---- */

static enum kl_code failure_find(struct reader_sqlite *r, const struct kl_uuid *id, bool *found, struct kl_error *err)
{
    static const char FAILURE[] = "SELECT start, topic, part, number, accepted_us, failed_us, persisted, reason FROM failures WHERE id = ?1";
    struct receipt *receipt = &r->base.receipt;
    sqlite3_stmt *st = kl_sqlite_statement(r->db, FAILURE, err);
    int rc;

    if (!st)
        return err->code;
    sqlite3_bind_blob(st, 1, id->b, sizeof id->b, SQLITE_STATIC);
    rc = sqlite3_step(st);
    *found = rc == SQLITE_ROW;
    if (*found) {
        receipt->state = RECEIPT_FAILED;
        receipt->start = (uint64_t)sqlite3_column_int64(st, 0);
        copy_text(receipt->topic, sizeof receipt->topic, st, 1);
        receipt->partition = sqlite3_column_int(st, 2);
        receipt->number = sqlite3_column_int64(st, 3);
        receipt->accepted_us = sqlite3_column_int64(st, 4);
        receipt->failed_us = sqlite3_column_int64(st, 5);
        receipt->possibly = sqlite3_column_int(st, 6);
        copy_text(receipt->reason, sizeof receipt->reason, st, 7);
    }
    sqlite3_reset(st);
    return rc == SQLITE_ROW || rc == SQLITE_DONE ? KL_OK : kl_sqlite_fail(r->db, "cannot read failures", err);
}

/* Retention by age says so itself; retention by number has reached whatever was made before the oldest receipt left. Not
 * what was made before that one was consumed: a consumer that is behind has yet to read it. */
static enum kl_code id_expired(struct reader_sqlite *r, const struct kl_uuid *id, bool *expired, struct kl_error *err)
{
    static const char OLDEST[] = "SELECT min(consumed_us, coalesce(accepted_us, consumed_us)) FROM receipts WHERE seq = (SELECT min(seq) FROM receipts)"
                                 " AND EXISTS (SELECT 1 FROM state WHERE name = 'first_seq')";
    sqlite3_stmt *st = kl_sqlite_statement(r->db, OLDEST, err);
    int64_t made_ms = kl_uuid_time_ms(id), oldest_us;
    enum kl_code code;

    if (!st)
        return err->code;
    code = reader_sqlite_number(r, st, 0, &oldest_us, err);
    *expired = made_ms >= 0 && (made_ms < kl_wall_us() / 1000 - r->base.conf->retention_ms || made_ms < oldest_us / 1000);
    return code;
}

static enum kl_code id_without_receipt(struct reader_sqlite *r, const struct kl_uuid *id, struct kl_error *err)
{
    bool found = false, expired = false;
    enum kl_code code;

    reader_absent_id(&r->base, id);
    code = failure_find(r, id, &found, err);
    if (code || found)
        return code;
    code = id_expired(r, id, &expired, err);
    if (expired)
        r->base.receipt.state = RECEIPT_EXPIRED;
    return code;
}

enum kl_code reader_sqlite_find_id(struct reader *reader, const struct kl_uuid *id, struct kl_error *err)
{
    static const char FIND_ID[] = "SELECT seq FROM ids WHERE id = ?1";
    struct reader_sqlite *r = (struct reader_sqlite *)reader;
    sqlite3_stmt *st;
    bool found = false;
    int64_t seq = 0;
    enum kl_code code = reader_sqlite_begin(r, err);

    if (code)
        return code;
    st = kl_sqlite_statement(r->db, FIND_ID, err);
    if (st)
        sqlite3_bind_blob(st, 1, id->b, sizeof id->b, SQLITE_STATIC);
    code = st ? reader_sqlite_number(r, st, 0, &seq, err) : err->code;
    if (!code && seq)
        code = reader_sqlite_load(r, seq, &found, err);
    if (!code && !found)
        code = id_without_receipt(r, id, err);
    reader_sqlite_end(r);
    return code;
}

/* ---- by place ---- */

static enum kl_code place_number(struct reader_sqlite *r, const char *sql, const char *topic, int32_t partition, int64_t offset,
                                 int64_t absent, int64_t *out, struct kl_error *err)
{
    sqlite3_stmt *st = kl_sqlite_statement(r->db, sql, err);

    if (!st)
        return err->code;
    sqlite3_bind_text(st, 1, topic, -1, SQLITE_STATIC);
    sqlite3_bind_int(st, 2, partition);
    sqlite3_bind_int64(st, 3, offset);
    return reader_sqlite_number(r, st, absent, out, err);
}

static enum kl_code place_without_receipt(struct reader_sqlite *r, const char *topic, int32_t partition, int64_t offset, struct kl_error *err)
{
    /* Read, and older than the oldest receipt of the partition, on a store from which retention has removed some. */
    static const char REMOVED[] =
        "SELECT ?3 < o.next AND ?3 < coalesce((SELECT min(pos) FROM receipts r WHERE r.incarnation = o.incarnation AND r.part = ?2), o.next)"
        " FROM offsets o WHERE o.part = ?2 AND EXISTS (SELECT 1 FROM state WHERE name = 'first_seq') AND o.incarnation ="
        " (SELECT max(id) FROM incarnations WHERE topic = ?1 AND cluster = (SELECT value FROM state WHERE name = 'cluster'))";
    int64_t removed;
    enum kl_code code = place_number(r, REMOVED, topic, partition, offset, 0, &removed, err);

    reader_absent_place(&r->base, topic, partition, offset);
    if (!code && removed)
        r->base.receipt.state = RECEIPT_EXPIRED;
    return code;
}

enum kl_code reader_sqlite_find_place(struct reader *reader, const char *topic, int32_t partition, int64_t offset, struct kl_error *err)
{
    static const char FIND_PLACE[] =
        "SELECT r.seq FROM incarnations i JOIN receipts r ON r.incarnation = i.id AND r.part = ?2 AND r.pos = ?3"
        " WHERE i.topic = ?1 AND i.cluster = (SELECT value FROM state WHERE name = 'cluster') ORDER BY i.id DESC LIMIT 1";
    struct reader_sqlite *r = (struct reader_sqlite *)reader;
    bool found = false;
    int64_t seq = 0;
    enum kl_code code = reader_sqlite_begin(r, err);

    if (code)
        return code;
    code = place_number(r, FIND_PLACE, topic, partition, offset, 0, &seq, err);
    if (!code && seq)
        code = reader_sqlite_load(r, seq, &found, err);
    if (!code && !found)
        code = place_without_receipt(r, topic, partition, offset, err);
    reader_sqlite_end(r);
    return code;
}
