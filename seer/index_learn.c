/* index_learn.c - which topics are learnt. What is chosen is kept in the index, beside the offsets that it decides on. */
#include "index_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"

#define LEARNING_MAX 65536 /* bytes of a list of topics: 250 of the longest names */

/* A list is right when the feed takes it. */
static enum kl_code topics_check(const char *topics, struct kl_error *err)
{
    bool takes;

    if (topics && strlen(topics) > LEARNING_MAX)
        return kl_fail_limit(err, KL_INVALID, "topics", LEARNING_MAX, "the list of topics is longer than %d bytes", LEARNING_MAX);
    return topics ? kl_feed_takes(topics, "a", &takes, err) : KL_OK;
}

static enum kl_code learning_write(struct index *x, const char *topics, bool existing_from_end, struct kl_error *err)
{
    enum kl_code code = index_state_set(x, "learning", topics ? topics : "", err);

    return code ? code : index_state_set_number(x, "existing_from_end", existing_from_end, err);
}

static enum kl_code learn_first(struct index *x, const char *topics, bool existing_from_end, struct kl_error *err)
{
    struct kl_buf chosen;
    bool found;
    enum kl_code code = kl_sqlite_begin(x->db, err);

    if (code)
        return code;
    kl_buf_init(&chosen, LEARNING_MAX);
    code = index_state_get(x, "learning", &chosen, &found, err);
    kl_buf_fini(&chosen);
    if (!code && !found)
        code = learning_write(x, topics, existing_from_end, err);
    return index_finish(x, code, err);
}

enum kl_code index_learn_first(struct index *x, const char *topics, bool existing_from_end, struct kl_error *err)
{
    enum kl_code code;

    topics = topics && *topics ? topics : NULL;
    code = topics_check(topics, err);
    if (code)
        return code;
    turn_take(&x->turn);
    code = learn_first(x, topics, existing_from_end, err);
    turn_give(&x->turn);
    return code;
}

/* ---- what is learnt ---- */

/* The chosen topics and those of ours, for the feed. */
static char *feed_topics(const struct index *x, const char *chosen)
{
    const char *const ours[] = { x->conf.statement_topic, x->conf.question_topic, x->conf.answer_topic };
    struct kl_buf all;

    kl_buf_init(&all, LEARNING_MAX + 4 * KL_TOPIC_BYTES);
    kl_buf_adds(&all, chosen);
    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (ours[i])
            kl_buf_addf(&all, "%s%s", all.len ? "," : "", ours[i]);
    if (all.failed) {
        kl_buf_fini(&all);
        return NULL;
    }
    return kl_buf_take(&all);
}

static enum kl_code learning_read(struct index *x, struct kl_buf *chosen, int64_t *from_end, struct kl_error *err)
{
    static const char FROM_END[] = "SELECT value FROM state WHERE name = 'existing_from_end'";
    bool found;
    sqlite3_stmt *st;
    enum kl_code code = index_state_get(x, "learning", chosen, &found, err);

    if (code)
        return code;
    st = index_statement(x, FROM_END, err);
    return st ? index_number(x, st, 0, from_end, err) : err->code;
}

enum kl_code index_learning(struct index *x, struct index_learning *out, struct kl_error *err)
{
    struct kl_buf chosen;
    int64_t from_end = 0;
    enum kl_code code;

    *out = (struct index_learning){ .all = true };
    kl_buf_init(&chosen, LEARNING_MAX);
    turn_take(&x->turn);
    code = learning_read(x, &chosen, &from_end, err);
    turn_give(&x->turn);
    out->existing_from_end = from_end;
    out->all = !chosen.len;
    if (!code && chosen.len) {
        out->topics = feed_topics(x, chosen.data);
        out->chosen = kl_buf_take(&chosen);
        if (!out->topics || !out->chosen)
            code = kl_fail(err, KL_BUSY, "no memory for the list of topics");
    }
    kl_buf_fini(&chosen);
    if (code)
        index_learning_fini(out);
    return code;
}

