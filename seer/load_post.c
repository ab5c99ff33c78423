/* POST /load - files below LOAD_DIR, their names one a line. A file that cannot be loaded leaves the others alone. */
#include <stdlib.h>
#include <string.h>

#include "endpoints.h"
#include "load_dir.h"
#include "seer.h"
#include "take.h"
#include "work.h"

#define FILES_MAX 1000 /* of one call */

/* The names, each ended by a NUL; the job's. */
struct ask {
    size_t n;
    char  *names[FILES_MAX];
    char   text[];
};

struct loading {
    struct job    *job;
    const char    *name;
    size_t         bytes;   /* of its text */
    size_t         files, loaded;
    struct kl_error why;    /* of the last that could not be loaded */
};

static bool tell_progress(void *ctx, size_t done_bytes, int64_t passages)
{
    const struct loading *l = ctx;
    char room[LOAD_NAME_MAX * 6 + 256];
    struct kl_buf json;

    if (job_wants_events(l->job)) {
        kl_buf_init_fixed(&json, room, sizeof room);
        kl_buf_adds(&json, "{\"file\":");
        kl_buf_add_json(&json, l->name, strlen(l->name));
        kl_buf_addf(&json, ",\"done_bytes\":%zu,\"bytes\":%zu,\"passages\":%lld}", done_bytes, l->bytes, (long long)passages);
        job_event(l->job, "progress", json.data, json.len);
    }
    return !job_stopping(l->job);
}

static enum kl_code load_file(struct loading *l, struct index_put *put, struct kl_error *err)
{
    const struct seer_conf *conf = l->job->seer->conf;
    struct take take = { .source = l->name, .progress = tell_progress, .progress_ctx = l };
    struct kl_buf body;
    enum kl_code code;

    kl_buf_init(&body, (size_t)conf->document_max_bytes);
    code = load_dir_read(conf->load_dir, l->name, &body, err);
    if (!code) {
        l->bytes = body.len;
        take.body = body.data ? body.data : "";
        take.len = body.len;
        tell_progress(l, 0, 0);
        code = take_document(l->job->seer, &take, put, err);
    }
    kl_buf_fini(&body);
    return code;
}

static void load_one(struct loading *l)
{
    struct kl_buf *b = &l->job->body;
    struct index_put put;

    kl_buf_adds(b, l->files++ ? ",{\"source\":" : "{\"source\":");
    kl_buf_add_json(b, l->name, strlen(l->name));
    if (!load_file(l, &put, &l->why)) {
        kl_buf_addf(b, ",\"id\":%lld,\"passages\":%lld}", (long long)put.id, (long long)put.passages);
        l->loaded++;
        return;
    }
    kl_buf_adds(b, ",\"error\":");
    kl_buf_add_json(b, l->why.text, strlen(l->why.text));
    kl_buf_addc(b, '}');
}

static enum kl_code load_run(struct job *j, struct kl_error *err)
{
    const struct ask *ask = j->ask;
    struct loading l = { .job = j };

    kl_buf_adds(&j->body, "{\"files\":[");
    for (size_t i = 0; i < ask->n; i++) {
        if (job_stopping(j))
            return kl_fail(err, KL_BUSY, "the service is stopping, %zu of %zu files are loaded", l.loaded, ask->n);
        l.name = ask->names[i];
        load_one(&l);
    }
    kl_buf_addf(&j->body, "],\"status\":\"%zu file(s) loaded\"}", l.loaded);
    if (l.loaded > 0)
        return KL_OK;
    *err = l.why;
    return err->code == KL_BUSY ? KL_BUSY : (err->code = KL_INVALID); /* whatever was wrong with each: the call asked for it */
}

/* ---- reading the request ---- */

static enum kl_code names_cut(struct ask *ask, struct kl_error *err)
{
    char *rest = NULL;

    for (char *name = strtok_r(ask->text, "\r\n", &rest); name; name = strtok_r(NULL, "\r\n", &rest)) {
        if (ask->n == FILES_MAX)
            return kl_fail_limit(err, KL_TOO_LARGE, "", FILES_MAX, "more than %d files are named", FILES_MAX);
        ask->names[ask->n++] = name;
    }
    return ask->n > 0 ? KL_OK : kl_fail(err, KL_INVALID, "the body names no file: one a line");
}

static enum kl_code ask_read(struct kl_request *r, struct ask **out, struct kl_error *err)
{
    size_t len;
    const char *body = kl_request_body(r, &len);
    struct ask *ask;

    if (memchr(body, '\0', len) || !kl_utf8_valid(body, len))
        return kl_fail(err, KL_INVALID, "the names are not text in UTF-8");
    ask = malloc(sizeof *ask + len + 1);
    if (!ask)
        return kl_fail(err, KL_BUSY, "no memory for the names");
    ask->n = 0;
    memcpy(ask->text, body, len);
    ask->text[len] = '\0';
    if (names_cut(ask, err)) {
        free(ask);
        return err->code;
    }
    *out = ask;
    return KL_OK;
}

void load_post(struct kl_request *r)
{
    struct seer *s = kl_request_ctx(r);
    struct kl_error err;
    struct ask *ask = NULL;

    if (!s->conf->load_dir) {
        kl_fail_field(&err, KL_FORBIDDEN, "LOAD_DIR", "LOAD_DIR is not set: start the seer with LOAD_DIR=/a/directory to load files below it, or send them with PUT /documents");
        kl_reply_error(r, &err);
    } else if (ask_read(r, &ask, &err)) {
        kl_reply_error(r, &err);
    } else {
        work_do_events(r, s->loading, load_run, ask, free);
    }
}
