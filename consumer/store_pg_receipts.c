/* store_pg_receipts.c - a batch's receipts and ids. Receipts go by COPY: nothing else is as fast, and nothing has to be
 * noticed row by row, since the fence has proven that none of them is there. Ids go by one INSERT that leaves out those that
 * are there, which are then looked at: a second receipt of an id is rare. */
#include "store_pg_internal.h"

#include <stdlib.h>
#include <string.h>

#define COLUMNS 16

/* ---- gathering ---- */

size_t store_pg_part_of(const struct kl_feed_batch *batch, const struct kl_feed_record *record, size_t last)
{
    for (size_t n = 0; n < batch->n_positions; n++) {
        const struct kl_feed_position *at = &batch->positions[(last + n) % batch->n_positions];

        if (at->partition == record->message->partition && at->incarnation->id == record->incarnation->id)
            return (last + n) % batch->n_positions;
    }
    kl_assert(!"a record's partition has moved");
    return 0;
}

int64_t store_pg_seq(struct store_pg *s, int64_t consumed_us)
{
    int64_t next = (s->seq & -STORE_PG_WRITERS) + STORE_PG_WRITERS, begin = store_pg_seq_of(consumed_us);

    s->seq = (begin > next ? begin : next) | s->writer;
    return s->seq;
}

static void put_int8_or_null(struct kl_buf *b, bool known, int64_t n)
{
    if (known)
        kl_pg_put_int8(b, n);
    else
        kl_pg_put_null(b);
}

static void put_int4_or_null(struct kl_buf *b, bool known, int32_t n)
{
    if (known)
        kl_pg_put_int4(b, n);
    else
        kl_pg_put_null(b);
}

/* In the order of COPY_RECEIPTS. */
static void row_put(struct kl_buf *b, const struct kl_feed_record *record, const struct store_header *header, int64_t seq)
{
    const rd_kafka_message_t *m = record->message;

    kl_pg_copy_row(b, COLUMNS);
    kl_pg_put_int8(b, seq);
    kl_pg_put_int8(b, m->offset);
    put_int8_or_null(b, header->has_id, (int64_t)header->id.start);
    put_int8_or_null(b, header->has_id, header->id.number);
    put_int8_or_null(b, header->accepted_us >= 0, header->accepted_us);
    put_int8_or_null(b, header->timestamp_ms >= 0, header->timestamp_ms);
    kl_pg_put_int8(b, record->fetched_us);
    kl_pg_put_int4(b, (int32_t)record->incarnation->id);
    kl_pg_put_int4(b, m->partition);
    put_int4_or_null(b, m->key, m->key ? (int32_t)keys_hash(m->key, store_key_kept(m)) : 0);
    put_int4_or_null(b, m->key, (int32_t)m->key_len);
    put_int4_or_null(b, m->payload, (int32_t)m->len);
    kl_pg_put_int4(b, (int32_t)header->bytes);
    kl_pg_put_int4(b, (int32_t)header->timestamp_type);
    kl_pg_put_bytes(b, header->has_id ? header->id.id.b : NULL, sizeof header->id.id.b);
    kl_pg_put_bytes(b, m->key, store_key_kept(m));
}

static void sums_add(struct store_pg_sums *sums, const struct kl_feed_record *record, const struct store_header *header)
{
    sums->messages++;
    sums->bytes += (int64_t)record->message->len;
    sums->negative += header->accepted_us >= 0 && record->fetched_us < header->accepted_us;
}

static int by_key(const void *a, const void *b)
{
    const struct store_pg_id *x = a, *y = b;
    int order = x->day < y->day ? -1 : x->day > y->day;

    if (!order)
        order = memcmp(x->id.b, y->id.b, sizeof x->id.b);
    return order ? order : x->seq < y->seq ? -1 : x->seq > y->seq;
}

