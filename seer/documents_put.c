/* PUT /documents - a document in place of what its source had; of multipart/form-data each file is one.
 *
 * A body is whole in memory, so no more than UPLOADS_MAX of them are taken at once: a call gets its place when its
 * headers are there, before its body is read. */
#include <string.h>

#include "endpoints.h"
#include "multipart.h"
#include "naming.h"
#include "seer.h"
#include "take.h"
#include "work.h"

static void add_text(struct kl_buf *b, const char *name, const char *text)
{
    kl_buf_adds(b, name);
    kl_buf_add_json(b, text, strlen(text));
}

static void add_put(struct kl_buf *b, const char *source, const struct index_put *put)
{
    kl_buf_addf(b, "{\"id\":%lld,", (long long)put->id);
    add_text(b, "\"source\":", source);
    kl_buf_addf(b, ",\"passages\":%lld,\"kind\":\"document\",\"replaced\":%s}", (long long)put->passages, put->replaced ? "true" : "false");
}

/* A large document takes longer than a service may take to stop. */
static bool goes_on(void *job, size_t done_bytes, int64_t passages)
{
    (void)done_bytes, (void)passages;
    return !job_stopping(job);
}

static enum kl_code put_one(struct job *j, struct kl_error *err)
{
    struct take take = *(const struct take *)j->ask;
    struct index_put put;

    take.progress = goes_on;
    take.progress_ctx = j;
    if (take_document(j->seer, &take, &put, err))
        return err->code;
    j->status = put.replaced ? 200 : 201;
    add_put(&j->body, take.source, &put);
    return KL_OK;
}

/* One that cannot be taken leaves the others alone. */
static bool put_part(struct job *j, const struct multipart_part *part, bool first, struct kl_error *err)
{
    const struct take *whole = j->ask;
    struct take take = { .source = part->filename, .tags = whole->tags, .content_type = part->type[0] ? part->type : NULL,
                         .body = part->data, .len = part->len, .progress = goes_on, .progress_ctx = j };
    struct index_put put;

    if (!first)
        kl_buf_addc(&j->body, ',');
    if (!take_document(j->seer, &take, &put, err)) {
        add_put(&j->body, part->filename, &put);
        return true;
    }
    add_text(&j->body, "{\"source\":", part->filename);
    add_text(&j->body, ",\"error\":", err->text);
    kl_buf_addc(&j->body, '}');
    return false;
}

static enum kl_code put_parts(struct job *j, struct kl_error *err)
{
    const struct take *take = j->ask;
    struct multipart_part part;
    struct multipart it;
    struct kl_error why;
    size_t files = 0, taken = 0;
    bool more = true;

    if (multipart_begin(&it, take->content_type, take->body, take->len, err))
        return err->code;
    kl_buf_adds(&j->body, "{\"documents\":[");
    while (more) {
        if (multipart_next(&it, &part, &more, err))
            return err->code;
        if (!more || !part.filename[0])
            continue;
        if (job_stopping(j))
            return kl_fail(err, KL_BUSY, "the service is stopping, %zu documents are taken", taken);
        taken += put_part(j, &part, files == 0, &why);
        files++;
    }
    kl_buf_adds(&j->body, "]}");
    if (files == 0)
        return kl_fail(err, KL_INVALID, "no part of the body has a file's name");
    if (taken == 0) {
        *err = why;
        return why.code;
    }
    return KL_OK;
}

void documents_begin(struct kl_request *r)
{
    work_reserve(r, ((struct seer *)kl_request_ctx(r))->loading);
}

static enum kl_code put_read(struct kl_request *r, struct take *take, struct kl_error *err)
{
    struct naming naming;

    if (naming_read(r, &naming, err))
        return err->code;
    *take = (struct take){ .source = naming.source, .title = naming.title, .tags = naming.tags, .content_type = kl_request_header(r, "Content-Type") };
    take->body = kl_request_body(r, &take->len);
    if (!take->source && !multipart_is(take->content_type))
        return kl_fail_field(err, KL_INVALID, "source", "?source= is missing: the name that the document goes by");
    return KL_OK;
}

void documents_put(struct kl_request *r)
{
    struct seer *s = kl_request_ctx(r);
    struct take *take = kl_request_memory(r, sizeof *take);
    struct kl_error err;

    if (!take) {
        kl_fail(&err, KL_BUSY, "no memory for the document");
        kl_reply_error(r, &err);
    } else if (put_read(r, take, &err)) {
        kl_reply_error(r, &err);
    } else {
        work_do(r, s->loading, multipart_is(take->content_type) ? put_parts : put_one, take, NULL);
    }
}
