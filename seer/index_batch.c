/* index_batch.c - a batch of the feed's: messages as documents, statements, questions, answers and the offsets after them, in
 * one transaction. Extracting, cutting and embedding come before it and outside of the turn; what memory holds (catalog,
 * vectors, counts) changes after the commit, so a batch that failed can come again. */
#include "index_internal.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "extract.h"
#include "message_id.h"
#include "text.h"

#define TEXT_MAX         (8 << 20) /* bytes of one message's text: Kafka's messages have 1 MB, their fields' names come on top */
#define TYPE_BYTES       128
#define SOURCE_BYTES     (KL_TOPIC_BYTES + 40)
#define CONTENT_TYPE     "content-type"

/* A record that becomes a document. */
struct learnt {
    const struct kl_feed_record *record;
    struct index_incarnation    *inc;
    enum index_kind  kind;
    struct kl_buf    text;
    struct index_statement said;       /* of a statement */
    char             message_id[KL_UUID_TEXT + 1];
    char             type[TYPE_BYTES];
    size_t           from, to;         /* in pieces */
    int64_t          id, first;        /* once it is inserted; 0: it was in the index already */
};

struct batch {
    struct index               *x;
    const struct kl_feed_batch *feed;
    struct learnt              *learnt;
    size_t                      n;
    struct index_pieces         pieces;
    int64_t                     not_text, doubled, questions, answers, statements, messages;
};

static bool is_topic(const struct kl_feed_record *record, const char *topic)
{
    return topic && !strcmp(record->incarnation->topic, topic);
}

/* ---- before the transaction ---- */

static void headers_read(struct learnt *l)
{
    struct kl_message_id id;
    rd_kafka_headers_t *headers;
    const char *name;
    const void *value;
    size_t len;

    if (rd_kafka_message_headers(l->record->message, &headers) != RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    for (size_t i = 0; !rd_kafka_header_get_all(headers, i, &name, &value, &len); i++) {
        if (value && !strcmp(name, KL_MESSAGE_ID_HEADER) && kl_message_id_read(&id, value, len))
            kl_uuid_text(&id.id, l->message_id);
        else if (value && !strcasecmp(name, CONTENT_TYPE) && len < sizeof l->type)
            snprintf(l->type, sizeof l->type, "%.*s", (int)len, (const char *)value);
    }
}

static enum kl_code message_read(struct learnt *l, struct kl_error *err)
{
    const rd_kafka_message_t *m = l->record->message;

    kl_buf_clear(&l->text);
    return extract_message(m->payload, m->len, *l->type ? l->type : NULL, &l->text, err);
}

/* The text of the record; KL_NOT_FOUND: it has none that is taken. */
static enum kl_code text_read(struct learnt *l, struct kl_error *err)
{
    const rd_kafka_message_t *m = l->record->message;
    enum kl_code code;

    if (l->kind == INDEX_STATEMENT)
        return index_statement_read(m->payload, m->len, &l->text, &l->said, err);
    code = message_read(l, err);
    if (code == KL_TOO_LARGE) { /* or there was no memory: then the message must come again, not be passed over */
        kl_buf_clear(&l->text);
        if (!kl_buf_reserve(&l->text, TEXT_MAX))
            return kl_fail(err, KL_BUSY, "no memory for a message");
        code = message_read(l, err);
    }
    return code == KL_TOO_LARGE || code == KL_INVALID || code == KL_UNSUPPORTED ? KL_NOT_FOUND : code;
}

static enum kl_code text_cut(struct batch *b, struct learnt *l, struct kl_error *err)
{
    struct passages it;
    struct passage p;
    enum kl_code code = KL_OK;

    l->from = b->pieces.n;
    passages_begin(&it, l->text.data ? l->text.data : "", l->text.len);
    while (!code && passages_next(&it, &p))
        code = index_pieces_add(&b->pieces, &p, err);
    l->to = b->pieces.n;
    return code;
}

static enum kl_code record_read(struct batch *b, const struct kl_feed_record *record, struct kl_error *err)
{
    struct learnt *l = &b->learnt[b->n];
    enum kl_code code;

    if (is_topic(record, b->x->conf.question_topic) || is_topic(record, b->x->conf.answer_topic))
        return KL_OK;
    *l = (struct learnt){ .record = record, .inc = index_incarnation(b->x, record->incarnation->id),
                          .kind = is_topic(record, b->x->conf.statement_topic) ? INDEX_STATEMENT : INDEX_MESSAGE };
    kl_buf_init(&l->text, TEXT_MAX);
    headers_read(l);
    b->n++; /* from here on batch_fini() frees it */
    code = text_read(l, err);
    if (!code)
        return text_cut(b, l, err);
    if (code != KL_NOT_FOUND)
        return code;
    l->inc->skipped++;
    b->not_text++;
    kl_buf_fini(&l->text);
    index_statement_fini(&l->said);
    b->n--;
    return KL_OK;
}

static enum kl_code records_read(struct batch *b, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    b->learnt = calloc(b->feed->n_records ? b->feed->n_records : 1, sizeof *b->learnt);
    if (!b->learnt)
        return kl_fail(err, KL_BUSY, "no memory for messages");
    for (size_t i = 0; !code && i < b->feed->n_records; i++)
        code = record_read(b, &b->feed->records[i], err);
    if (!code && b->x->conf.embedder && b->x->conf.messages_later)
        index_pieces_bare(b->x, &b->pieces);
    else if (!code)
        index_pieces_embed(b->x, &b->pieces);
    return code;
}

/* ---- the transaction ---- */

static int64_t time_of(const struct kl_feed_record *record)
{
    rd_kafka_timestamp_type_t type;
    int64_t ms = rd_kafka_message_timestamp(record->message, &type);

    return type == RD_KAFKA_TIMESTAMP_NOT_AVAILABLE || ms < 0 ? record->fetched_us / 1000 : ms;
}

/* In the moment before the feed noticed that a topic had been made again, records of the new log may have been read under
 * the incarnation before (kafka_feed.h: behind its mark). Such a message moves over instead of being doubled. */
static enum kl_code moved_over(struct index *x, const struct index_row *row, int64_t before, bool *moved, struct kl_error *err)
{
    static const char MOVE[] =
        "UPDATE documents SET incarnation = ?1 WHERE incarnation = ?2 AND part = ?3 AND pos = ?4 AND time_ms = ?5 AND message_id IS ?6"
        " AND bytes = ?7 AND chars = ?8"
        " AND EXISTS (SELECT 1 FROM offsets o WHERE o.incarnation = ?2 AND o.part = ?3 AND ?4 >= o.mark_next AND ?4 < o.next)";
    sqlite3_stmt *st = index_statement(x, MOVE, err);
    enum kl_code code;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, row->incarnation);
    sqlite3_bind_int64(st, 2, before);
    sqlite3_bind_int(st, 3, row->part);
    sqlite3_bind_int64(st, 4, row->pos);
    sqlite3_bind_int64(st, 5, row->time_ms);
    if (row->message_id)
        sqlite3_bind_text(st, 6, row->message_id, -1, SQLITE_STATIC);
    sqlite3_bind_int64(st, 7, row->bytes);
    sqlite3_bind_int64(st, 8, row->chars);
    code = kl_sqlite_run(x->db, st, err);
    *moved = !code && sqlite3_changes(kl_sqlite_handle(x->db)) > 0;
    return code;
}

