/* reader_pg_find.c - one message: its receipt, further receipts of its id, and the journal's word on it. */
#include "reader_pg.h"

#include <stdio.h>
#include <string.h>

#include "clock.h"
#include "store_pg.h"

/* ---- columns ---- */

static int64_t number_or(const PGresult *rows, int row, int column, int64_t absent)
{
    return PQgetisnull(rows, row, column) ? absent : kl_pg_get_int(rows, row, column);
}

/* Text in binary is the text itself, and a result is ended by a NUL besides. */
static void copy_text(char *out, size_t size, const PGresult *rows, int row, int column)
{
    snprintf(out, size, "%s", PQgetvalue(rows, row, column));
}

/* In the order of READER_PG_COLUMNS. */
enum { OF_CLUSTER, TOPIC, SEQ, INCARNATION, PART, POS, ID, START, NUMBER, ACCEPTED, TIMESTAMP, TIMESTAMP_TYPE, CONSUMED, KEY, KEY_BYTES,
       VALUE_BYTES, HEADERS_BYTES, HAS_DUPLICATES };

int64_t reader_pg_seq(const PGresult *rows, int row)
{
    return kl_pg_get_int(rows, row, SEQ);
}

static void receipt_fill(struct receipt *out, const PGresult *rows, int row)
{
    size_t kept = (size_t)PQgetlength(rows, row, KEY);

    out->state = RECEIPT_CONSUMED;
    copy_text(out->topic, sizeof out->topic, rows, row, TOPIC);
    out->incarnation = kl_pg_get_int(rows, row, INCARNATION);
    out->partition = (int32_t)kl_pg_get_int(rows, row, PART);
    out->offset = kl_pg_get_int(rows, row, POS);
    out->has_id = PQgetlength(rows, row, ID) == sizeof out->id.b;
    if (out->has_id)
        memcpy(out->id.b, PQgetvalue(rows, row, ID), sizeof out->id.b);
    out->start = (uint64_t)number_or(rows, row, START, 0);
    out->number = number_or(rows, row, NUMBER, 0);
    out->accepted_us = number_or(rows, row, ACCEPTED, -1);
    out->acked_us = -1;
    out->timestamp_ms = number_or(rows, row, TIMESTAMP, -1);
    out->timestamp_type = (int)kl_pg_get_int(rows, row, TIMESTAMP_TYPE);
    out->consumed_us = kl_pg_get_int(rows, row, CONSUMED);
    if (kept <= sizeof out->key)
        memcpy(out->key, PQgetvalue(rows, row, KEY), kept);
    out->key_bytes = number_or(rows, row, KEY_BYTES, -1);
    out->value_bytes = number_or(rows, row, VALUE_BYTES, -1);
    out->headers_bytes = kl_pg_get_int(rows, row, HEADERS_BYTES);
    out->n_duplicates = 0;
}

/* ---- the journal's word ---- */

static enum kl_code block_load(struct reader *reader, struct kl_error *err)
{
    static const char FIND_BLOCK[] = "SELECT first, count, bytes FROM blocks WHERE start = $1 AND topic = $2 AND part = $3 AND first <= $4"
                                     " ORDER BY first DESC LIMIT 1";
    struct reader_pg *r = (struct reader_pg *)reader;
    const struct receipt *receipt = &reader->receipt;
    struct kl_pg_args args = { 0 };
    PGresult *rows;
    enum kl_code code;

    kl_pg_int(&args, (int64_t)receipt->start);
    kl_pg_text(&args, receipt->topic);
    kl_pg_int(&args, receipt->partition);
    kl_pg_int(&args, receipt->number);
    code = kl_pg_run(r->db, FIND_BLOCK, &args, &rows, err);
    if (code)
        return code;
    if (PQntuples(rows) > 0)
        code = reader_block_keep(reader, kl_pg_get_int(rows, 0, 0), kl_pg_get_int(rows, 0, 1), PQgetvalue(rows, 0, 2),
                                 (size_t)PQgetlength(rows, 0, 2), err);
    else
        code = reader_block_keep(reader, 0, 0, NULL, 0, err);
    PQclear(rows);
    return code;
}

