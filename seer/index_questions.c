/* index_questions.c - what comes from Kafka besides messages: statements, questions that wait for their answers, and the
 * answers, which end the waiting. */
#include "index_internal.h"

#include <inttypes.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "message_id.h"
#include "text.h"

/* ---- values: text, or a JSON object with it ---- */

/* The object, when the value is one with a string of this name; else NULL, and the value is text by itself. */
static json_t *object_read(const char *value, size_t len, const char *name)
{
    json_t *doc = len && *value == '{' ? json_loadb(value, len, JSON_REJECT_DUPLICATES, NULL) : NULL;

    if (doc && json_is_string(json_object_get(doc, name)))
        return doc;
    json_decref(doc);
    return NULL;
}

static bool is_text(const char *value, size_t len)
{
    struct kl_error err;

    return value && len && !text_check(value, len, &err);
}

static bool has_words(const struct kl_buf *text)
{
    return text->len && strspn(text->data, " \t\r\n") < text->len;
}

/* A copy of a member that is a string and not too long; else NULL. */
static char *member_copy(const json_t *doc, const char *name)
{
    const char *text = json_string_value(json_object_get(doc, name));

    return text && *text && strlen(text) <= INDEX_NAME_MAX ? strdup(text) : NULL;
}

enum kl_code index_statement_read(const char *value, size_t len, struct kl_buf *text, struct index_statement *out, struct kl_error *err)
{
    json_t *doc, *said;
    bool added;

    if (!is_text(value, len))
        return kl_fail(err, KL_NOT_FOUND, "the statement is not text");
    if (len > text->max)
        return kl_fail_limit(err, KL_NOT_FOUND, "", (int64_t)text->max, "the statement has more than %zu bytes", text->max);
    doc = object_read(value, len, "text");
    if (doc) {
        said = json_object_get(doc, "text");
        added = kl_buf_add(text, json_string_value(said), json_string_length(said));
        *out = (struct index_statement){ member_copy(doc, "source"), member_copy(doc, "title"), member_copy(doc, "tags") };
        json_decref(doc);
    } else {
        added = kl_buf_add(text, value, len);
    }
    if (!added)
        return kl_fail(err, KL_BUSY, "no memory for a statement");
    return has_words(text) ? KL_OK : kl_fail(err, KL_NOT_FOUND, "the statement is empty");
}

void index_statement_fini(struct index_statement *s)
{
    free(s->source);
    free(s->title);
    free(s->tags);
    *s = (struct index_statement){ .source = NULL };
}

/* ---- ids ---- */

static bool header_find(const rd_kafka_message_t *m, const char *wanted, const void **value, size_t *len)
{
    rd_kafka_headers_t *headers;

    return rd_kafka_message_headers(m, &headers) == RD_KAFKA_RESP_ERR_NO_ERROR
        && rd_kafka_header_get_last(headers, wanted, value, len) == RD_KAFKA_RESP_ERR_NO_ERROR && *value;
}

static void question_id(const struct kl_feed_record *record, char id[INDEX_QUESTION_ID_MAX])
{
    struct kl_message_id header;
    const void *value;
    size_t len;

    memset(id, 0, KL_UUID_TEXT + 1); /* kl_uuid_text() writes no NUL */
    if (header_find(record->message, KL_MESSAGE_ID_HEADER, &value, &len) && kl_message_id_read(&header, value, len))
        kl_uuid_text(&header.id, id);
    else
        snprintf(id, INDEX_QUESTION_ID_MAX, "%s/%" PRId32 "/%" PRId64, record->incarnation->topic, record->message->partition, record->message->offset);
}

/* ---- in the batch's transaction ---- */

static enum kl_code question_insert(struct index *x, const char *id, const char *question, size_t len, const struct kl_feed_record *record,
                                    struct kl_error *err)
{
    static const char INSERT_QUESTION[] = "INSERT INTO questions (id, question, key, asked_ms) SELECT ?1, ?2, ?3, ?4"
                                          " WHERE NOT EXISTS (SELECT 1 FROM answered WHERE id = ?1)";
    const rd_kafka_message_t *m = record->message;
    sqlite3_stmt *st = index_statement(x, INSERT_QUESTION, err);

    if (!st)
        return err->code;
    sqlite3_bind_text(st, 1, id, -1, SQLITE_STATIC);
    sqlite3_bind_text(st, 2, question, (int)len, SQLITE_STATIC);
    if (m->key && m->key_len <= INDEX_KEY_MAX)
        sqlite3_bind_blob(st, 3, m->key, (int)m->key_len, SQLITE_STATIC);
    sqlite3_bind_int64(st, 4, record->fetched_us / 1000);
    return kl_sqlite_run(x->db, st, err);
}