static void row_fill(struct index_row *row, const struct batch *b, const struct learnt *l, char source[SOURCE_BYTES])
{
    const rd_kafka_message_t *m = l->record->message;

    snprintf(source, SOURCE_BYTES, "%s/%" PRId32 "/%" PRId64, l->record->incarnation->topic, m->partition, m->offset);
    *row = (struct index_row){
        .id = b->x->next_document, .first = b->x->next_passage, .passages = (int64_t)(l->to - l->from), .kind = l->kind,
        .state = INDEX_VISIBLE, .source = source, .type = *l->type ? l->type : NULL, .bytes = (int64_t)m->len,
        .chars = l->text.len ? text_chars(l->text.data, l->text.len) : 0,
        .lines = index_lines(l->text.data, l->text.len), .added_ms = kl_wall_us() / 1000, .time_ms = time_of(l->record),
        .incarnation = l->inc->id, .topic = l->inc->topic, .part = m->partition, .pos = m->offset,
        .message_id = *l->message_id ? l->message_id : NULL, .embedded = b->pieces.embedded,
    };
    if (l->kind != INDEX_STATEMENT)
        return;
    row->source = l->said.source ? l->said.source : index_kind_name(INDEX_STATEMENT);
    row->title = l->said.title;
    row->tags = l->said.tags;
}

/* The row and its passages. The catalog has it from now on, hidden. */
static enum kl_code row_write(struct batch *b, struct learnt *l, const struct index_row *row, struct kl_error *err)
{
    struct index *x = b->x;
    struct catalog_entry e = index_entry(row);
    bool inserted;
    enum kl_code code = index_row_insert(x, row, &inserted, err);

    if (code || !inserted)
        return code;
    code = catalog_add(x->catalog, &e, err);
    if (code)
        return code;
    l->id = row->id;
    l->first = row->first;
    x->next_document++;
    x->next_passage += row->passages;
    return index_pieces_insert(x, row->id, row->first, &b->pieces, l->from, l->to, err);
}

static enum kl_code learnt_write(struct batch *b, struct learnt *l, struct kl_error *err)
{
    char source[SOURCE_BYTES];
    struct index_row row;
    bool moved = false;
    enum kl_code code = KL_OK;

    row_fill(&row, b, l, source);
    if (l->inc->before)
        code = moved_over(b->x, &row, l->inc->before, &moved, err);
    if (!code && !moved)
        code = row_write(b, l, &row, err);
    if (code)
        return code;
    if (!l->id) {
        b->doubled++;
        return KL_OK;
    }
    l->inc->messages++;
    b->messages += l->kind == INDEX_MESSAGE;
    b->statements += l->kind == INDEX_STATEMENT;
    return KL_OK;
}

static enum kl_code asked_write(struct batch *b, const struct kl_feed_record *record, struct kl_error *err)
{
    bool taken = false;
    enum kl_code code = KL_OK;

