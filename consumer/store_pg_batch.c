/* store_pg_batch.c - a batch of the feed's: positions, receipts, journal blocks, sums and latencies, in one transaction.
 *
 * The positions come first. They are the fence: each row moves on only from where this consumer has read on, so of two that
 * have read the same records one finds another number there and stores nothing. They also are what is locked first, so the
 * other waits there, before it has written anything that the first one's rows would collide with.
 *
 * A connection that dies during a commit leaves open whether it was done. The feed brings the same batch again: then either
 * its positions still stand where they were, and it is stored, or they stand where it would bring them, and it was. */
#include "store_pg_internal.h"

#include <stdlib.h>
#include <string.h>

#include "clock.h"

/* ---- the fence ---- */

static bool is_new(const struct kl_feed_position *at)
{
    return at->from < 0;
}

static void position_put(struct store_pg *s, const struct kl_feed_position *at, const struct store_pg_sums *sums)
{
    const int64_t values[ARRAYS] = {
        [ARRAY_INCARNATION] = at->incarnation->id, [ARRAY_PART] = at->partition, [ARRAY_WAS] = at->from, [ARRAY_NEXT] = at->next,
        [ARRAY_MARK_MS] = at->mark_ms, [ARRAY_MARK_NEXT] = at->mark_next, [ARRAY_MESSAGES] = sums->messages,
        [ARRAY_BYTES] = sums->bytes, [ARRAY_NEGATIVE] = sums->negative,
    };

    for (size_t i = 0; i < ARRAYS; i++)
        kl_pg_put_int8(&s->arrays[i], values[i]);
}

/* Fills the arrays with the positions of one sort; returns how many those are. */
static size_t positions_put(struct store_pg *s, const struct kl_feed_batch *batch, bool want_new)
{
    size_t n = 0;

    for (size_t i = 0; i < batch->n_positions; i++)
        n += is_new(&batch->positions[i]) == want_new;
    for (size_t i = 0; i < ARRAYS; i++) {
        kl_buf_clear(&s->arrays[i]);
        kl_pg_array_begin(&s->arrays[i], KL_PG_INT8, n);
    }
    for (size_t i = 0; i < batch->n_positions; i++)
        if (is_new(&batch->positions[i]) == want_new)
            position_put(s, &batch->positions[i], &s->sums[i]);
    return n;
}

static enum kl_code arrays_add(struct store_pg *s, struct kl_pg_args *args, struct kl_error *err)
{
    for (size_t i = 0; i < ARRAYS; i++) {
        if (s->arrays[i].failed)
            return kl_fail(err, KL_BUSY, "no memory for positions");
        kl_pg_array(args, KL_PG_INT8S, &s->arrays[i]);
    }
    return KL_OK;
}

/* The arrays as a table, in the order of enum store_pg_array. */
#define POSITIONS \
    "unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[]," \
    " $9::bigint[]) AS n (incarnation, part, was, next, mark_ms, mark_next, messages, bytes, negative)"

/* An incarnation that is being ended just now is waited for. */
static const char BEGIN_PARTS[] =
    "INSERT INTO offsets (incarnation, part, next, mark_ms, mark_next, messages, bytes, negative)"
    " SELECT n.incarnation, n.part, n.next, n.mark_ms, n.mark_next, n.messages, n.bytes, n.negative FROM " POSITIONS
    " JOIN incarnations i ON i.id = n.incarnation WHERE i.over_us IS NULL FOR SHARE OF i ON CONFLICT (incarnation, part) DO NOTHING";

static const char MOVE_PARTS[] =
    "UPDATE offsets o SET next = n.next, mark_ms = n.mark_ms, mark_next = n.mark_next, messages = o.messages + n.messages,"
    " bytes = o.bytes + n.bytes, negative = o.negative + n.negative FROM " POSITIONS
    " WHERE o.incarnation = n.incarnation AND o.part = n.part AND o.next = n.was AND NOT o.over";

/* How many of the batch's positions stand where the batch would bring them. */
static const char MOVED_PARTS[] =
    "SELECT count(*) FROM " POSITIONS " JOIN offsets o ON o.incarnation = n.incarnation AND o.part = n.part AND o.next = n.next"
    " AND o.mark_ms = n.mark_ms AND o.mark_next = n.mark_next";

static enum kl_code parts_write(struct store_pg *s, const struct kl_feed_batch *batch, bool is_first, struct kl_error *err)
{
    size_t n = positions_put(s, batch, is_first);
    struct kl_pg_args args = { 0 };
    PGresult *rows;
    enum kl_code code = n ? arrays_add(s, &args, err) : KL_OK;

    if (code || !n)
        return code;
    code = kl_pg_run(s->db, is_first ? BEGIN_PARTS : MOVE_PARTS, &args, &rows, err);
    if (code)
        return code;
    if (kl_pg_changed(rows) != (int64_t)n)
        code = kl_fail(err, KL_CONFLICT, "another consumer has stored some of these records, or a topic has ended");
    PQclear(rows);
    return code;
}

static enum kl_code parts_moved(struct store_pg *s, const struct kl_feed_batch *batch, bool *moved, struct kl_error *err)
{
    int64_t count = 0;
    enum kl_code code = KL_OK;