void index_learning_fini(struct index_learning *l)
{
    free(l->topics);
    free(l->chosen);
    *l = (struct index_learning){ .all = false };
}

/* ---- choosing anew ---- */

/* Is topic one of the names (not of the patterns) of the list? */
static bool is_named(const char *topics, const char *topic)
{
    size_t len = strlen(topic);

    for (const char *at = topics; at && *at; at += *at == ',') {
        size_t n;

        at += strspn(at, " ");
        n = strcspn(at, ", ");
        if (n == len && !memcmp(at, topic, n))
            return true;
        at += strcspn(at, ",");
    }
    return false;
}

/* Statements, questions, answers: they are read whatever is chosen. */
static bool is_ours(const struct index *x, const char *topic)
{
    const char *const ours[] = { x->conf.statement_topic, x->conf.question_topic, x->conf.answer_topic };

    for (size_t i = 0; i < sizeof ours / sizeof *ours; i++)
        if (ours[i] && !strcmp(ours[i], topic))
            return true;
    return false;
}

/* Is this topic, which was read so far or long ago, to be read from elsewhere than where it was left? */
static bool starts_over(const struct index *x, const char *before, const char *topics, const char *topic, bool from_beginning)
{
    bool was = true, is = true;
    struct kl_error err;

    if (is_ours(x, topic) && !from_beginning)
        return false;
    if (topics && kl_feed_takes(topics, topic, &is, &err))
        is = false;
    if (before && *before && kl_feed_takes(before, topic, &was, &err))
        was = false;
    if (!is)
        return false;
    return from_beginning ? is_named(topics, topic) : !was;
}

/* A topic whose offsets are forgotten is read as one that is new. Those that have an offset already stay as they are. */
static enum kl_code offsets_forget(struct index *x, const char *before, const char *topics, bool from_beginning, struct kl_error *err)
{
    static const char TOPICS[] = "SELECT id, topic FROM incarnations WHERE cluster = ?1 AND over_ms IS NULL";
    static const char FORGET[] = "DELETE FROM offsets WHERE incarnation = ?1";
    sqlite3_stmt *st = index_statement(x, TOPICS, err);
    enum kl_code code = KL_OK;
    int rc = SQLITE_DONE;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, x->cluster);
    while (!code && (rc = sqlite3_step(st)) == SQLITE_ROW)
        if (starts_over(x, before, topics, (const char *)sqlite3_column_text(st, 1), from_beginning))
            code = index_run(x, FORGET, sqlite3_column_int64(st, 0), err);
    if (!code && rc != SQLITE_DONE)
        code = kl_sqlite_fail(x->db, "cannot read the topics", err);
    sqlite3_reset(st);
    return code;
}

static enum kl_code learn(struct index *x, const char *topics, bool from_beginning, struct kl_error *err)
{
    /* So that the feed takes what has no offset for what existed before it came, and existing_from_end decides. */
    static const char NOT_CONTACTED[] = "UPDATE clusters SET contacted = 0";
    struct kl_buf before;
    bool found;
    enum kl_code code = kl_sqlite_begin(x->db, err);

    if (code)
        return code;
    kl_buf_init(&before, LEARNING_MAX);
    code = index_state_get(x, "learning", &before, &found, err);
    if (!code)
        code = offsets_forget(x, before.data, topics, from_beginning, err);
    kl_buf_fini(&before);
    if (!code)
        code = learning_write(x, topics, !from_beginning, err);
    if (!code)
        code = kl_sqlite_exec(x->db, NOT_CONTACTED, err);
    return index_finish(x, code, err);
}

enum kl_code index_learn(struct index *x, const char *topics, bool from_beginning, struct kl_error *err)
{
    enum kl_code code;

    topics = topics && *topics ? topics : NULL;
    code = topics_check(topics, err);
    if (code)
        return code;
    turn_take(&x->turn);
    code = learn(x, topics, from_beginning, err);
    turn_give(&x->turn);
    return code;
}