enum kl_code store_pg_receipts_gather(struct store_pg *s, const struct kl_feed_batch *batch, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    size_t part = 0;

    s->n_new = s->n_ids = 0;
    kl_buf_clear(&s->rows);
    kl_pg_copy_begin(&s->rows);
    for (size_t i = 0; !code && i < batch->n_records; i++) {
        const struct kl_feed_record *record = &batch->records[i];
        const struct store_header *header = &s->base.headers[i];
        int64_t seq;

        if (store_is_journal(record))
            continue;
        part = store_pg_part_of(batch, record, part);
        seq = store_pg_seq(s, record->fetched_us);
        row_put(&s->rows, record, header, seq);
        if (header->has_id)
            s->ids[s->n_ids++] = (struct store_pg_id){ store_pg_id_day(&header->id.id), header->id.id, seq };
        sums_add(&s->sums[part], record, header);
        s->seqs[s->n_new] = seq;
        s->seq_parts[s->n_new++] = part;
        code = store_record_take(&s->base, store_touch(&s->base, record->incarnation->id), record, header, err);
    }
    /* In the order of their key, so that two consumers that meet the same ids wait for one another in the same order. */
    qsort(s->ids, s->n_ids, sizeof *s->ids, by_key);
    return code;
}

/* ---- a receipt that moves over from the incarnation before ---- */

/* The receipt of the same record under the incarnation before; 0: none. Records with ids are told apart by them, others
 * by all that a receipt keeps. */
static enum kl_code earlier_find(struct store_pg *s, const struct store_doubt *doubt, const rd_kafka_message_t *m,
                                 const struct store_header *header, int64_t *seq, struct kl_error *err)
{
    static const char EARLIER[] = "SELECT seq FROM receipts WHERE incarnation = $1 AND part = $2 AND pos = $3 AND id IS NOT DISTINCT FROM $4"
                                  " AND timestamp_ms IS NOT DISTINCT FROM $5 AND key IS NOT DISTINCT FROM $6"
                                  " AND value_bytes IS NOT DISTINCT FROM $7 AND headers_bytes = $8";
    struct kl_pg_args args = { 0 };

    kl_pg_int(&args, doubt->before);
    kl_pg_int(&args, m->partition);
    kl_pg_int(&args, m->offset);
    kl_pg_uuid(&args, header->has_id ? header->id.id.b : NULL);
    kl_pg_int_or_null(&args, header->timestamp_ms >= 0, header->timestamp_ms);
    kl_pg_bytes(&args, m->key, m->key ? store_key_kept(m) : 0);
    kl_pg_int_or_null(&args, m->payload, (int64_t)m->len);
    kl_pg_int(&args, header->bytes);
    return kl_pg_number(s->db, EARLIER, &args, 0, seq, err);
}

static enum kl_code earlier_remove(struct store_pg *s, const struct store_header *header, int64_t seq, struct kl_error *err)
{
    static const char REMOVE_ID[] = "DELETE FROM ids WHERE day = $1 AND id = $2 AND seq = $3";
    static const char REMOVE_DUPLICATE[] = "DELETE FROM duplicates WHERE id = $1 AND seq = $2";
    static const char REMOVE_RECEIPT[] = "DELETE FROM receipts WHERE seq = $1";
    struct kl_pg_args id = { 0 }, duplicate = { 0 }, receipt = { 0 };
    enum kl_code code = KL_OK;

    kl_pg_int(&id, store_pg_id_day(&header->id.id));
    kl_pg_uuid(&id, header->id.id.b);
    kl_pg_int(&id, seq);
    kl_pg_uuid(&duplicate, header->id.id.b);
    kl_pg_int(&duplicate, seq);
    kl_pg_int(&receipt, seq);
    if (header->has_id)
        code = kl_pg_run(s->db, REMOVE_ID, &id, NULL, err);
    if (!code && header->has_id)
        code = kl_pg_run(s->db, REMOVE_DUPLICATE, &duplicate, NULL, err);
    return code ? code : kl_pg_run(s->db, REMOVE_RECEIPT, &receipt, NULL, err);
}

/* Takes the earlier receipts of these records away, as if they had not been read before. */
static enum kl_code earlier_write(struct store_pg *s, const struct kl_feed_batch *batch, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    size_t part = 0;

    for (size_t i = 0; !code && i < batch->n_records; i++) {
        const rd_kafka_message_t *m = batch->records[i].message;
        struct store_incarnation *inc = store_incarnation(&s->base, batch->records[i].incarnation->id);
        const struct store_doubt *doubt = store_is_journal(&batch->records[i]) ? NULL : store_doubt_of(inc, m);
        int64_t seq = 0;

        if (doubt)
            code = earlier_find(s, doubt, m, &s->base.headers[i], &seq, err);
        if (code || !seq)
            continue;
        code = earlier_remove(s, &s->base.headers[i], seq, err);
        part = store_pg_part_of(batch, &batch->records[i], part);
        inc->delta.messages--;
        inc->delta.bytes -= (int64_t)m->len;
        s->sums[part].more_messages--;
        s->sums[part].more_bytes -= (int64_t)m->len;
    }
    return code;
}