/* ---- further receipts ---- */

/* An id's first further receipts, by the index of both columns and no other (reader_pg_list.c says why). */
#define DUPLICATES(id, limit) \
    "(SELECT seq FROM duplicates WHERE (id, seq) >= (" id ", 0) AND (id, seq) <= (" id ", 9223372036854775807) ORDER BY id, seq LIMIT " limit ")"

static void duplicate_fill(struct receipt_place *place, const PGresult *rows, int row)
{
    copy_text(place->topic, sizeof place->topic, rows, row, 0);
    place->incarnation = kl_pg_get_int(rows, row, 1);
    place->partition = (int32_t)kl_pg_get_int(rows, row, 2);
    place->offset = kl_pg_get_int(rows, row, 3);
    place->consumed_us = kl_pg_get_int(rows, row, 4);
}

static enum kl_code duplicates_count(struct reader_pg *r, struct kl_error *err)
{
    static const char COUNT[] = "SELECT count(*) FROM duplicates WHERE id = $1";
    struct kl_pg_args args = { 0 };

    kl_pg_uuid(&args, r->base.receipt.id.b);
    return kl_pg_number(r->db, COUNT, &args, 0, &r->base.receipt.n_duplicates, err);
}

/* The further receipts of the id; a receipt that is itself a further one shows the first among them. */
static enum kl_code duplicates_load(struct reader_pg *r, int64_t seq, struct kl_error *err)
{
    static const char OTHERS[] = "SELECT i.topic, r.incarnation, r.part, r.pos, r.consumed_us FROM"
                                 " (SELECT seq FROM ids WHERE day = $4 AND id = $1"
                                 "  UNION " DUPLICATES("$1", "$3 + 1") ") o"
                                 " CROSS JOIN LATERAL (SELECT * FROM receipts r WHERE r.seq = o.seq LIMIT 1) r"
                                 " JOIN incarnations i ON i.id = r.incarnation WHERE o.seq != $2 ORDER BY o.seq LIMIT $3";
    struct receipt *receipt = &r->base.receipt;
    struct kl_pg_args args = { 0 };
    PGresult *rows;
    enum kl_code code = duplicates_count(r, err);

    if (code)
        return code;
    kl_pg_uuid(&args, receipt->id.b);
    kl_pg_int(&args, seq);
    kl_pg_int(&args, RECEIPT_DUPLICATES_MAX);
    kl_pg_int(&args, store_pg_id_day(&receipt->id));
    code = kl_pg_run(r->db, OTHERS, &args, &rows, err);
    if (code)
        return code;
    for (int i = 0; i < PQntuples(rows); i++)
        duplicate_fill(&receipt->duplicates[i], rows, i);
    if (PQntuples(rows) < RECEIPT_DUPLICATES_MAX)
        receipt->n_duplicates = PQntuples(rows);
    PQclear(rows);
    return KL_OK;
}

/* ---- a row ---- */

bool reader_pg_fill(struct reader_pg *r, const PGresult *rows, int row)
{
    if (!number_or(rows, row, OF_CLUSTER, 0))
        return false;
    receipt_fill(&r->base.receipt, rows, row);
    return true;
}

enum kl_code reader_pg_complete(struct reader_pg *r, const PGresult *rows, int row, struct kl_error *err)
{
    enum kl_code code = reader_ack_join(&r->base, block_load, err);

    if (!code && kl_pg_get_int(rows, row, HAS_DUPLICATES))
        code = duplicates_load(r, reader_pg_seq(rows, row), err);
    return code;
}

/* The receipt that the statement finds, if there is one. */
static enum kl_code find(struct reader_pg *r, const char *sql, const struct kl_pg_args *args, bool *found, struct kl_error *err)
{
    PGresult *rows;
    enum kl_code code;

    *found = false;
    reader_blocks_forget(&r->base);
    code = kl_pg_run(r->db, sql, args, &rows, err);
    if (code)
        return code;
    *found = PQntuples(rows) > 0 && reader_pg_fill(r, rows, 0);
    if (*found)
        code = reader_pg_complete(r, rows, 0, err);
    PQclear(rows);
    return code;
}

/* ---- messages that have none ---- */

