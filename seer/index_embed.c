/* index_embed.c - vectors that are made later, on a thread of their own: of what came while the embedder failed, of messages
 * when it is an endpoint (which the feed does not wait for), and of everything when another embedder takes over.
 *
 * Passages are read in a turn, their vectors made outside of it and stored in another; what was deleted in between is left
 * out. So nothing waits for an embedder but this thread. */
#include "index_internal.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "clock.h"
#include "log.h"

#define LATER_PASSAGES  32 /* at once: some requests to an endpoint with all of their sentences */
#define LATER_NICE      10
#define LOOK_S          1  /* how often it looks when nobody wakes it: the embedder may work again */

struct index_embed {
    struct index    *x;
    pthread_t        thread;
    struct kl_buf    texts;                 /* the thread's */
    struct index_pieces pieces;             /* the thread's; texts' */
    int64_t          ids[LATER_PASSAGES];
    pthread_mutex_t  lock;                  /* guards what follows */
    pthread_cond_t   changed;
    bool             woken, ending;
};

/* ---- one round ---- */

/* Passages without vectors, the oldest first. Their bytes go to texts, and pieces point there when all have come. */
static enum kl_code bare_list(struct index_embed *e, struct kl_error *err)
{
    static const char BARE[] =
        "SELECT p.id, p.text FROM documents d CROSS JOIN passages p ON p.id >= d.first AND p.id < d.first + d.passages" /* CROSS: the few documents first, never all passages */
        " WHERE d.embedded = 0 AND d.state = 1 AND NOT EXISTS (SELECT 1 FROM passage_vectors v WHERE v.passage = p.id)"
        " ORDER BY d.id, p.id LIMIT ?1"; /* index_state */
    struct passage passage = { .text = NULL };
    sqlite3_stmt *st = index_statement(e->x, BARE, err);
    enum kl_code code = KL_OK;
    int rc = SQLITE_DONE;

    if (!st)
        return err->code;
    sqlite3_bind_int64(st, 1, LATER_PASSAGES);
    while (!code && e->pieces.n < LATER_PASSAGES && (rc = sqlite3_step(st)) == SQLITE_ROW) {
        e->ids[e->pieces.n] = sqlite3_column_int64(st, 0);
        passage.len = (size_t)sqlite3_column_bytes(st, 1);
        code = index_pieces_add(&e->pieces, &passage, err);
        if (!code && !kl_buf_add(&e->texts, sqlite3_column_text(st, 1), passage.len))
            code = kl_fail(err, KL_BUSY, "no memory for passages");
    }
    if (!code && rc != SQLITE_ROW && rc != SQLITE_DONE)
        return kl_sqlite_fail(e->x->db, "cannot read the index", err);
    sqlite3_reset(st);
    return code;
}

static void texts_point(struct index_embed *e)
{
    const char *at = e->texts.data;

    for (size_t i = 0; i < e->pieces.n; i++) {
        e->pieces.pieces[i].passage.text = at;
        at += e->pieces.pieces[i].passage.len;
    }
}

static enum kl_code vectors_write(struct index_embed *e, bool there[LATER_PASSAGES], struct kl_error *err)
{
    static const char PASSAGE[] = "SELECT 1 FROM passages WHERE id = ?1";
    enum kl_code code = KL_OK;

    for (size_t i = 0; !code && i < e->pieces.n; i++) {
        const struct index_piece *piece = &e->pieces.pieces[i];
        sqlite3_stmt *st = index_statement(e->x, PASSAGE, err);
        int64_t found = 0;

        if (!st)
            return err->code;
        sqlite3_bind_int64(st, 1, e->ids[i]);
        code = index_number(e->x, st, 0, &found, err);
        there[i] = found;
        if (!code && found)
            code = index_vectors_insert(e->x, e->ids[i], &e->pieces, piece, err);
    }
    return code;
}

static enum kl_code documents_mark(struct index *x, struct kl_error *err)
{
    static const char MARK[] =
        "UPDATE documents SET embedded = 1 WHERE id IN (SELECT id FROM documents WHERE embedded = 0 AND state = 1 ORDER BY id LIMIT ?1)"
        " AND NOT EXISTS (SELECT 1 FROM passages p WHERE p.id >= documents.first AND p.id < documents.first + documents.passages"
        " AND NOT EXISTS (SELECT 1 FROM passage_vectors v WHERE v.passage = p.id))";

    return index_run(x, MARK, LATER_PASSAGES, err);
}

static enum kl_code round_store(struct index_embed *e, struct kl_error *err)
{
    bool there[LATER_PASSAGES] = { false };
    enum kl_code code;