    if (is_topic(record, b->x->conf.question_topic)) {
        code = index_question_write(b->x, record, &taken, err);
        b->questions += taken;
    } else if (is_topic(record, b->x->conf.answer_topic)) {
        code = index_answer_write(b->x, record, &taken, err);
        b->answers += taken;
    }
    return code;
}

static enum kl_code position_write(struct index *x, const struct kl_feed_position *at, struct kl_error *err)
{
    static const char SET_OFFSET[] =
        "INSERT INTO offsets (incarnation, part, next, mark_ms, mark_next) VALUES (?1, ?2, ?3, ?4, ?5)"
        " ON CONFLICT (incarnation, part) DO UPDATE SET next = ?3, mark_ms = ?4, mark_next = ?5";
    sqlite3_stmt *st = index_statement(x, SET_OFFSET, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, at->incarnation->id);
    sqlite3_bind_int(st, 2, at->partition);
    sqlite3_bind_int64(st, 3, at->next);
    sqlite3_bind_int64(st, 4, at->mark_ms);
    sqlite3_bind_int64(st, 5, at->mark_next);
    return kl_sqlite_run(x->db, st, err);
}

static enum kl_code totals_write(struct index *x, const struct index_incarnation *inc, struct kl_error *err)
{
    static const char ADD_TOTALS[] = "UPDATE incarnations SET messages = messages + ?2, skipped = skipped + ?3,"
                                     " last_ms = CASE WHEN ?2 > 0 THEN ?4 ELSE last_ms END WHERE id = ?1";
    sqlite3_stmt *st = index_statement(x, ADD_TOTALS, err);

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, inc->id);
    sqlite3_bind_int64(st, 2, inc->messages);
    sqlite3_bind_int64(st, 3, inc->skipped);
    sqlite3_bind_int64(st, 4, kl_wall_us() / 1000);
    return kl_sqlite_run(x->db, st, err);
}

static enum kl_code all_write(struct batch *b, struct kl_error *err)
{
    struct index *x = b->x;
    enum kl_code code = KL_OK;

    for (size_t i = 0; !code && i < b->n; i++)
        code = learnt_write(b, &b->learnt[i], err);
    for (size_t i = 0; !code && i < b->feed->n_records; i++)
        code = asked_write(b, &b->feed->records[i], err);
    if (!code && b->questions)
        code = index_questions_trim(x, err);
    for (size_t i = 0; !code && i < b->feed->n_positions; i++)
        code = position_write(x, &b->feed->positions[i], err);
    for (size_t i = 0; !code && i < x->n_incarnations; i++)
        if (x->incarnations[i].messages || x->incarnations[i].skipped)
            code = totals_write(x, &x->incarnations[i], err);
    return code;
}

/* ---- after it ---- */

static void all_show(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct learnt *l = &b->learnt[i];

        if (!l->id)
            continue;
        index_pieces_show(b->x, l->first, &b->pieces, l->from, l->to);
        catalog_show(b->x->catalog, l->id, 0);
    }
}

static void all_forget(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->learnt[i].id)
            catalog_remove(b->x->catalog, b->learnt[i].id);
}

static void counts_take(struct batch *b)
{
    struct index *x = b->x;

    x->counts.batches++;
    x->counts.messages += b->messages;
    x->counts.statements += b->statements;
    x->counts.not_text += b->not_text;
    x->counts.doubled += b->doubled;
    x->counts.questions += b->questions;
    x->counts.answers += b->answers;
}

static enum kl_code batch_store(struct batch *b, struct kl_error *err)
{
    struct index *x = b->x;
    enum kl_code code;

    if (b->pieces.n_rows)
        index_vectors_ready(x);
    code = kl_sqlite_begin(x->db, err);
    if (code)
        return code;
    code = index_finish(x, all_write(b, err), err);
    if (code) {
        all_forget(b);
        return code;
    }
    all_show(b);
    counts_take(b);
    return KL_OK;
}

static void batch_fini(struct batch *b)
{
    for (size_t i = 0; i < b->n; i++) {
        kl_buf_fini(&b->learnt[i].text);
        index_statement_fini(&b->learnt[i].said);
    }
    free(b->learnt);
    index_pieces_fini(&b->pieces);
}

enum kl_code index_feed_batch(void *ctx, const struct kl_feed_batch *feed, struct kl_error *err)
{
    struct index *x = ctx;
    struct batch b = { .x = x, .feed = feed };
    enum kl_code code;

    for (size_t i = 0; i < x->n_incarnations; i++)
        x->incarnations[i].messages = x->incarnations[i].skipped = 0;
    index_pieces_init(&b.pieces);
    code = records_read(&b, err);
    if (!code) {
        turn_take(&x->turn);
        code = batch_store(&b, err);
        turn_give(&x->turn);
    }
    if (!code)
        x->added += b.pieces.n;
    if (!code && b.questions && x->conf.asked)
        x->conf.asked(x->conf.asked_ctx);
    if (!code && b.n && !b.pieces.embedded)
        index_embed_wake(x);
    batch_fini(&b);
    return code;
}