static enum kl_code failure_find(struct reader_pg *r, const struct kl_uuid *id, bool *found, struct kl_error *err)
{
    static const char FAILURE[] = "SELECT start, topic, part, number, accepted_us, failed_us, persisted, reason FROM failures WHERE id = $1";
    struct receipt *receipt = &r->base.receipt;
    struct kl_pg_args args = { 0 };
    PGresult *rows;
    enum kl_code code;

    kl_pg_uuid(&args, id->b);
    code = kl_pg_run(r->db, FAILURE, &args, &rows, err);
    if (code)
        return code;
    *found = PQntuples(rows) > 0;
    if (*found) {
        receipt->state = RECEIPT_FAILED;
        receipt->start = (uint64_t)kl_pg_get_int(rows, 0, 0);
        copy_text(receipt->topic, sizeof receipt->topic, rows, 0, 1);
        receipt->partition = (int32_t)kl_pg_get_int(rows, 0, 2);
        receipt->number = kl_pg_get_int(rows, 0, 3);
        receipt->accepted_us = kl_pg_get_int(rows, 0, 4);
        receipt->failed_us = kl_pg_get_int(rows, 0, 5);
        receipt->possibly = kl_pg_get_int(rows, 0, 6);
        copy_text(receipt->reason, sizeof receipt->reason, rows, 0, 7);
    }
    PQclear(rows);
    return KL_OK;
}

/* As with SQLite: retention by age says so itself; retention by number has reached whatever was made before the oldest
 * receipt left. Not what was made before that one was consumed: a consumer that is behind has yet to read it. */
static enum kl_code id_expired(struct reader_pg *r, const struct kl_uuid *id, bool *expired, struct kl_error *err)
{
    static const char OLDEST[] = "SELECT least(consumed_us, accepted_us) FROM receipts"
                                 " WHERE EXISTS (SELECT 1 FROM state WHERE name = 'first_seq') ORDER BY seq LIMIT 1";
    int64_t made_ms = kl_uuid_time_ms(id), oldest_us;
    enum kl_code code = kl_pg_number(r->db, OLDEST, NULL, 0, &oldest_us, err);

    *expired = !code && made_ms >= 0 && (made_ms < kl_wall_us() / 1000 - r->base.conf->retention_ms || made_ms < oldest_us / 1000);
    return code;
}

static enum kl_code id_without_receipt(struct reader_pg *r, const struct kl_uuid *id, struct kl_error *err)
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

/* ---- by id ---- */

/* Those that are not among the rows, or whose first receipt is no longer there, are asked for by themselves. */
enum kl_code reader_pg_expect(struct reader *reader, const struct kl_uuid *ids, size_t n, struct kl_error *err)
{
    static const char FIND_IDS[] = "SELECT " READER_PG_COLUMNS " FROM unnest($1::bigint[], $2::bigint[], $3::uuid[]) AS w (n, day, id)"
                                   " CROSS JOIN LATERAL (SELECT x.seq FROM ids x WHERE x.day = w.day AND x.id = w.id LIMIT 1) x"
                                   " CROSS JOIN LATERAL (SELECT * FROM receipts r WHERE r.seq = x.seq LIMIT 1) r"
                                   " JOIN incarnations i ON i.id = r.incarnation ORDER BY w.n";
    static const Oid types[] = { KL_PG_INT8, KL_PG_INT8, KL_PG_UUID }, arrays[] = { KL_PG_INT8S, KL_PG_INT8S, KL_PG_UUIDS };
    struct reader_pg *r = (struct reader_pg *)reader;
    struct kl_pg_args args = { 0 };

    PQclear(r->expected);
    r->expected = NULL;
    r->expected_at = 0;
    for (int c = 0; c < 3; c++) {
        kl_buf_clear(&r->array[c]);
        kl_pg_array_begin(&r->array[c], types[c], n);
    }
    for (size_t i = 0; i < n; i++) {
        kl_pg_put_int8(&r->array[0], (int64_t)i);
        kl_pg_put_int8(&r->array[1], store_pg_id_day(&ids[i]));
        kl_pg_put_bytes(&r->array[2], ids[i].b, sizeof ids[i].b);
    }
    for (int c = 0; c < 3; c++) {
        if (r->array[c].failed)
            return kl_fail(err, KL_BUSY, "no memory for so many ids");
        kl_pg_array(&args, arrays[c], &r->array[c]);
    }
    return kl_pg_run(r->db, FIND_IDS, &args, &r->expected, err);
}