enum kl_code index_question_write(struct index *x, const struct kl_feed_record *record, bool *taken, struct kl_error *err)
{
    const char *value = record->message->payload;
    size_t len = record->message->len;
    char id[INDEX_QUESTION_ID_MAX];
    enum kl_code code = KL_OK;
    json_t *doc;

    *taken = false;
    if (!is_text(value, len))
        return KL_OK;
    doc = object_read(value, len, "question");
    if (doc) {
        value = json_string_value(json_object_get(doc, "question"));
        len = json_string_length(json_object_get(doc, "question"));
    }
    if (len <= INDEX_QUESTION_MAX) {
        question_id(record, id);
        code = question_insert(x, id, value, len, record, err);
        *taken = !code && sqlite3_changes(kl_sqlite_handle(x->db)) > 0;
    }
    json_decref(doc);
    return code;
}

/* The id, with a statement that takes it as its first parameter. */
static enum kl_code run_id(struct index *x, const char *sql, const char *id, size_t len, struct kl_error *err)
{
    sqlite3_stmt *st = index_statement(x, sql, err);

    if (!st)
        return err->code;
    sqlite3_bind_text(st, 1, id, (int)len, SQLITE_STATIC);
    return kl_sqlite_run(x->db, st, err);
}

enum kl_code index_answer_write(struct index *x, const struct kl_feed_record *record, bool *taken, struct kl_error *err)
{
    static const char KEEP_ANSWERED[] = "INSERT INTO answered (id) VALUES (?1) ON CONFLICT (id) DO NOTHING";
    static const char END_WAITING[] = "DELETE FROM questions WHERE id = ?1";
    const void *id;
    size_t len;
    enum kl_code code;

    *taken = header_find(record->message, INDEX_QUESTION_ID_HEADER, &id, &len) && len < INDEX_QUESTION_ID_MAX && is_text(id, len);
    if (!*taken)
        return KL_OK;
    code = run_id(x, KEEP_ANSWERED, id, len, err);
    return code ? code : run_id(x, END_WAITING, id, len, err);
}

enum kl_code index_questions_trim(struct index *x, struct kl_error *err)
{
    static const char TRIM[] = "DELETE FROM questions WHERE number <= (SELECT max(number) FROM questions) - ?1";

    return index_run(x, TRIM, INDEX_QUESTIONS_MAX, err);
}

/* ---- for whoever answers ---- */

static enum kl_code questions_list(struct index *x, int64_t after, int limit, void (*each)(void *ctx, const struct index_question *q),
                                   void *ctx, struct kl_error *err)
{
    static const char WAITING[] = "SELECT number, id, question, key, asked_ms FROM questions WHERE number > ?1 ORDER BY number LIMIT ?2";
    sqlite3_stmt *st = index_statement(x, WAITING, err);
    int rc;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, after);
    sqlite3_bind_int(st, 2, limit);
    while ((rc = sqlite3_step(st)) == SQLITE_ROW)
        each(ctx, &(struct index_question){
                      .number = sqlite3_column_int64(st, 0), .id = (const char *)sqlite3_column_text(st, 1),
                      .question = (const char *)sqlite3_column_text(st, 2), .question_len = (size_t)sqlite3_column_bytes(st, 2),
                      .key = sqlite3_column_blob(st, 3), .key_len = (size_t)sqlite3_column_bytes(st, 3),
                      .asked_ms = sqlite3_column_int64(st, 4) });
    if (rc != SQLITE_DONE)
        return kl_sqlite_fail(x->db, "cannot read the questions", err);
    sqlite3_reset(st);
    return KL_OK;
}

enum kl_code index_questions(struct index *x, int64_t after, int limit, void (*each)(void *ctx, const struct index_question *q), void *ctx,
                             struct kl_error *err)
{
    enum kl_code code;

    turn_take(&x->turn);
    code = questions_list(x, after, limit, each, ctx, err);
    turn_give(&x->turn);
    return code;
}

enum kl_code index_answered(struct index *x, int64_t number, struct kl_error *err)
{
    static const char END_WAITING[] = "DELETE FROM questions WHERE number = ?1";
    enum kl_code code;

    turn_take(&x->turn);
    code = index_run(x, END_WAITING, number, err);
    turn_give(&x->turn);
    return code;
}