    *moved = true;
    for (int is_first = 0; !code && *moved && is_first < 2; is_first++) {
        struct kl_pg_args args = { 0 };
        size_t n = positions_put(s, batch, is_first);

        code = arrays_add(s, &args, err);
        if (!code)
            code = kl_pg_number(s->db, MOVED_PARTS, &args, 0, &count, err);
        *moved = !code && count == (int64_t)n;
    }
    return code;
}

/* ---- the rest of the transaction ---- */

static enum kl_code journal_write(struct store_pg *s, const struct kl_feed_batch *batch, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    size_t part = 0;

    for (size_t i = 0; !code && i < batch->n_records; i++) {
        int64_t failed = s->base.failed;

        if (!store_is_journal(&batch->records[i]))
            continue;
        part = store_pg_part_of(batch, &batch->records[i], part);
        store_pg_seq(s, batch->records[i].fetched_us); /* its block's */
        code = store_journal(&s->base, batch->records[i].message, err);
        s->sums[part].failed += s->base.failed - failed;
    }
    return code;
}

static enum kl_code sums_write(struct store_pg *s, const struct kl_feed_position *at, const struct store_pg_sums *sums, struct kl_error *err)
{
    static const char ADD_SUMS[] = "UPDATE offsets SET messages = messages + $3, bytes = bytes + $4, duplicated = duplicated + $5,"
                                   " failed = failed + $6 WHERE incarnation = $1 AND part = $2";
    struct kl_pg_args args = { 0 };

    if (!sums->more_messages && !sums->more_bytes && !sums->duplicated && !sums->failed)
        return KL_OK;
    kl_pg_int(&args, at->incarnation->id);
    kl_pg_int(&args, at->partition);
    kl_pg_int(&args, sums->more_messages);
    kl_pg_int(&args, sums->more_bytes);
    kl_pg_int(&args, sums->duplicated);
    kl_pg_int(&args, sums->failed);
    return kl_pg_run(s->db, ADD_SUMS, &args, NULL, err);
}

static enum kl_code rest_write(struct store_pg *s, const struct kl_feed_batch *batch, int64_t at_s, struct kl_error *err)
{
    enum kl_code code = journal_write(s, batch, err);

    if (!code)
        code = store_pg_receipts_write(s, batch, err);
    for (size_t i = 0; !code && i < batch->n_positions; i++)
        code = sums_write(s, &batch->positions[i], &s->sums[i], err);
    return code ? code : store_pg_steps_write(s, at_s, err);
}

static enum kl_code batch_write(struct store_pg *s, const struct kl_feed_batch *batch, int64_t at_s, struct kl_error *err)
{
    bool unknown = false;
    enum kl_code code = kl_pg_begin(s->db, err);

    if (!code)
        code = parts_write(s, batch, true, err); /* before the others: the order in which an ending incarnation is locked */
    if (!code)
        code = parts_write(s, batch, false, err);
    if (!code)
        code = rest_write(s, batch, at_s, err);
    if (code) {
        kl_pg_rollback(s->db);
        return code;
    }
    code = kl_pg_commit(s->db, &unknown, err);
    s->unsure = unknown;
    return code;
}

/* ---- before and after it ---- */

static enum kl_code sums_begin(struct store_pg *s, const struct kl_feed_batch *batch, struct kl_error *err)
{
    if (batch->n_positions > s->sums_room) {
        free(s->sums);
        s->sums = calloc(batch->n_positions, sizeof *s->sums);
        s->sums_room = s->sums ? batch->n_positions : 0;
        return s->sums ? KL_OK : kl_fail(err, KL_BUSY, "no memory for positions");
    }
    memset(s->sums, 0, batch->n_positions * sizeof *s->sums);
    return KL_OK;
}

/* Refused, but is it because the commit that got no answer was done? */
static enum kl_code conflict_settle(struct store_pg *s, const struct kl_feed_batch *batch, struct kl_error *err)
{
    struct kl_error asking;
    bool moved;
    enum kl_code code = parts_moved(s, batch, &moved, &asking);

    if (code) {
        *err = asking;
        return code;
    }
    s->unsure = false;
    return moved ? KL_OK : KL_CONFLICT;
}

enum kl_code store_pg_batch(void *ctx, const struct kl_feed_batch *batch, struct kl_error *err)
{
    struct store_pg *s = ctx;
    int64_t at_s = kl_wall_us() / 1000000;
    bool was_unsure = s->unsure;
    enum kl_code code = store_pg_ready(s, err);

    if (code)
        return code;
    store_batch_begin(&s->base, batch);
    code = sums_begin(s, batch, err);
    if (!code)
        code = store_pg_receipts_gather(s, batch, err);
    if (!code)
        code = store_pg_days_make(s, batch, err);
    if (!code)
        code = batch_write(s, batch, at_s, err);
    if (code == KL_CONFLICT && was_unsure)
        code = conflict_settle(s, batch, err);
    if (code) {
        store_pg_days_forget(s); /* another consumer may have dropped one */
        return code;
    }
    store_batch_take(&s->base, at_s, s->n_new);
    return KL_OK;
}
