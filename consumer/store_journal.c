/* store_journal.c - blocks of the producers' journal (docs/topics.md). A block is kept as it came; what a receipt needs of
 * it is found when somebody asks. Only failures are taken out, since a message that failed may never be read. */
#include "store_internal.h"

#include "log.h"
#include "outcomes.h"

/* What the outcomes of one block are written with. */
struct journal {
    struct store            *s;
    struct kl_outcomes_head *head;
    enum kl_code             code; /* of the first failure to write */
    struct kl_error         *err;
};

static enum kl_code failure_write(struct store *s, const struct kl_outcomes_head *head, int64_t number,
                                  const struct kl_outcome *o, struct kl_error *err)
{
    static const char SET_FAILURE[] = "INSERT OR REPLACE INTO failures (id, start, topic, part, number, accepted_us, failed_us,"
                                      " persisted, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
    sqlite3_stmt *st = store_statement(s, SET_FAILURE, err);

    if (!st)
        return err->code;
    sqlite3_bind_blob(st, 1, o->id.b, sizeof o->id.b, SQLITE_STATIC);
    sqlite3_bind_int64(st, 2, (int64_t)head->start);
    sqlite3_bind_text(st, 3, head->topic, -1, SQLITE_STATIC);
    sqlite3_bind_int(st, 4, head->partition);
    sqlite3_bind_int64(st, 5, number);
    sqlite3_bind_int64(st, 6, o->accepted_us);
    sqlite3_bind_int64(st, 7, o->accepted_us + o->delay_us);
    sqlite3_bind_int(st, 8, o->state == KL_FAILED_POSSIBLY);
    sqlite3_bind_text(st, 9, o->reason, -1, SQLITE_STATIC);
    return kl_sqlite_run(s->db, st, err);
}

static void on_outcome(void *ctx, int64_t number, const struct kl_outcome *o)
{
    struct journal *j = ctx;
    struct store_news news = { true, o->id, "", 0, 0 };

    if (j->code || o->state == KL_ACKED)
        return;
    j->code = failure_write(j->s, j->head, number, o, j->err);
    if (j->code)
        return;
    j->s->failed++;
    if (!store_news_add(j->s, &news))
        j->code = kl_fail(j->err, KL_BUSY, "no memory for a batch's news");
}

static enum kl_code block_write(struct store *s, const struct kl_outcomes_head *head, const void *bytes, size_t len, struct kl_error *err)
{
    static const char INSERT_BLOCK[] = "INSERT INTO blocks (start, topic, part, first, count, written_us, bytes)"
                                       " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7) ON CONFLICT (start, topic, part, first) DO NOTHING";
    sqlite3_stmt *st = store_statement(s, INSERT_BLOCK, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, (int64_t)head->start);
    sqlite3_bind_text(st, 2, head->topic, -1, SQLITE_STATIC);
    sqlite3_bind_int(st, 3, head->partition);
    sqlite3_bind_int64(st, 4, head->first);
    sqlite3_bind_int64(st, 5, head->count);
    sqlite3_bind_int64(st, 6, head->written_us);
    sqlite3_bind_blob(st, 7, bytes, (int)len, SQLITE_STATIC);
    return kl_sqlite_run(s->db, st, err);
}

static enum kl_code run_write(struct store *s, const struct kl_outcomes_head *head, struct kl_error *err)
{
    static const char SET_RUN[] =
        "INSERT INTO runs (start, topic, part, last_acked, closed, written_us) VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
        " ON CONFLICT (start, topic, part) DO UPDATE SET last_acked = max(last_acked, ?4), closed = max(closed, ?5),"
        " written_us = max(written_us, ?6)";
    sqlite3_stmt *st = store_statement(s, SET_RUN, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, (int64_t)head->start);
    sqlite3_bind_text(st, 2, head->topic, -1, SQLITE_STATIC);
    sqlite3_bind_int(st, 3, head->partition);
    sqlite3_bind_int64(st, 4, head->last_acked);
    sqlite3_bind_int(st, 5, head->closed);
    sqlite3_bind_int64(st, 6, head->written_us);
    return kl_sqlite_run(s->db, st, err);
}

/* Reads the block twice: whole first, so that half a block leaves nothing behind. */
enum kl_code store_journal(struct store *s, const rd_kafka_message_t *block, struct kl_error *err)
{
    struct kl_outcomes_head head;
    struct journal j = { .s = s, .head = &head, .err = err };
    struct kl_error why;

    if (!block->payload || kl_outcomes_read(block->payload, block->len, &head, NULL, NULL, &why)) {
        kl_warn("a record of the journal is no block, left out", KL_I("partition", block->partition),
                KL_I("offset", block->offset), KL_S("why", block->payload ? why.text : "no value"));
        s->counts.blocks_bad++;
        return KL_OK;
    }
    if (kl_outcomes_read(block->payload, block->len, &head, on_outcome, &j, &why) && !j.code)
        return kl_fail(err, KL_BROKEN, "a journal block changed while it was read: %s", why.text);
    if (!j.code && head.count)
        j.code = block_write(s, &head, block->payload, block->len, err);
    if (!j.code)
        j.code = run_write(s, &head, err);
    if (!j.code)
        s->counts.blocks++;
    return j.code;
}