    if (e->pieces.n && !index_vectors_ready(e->x))
        return kl_fail(err, KL_BUSY, "vectors cannot be kept");
    code = kl_sqlite_begin(e->x->db, err);
    if (code)
        return code;
    code = vectors_write(e, there, err);
    if (!code)
        code = documents_mark(e->x, err);
    code = index_finish(e->x, code, err);
    for (size_t i = 0; !code && i < e->pieces.n; i++)
        if (there[i])
            index_pieces_show(e->x, e->ids[i], &e->pieces, i, i + 1);
    return code;
}

/* An endpoint tells how wide its vectors are with its first answer. Only then can those in the file be taken into memory, or
 * dropped when another embedder made them; so it is asked before anything else. */
static bool vectors_known(struct index_embed *e, struct kl_error *err)
{
    struct index *x = e->x;
    bool known;

    if (x->vectors)
        return true;
    kl_buf_clear(&e->pieces.rows);
    if (embedder_rows(x->conf.embedder, &(struct embedder_text){ "?", 1 }, 1, &e->pieces.rows, err))
        return false;
    turn_take(&x->turn);
    known = index_vectors_ready(x) != NULL;
    turn_give(&x->turn);
    if (!known)
        kl_fail(err, KL_BUSY, "the vectors cannot be read");
    return known;
}

/* *more: there may be more to do at once. */
static enum kl_code round_run(struct index_embed *e, bool *more, struct kl_error *err)
{
    enum kl_code code;

    *more = false;
    if (kl_mono_us() < e->x->embed_again_us)
        return KL_OK;
    if (!vectors_known(e, err))
        return err->code;
    kl_buf_clear(&e->texts);
    index_pieces_clear(&e->pieces);
    turn_take(&e->x->turn);
    code = bare_list(e, err);
    turn_give(&e->x->turn);
    if (code || !e->pieces.n)
        return code;
    texts_point(e);
    index_pieces_embed(e->x, &e->pieces);
    if (!e->pieces.embedded)
        return KL_OK;
    turn_take(&e->x->turn);
    code = round_store(e, err);
    turn_give(&e->x->turn);
    *more = !code;
    return code;
}

/* ---- the thread ---- */

/* Waits until woken or a second is over. false: it is to end. */
static bool waited(struct index_embed *e)
{
    struct timespec until;
    bool go;

    clock_gettime(CLOCK_REALTIME, &until);
    until.tv_sec += LOOK_S;
    pthread_mutex_lock(&e->lock);
    if (!e->woken && !e->ending)
        pthread_cond_timedwait(&e->changed, &e->lock, &until);
    e->woken = false;
    go = !e->ending;
    pthread_mutex_unlock(&e->lock);
    return go;
}

static bool ending(struct index_embed *e)
{
    bool end;

    pthread_mutex_lock(&e->lock);
    end = e->ending;
    pthread_mutex_unlock(&e->lock);
    return end;
}

static void *run(void *ctx)
{
    struct index_embed *e = ctx;
    struct kl_error err;

    setpriority(PRIO_PROCESS, (id_t)gettid(), LATER_NICE);
    while (waited(e)) {
        bool more = true;

        while (more && !ending(e))
            if (round_run(e, &more, &err)) {
                kl_warn("vectors could not be made or stored, this is tried again", KL_S("why", err.text));
                e->x->embed_again_us = kl_mono_us() + INDEX_EMBED_PAUSE_US;
            }
    }
    return NULL;
}

enum kl_code index_embed_start(struct index *x, struct kl_error *err)
{
    struct index_embed *e;

    if (!x->conf.embedder)
        return KL_OK;
    e = calloc(1, sizeof *e);
    if (!e)
        return kl_fail(err, KL_BUSY, "no memory for the index");
    e->x = x;
    kl_buf_init(&e->texts, LATER_PASSAGES * PASSAGE_BYTES_MAX);
    index_pieces_init(&e->pieces);
    pthread_mutex_init(&e->lock, NULL);
    pthread_cond_init(&e->changed, NULL);
    if (pthread_create(&e->thread, NULL, run, e)) {
        free(e);
        return kl_fail(err, KL_BUSY, "no thread for vectors");
    }
    pthread_setname_np(e->thread, "vectors-later");
    x->embed = e;
    return KL_OK;
}

void index_embed_wake(struct index *x)
{
    struct index_embed *e = x->embed;

    if (!e)
        return;
    pthread_mutex_lock(&e->lock);
    e->woken = true;
    pthread_cond_signal(&e->changed);
    pthread_mutex_unlock(&e->lock);
}

void index_embed_end(struct index *x)
{
    struct index_embed *e = x->embed;

    if (!e)
        return;
    pthread_mutex_lock(&e->lock);
    e->ending = true;
    pthread_cond_signal(&e->changed);
    pthread_mutex_unlock(&e->lock);
    pthread_join(e->thread, NULL);
    pthread_cond_destroy(&e->changed);
    pthread_mutex_destroy(&e->lock);
    index_pieces_fini(&e->pieces);
    kl_buf_fini(&e->texts);
    free(e);
    x->embed = NULL;
}