/* ---- ids ---- */

static enum kl_code ids_put(struct store_pg *s, struct kl_pg_args *args, struct kl_error *err)
{
    struct kl_buf *days = &s->arrays[0], *ids = &s->arrays[1], *seqs = &s->arrays[2];

    for (size_t i = 0; i < 3; i++)
        kl_buf_clear(&s->arrays[i]);
    kl_pg_array_begin(days, KL_PG_INT8, s->n_ids);
    kl_pg_array_begin(ids, KL_PG_UUID, s->n_ids);
    kl_pg_array_begin(seqs, KL_PG_INT8, s->n_ids);
    for (size_t i = 0; i < s->n_ids; i++) {
        kl_pg_put_int8(days, s->ids[i].day);
        kl_pg_put_bytes(ids, s->ids[i].id.b, sizeof s->ids[i].id.b);
        kl_pg_put_int8(seqs, s->ids[i].seq);
    }
    kl_pg_array(args, KL_PG_INT8S, days);
    kl_pg_array(args, KL_PG_UUIDS, ids);
    kl_pg_array(args, KL_PG_INT8S, seqs);
    return days->failed || ids->failed || seqs->failed ? kl_fail(err, KL_BUSY, "no memory for ids") : KL_OK;
}

static int by_seq(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

/* Counts the receipt of this number as a further one of its id. */
static void duplicate_count(struct store_pg *s, const struct kl_feed_batch *batch, int64_t seq)
{
    const int64_t *found = bsearch(&seq, s->seqs, s->n_new, sizeof seq, by_seq);
    size_t part;

    kl_assert(found != NULL);
    part = s->seq_parts[found - s->seqs];
    s->sums[part].duplicated++;
    store_incarnation(&s->base, batch->positions[part].incarnation->id)->delta.duplicated++;
}

static enum kl_code duplicates_write(struct store_pg *s, const struct kl_feed_batch *batch, const struct kl_pg_args *args, struct kl_error *err)
{
    static const char ADD_DUPLICATES[] =
        "INSERT INTO duplicates (id, seq) SELECT n.id, n.seq FROM unnest($1::bigint[], $2::uuid[], $3::bigint[]) AS n (day, id, seq)"
        " WHERE NOT EXISTS (SELECT 1 FROM ids i WHERE i.day = n.day AND i.id = n.id AND i.seq = n.seq) RETURNING seq";
    PGresult *rows;
    enum kl_code code = kl_pg_run(s->db, ADD_DUPLICATES, args, &rows, err);

    if (code)
        return code;
    for (int i = 0; i < PQntuples(rows); i++)
        duplicate_count(s, batch, kl_pg_get_int(rows, i, 0));
    PQclear(rows);
    return KL_OK;
}

static enum kl_code ids_write(struct store_pg *s, const struct kl_feed_batch *batch, struct kl_error *err)
{
    static const char ADD_IDS[] = "INSERT INTO ids (day, id, seq) SELECT n.day, n.id, n.seq"
                                  " FROM unnest($1::bigint[], $2::uuid[], $3::bigint[]) AS n (day, id, seq) ON CONFLICT DO NOTHING";
    struct kl_pg_args args = { 0 };
    PGresult *rows;
    bool are_all;
    enum kl_code code = s->n_ids ? ids_put(s, &args, err) : KL_OK;

    if (code || !s->n_ids)
        return code;
    code = kl_pg_run(s->db, ADD_IDS, &args, &rows, err);
    if (code)
        return code;
    are_all = kl_pg_changed(rows) == (int64_t)s->n_ids;
    PQclear(rows);
    return are_all ? KL_OK : duplicates_write(s, batch, &args, err);
}

enum kl_code store_pg_receipts_write(struct store_pg *s, const struct kl_feed_batch *batch, struct kl_error *err)
{
    static const char COPY_RECEIPTS[] = "COPY receipts (seq, pos, start, number, accepted_us, timestamp_ms, consumed_us, incarnation, part,"
                                        " key_hash, key_bytes, value_bytes, headers_bytes, timestamp_type, id, key) FROM STDIN BINARY";
    enum kl_code code = earlier_write(s, batch, err);

    if (code || !s->n_new)
        return code;
    code = kl_pg_copy(s->db, COPY_RECEIPTS, &s->rows, err);
    return code ? code : ids_write(s, batch, err);
}