/* The row of those expected that is this id's; -1: it has none. */
static int expected_take(struct reader_pg *r, const struct kl_uuid *id)
{
    int row = r->expected_at;

    if (!r->expected || row == PQntuples(r->expected) || memcmp(PQgetvalue(r->expected, row, ID), id->b, sizeof id->b))
        return -1;
    r->expected_at++;
    return row;
}

enum kl_code reader_pg_find_id(struct reader *reader, const struct kl_uuid *id, struct kl_error *err)
{
    /* Retention may have removed the first receipt of an id and not the next. */
    static const char FIND_ID[] = "SELECT " READER_PG_COLUMNS " FROM (SELECT seq FROM ids WHERE day = $1 AND id = $2"
                                  " UNION ALL " DUPLICATES("$2", "10") ") x"
                                  " CROSS JOIN LATERAL (SELECT * FROM receipts r WHERE r.seq = x.seq LIMIT 1) r"
                                  " JOIN incarnations i ON i.id = r.incarnation ORDER BY r.seq LIMIT 1";
    struct reader_pg *r = (struct reader_pg *)reader;
    struct kl_pg_args args = { 0 };
    int row = expected_take(r, id);
    bool found;
    enum kl_code code;

    if (row >= 0 && reader_pg_fill(r, r->expected, row))
        return reader_pg_complete(r, r->expected, row, err);
    kl_pg_int(&args, store_pg_id_day(id));
    kl_pg_uuid(&args, id->b);
    code = find(r, FIND_ID, &args, &found, err);
    return code || found ? code : id_without_receipt(r, id, err);
}

/* ---- by place ---- */

static enum kl_code place_without_receipt(struct reader_pg *r, const char *topic, int32_t partition, int64_t offset, struct kl_error *err)
{
    /* Read, and older than the oldest receipt of the partition, on a store from which retention has removed some. */
    static const char REMOVED[] =
        "SELECT $3 < o.next AND $3 < coalesce((SELECT min(pos) FROM receipts r WHERE r.incarnation = o.incarnation AND r.part = o.part), o.next)"
        " FROM offsets o WHERE o.part = $2 AND EXISTS (SELECT 1 FROM state WHERE name = 'first_seq') AND o.incarnation ="
        " (SELECT max(id) FROM incarnations WHERE topic = $1 AND cluster = (SELECT value FROM state WHERE name = 'cluster'))";
    struct kl_pg_args args = { 0 };
    int64_t removed;
    enum kl_code code;

    reader_absent_place(&r->base, topic, partition, offset);
    kl_pg_text(&args, topic);
    kl_pg_int(&args, partition);
    kl_pg_int(&args, offset);
    code = kl_pg_number(r->db, REMOVED, &args, 0, &removed, err);
    if (!code && removed)
        r->base.receipt.state = RECEIPT_EXPIRED;
    return code;
}

enum kl_code reader_pg_find_place(struct reader *reader, const char *topic, int32_t partition, int64_t offset, struct kl_error *err)
{
    static const char FIND_PLACE[] = "SELECT " READER_PG_COLUMNS " FROM incarnations i JOIN receipts r ON r.incarnation = i.id"
                                     " AND r.part = $2 AND r.pos = $3 WHERE i.topic = $1"
                                     " AND i.cluster = (SELECT value FROM state WHERE name = 'cluster') ORDER BY i.id DESC LIMIT 1";
    struct reader_pg *r = (struct reader_pg *)reader;
    struct kl_pg_args args = { 0 };
    bool found;
    enum kl_code code;

    kl_pg_text(&args, topic);
    kl_pg_int(&args, partition);
    kl_pg_int(&args, offset);
    code = find(r, FIND_PLACE, &args, &found, err);
    return code || found ? code : place_without_receipt(r, topic, partition, offset, err);
}
