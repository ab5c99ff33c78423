/* GET /documents/{id} - one document's facts and a range of its text; DELETE /documents/{id}. */
#include <string.h>

#include "endpoints.h"
#include "index.h"
#include "readers.h"
#include "seer.h"
#include "work.h"
#include "write.h"

#define RANGE_MAX 100000 /* characters: some 40 screens */

struct ask {
    int64_t id, from, to;
};

static enum kl_code id_read(struct kl_request *r, struct ask **out, struct kl_error *err)
{
    size_t len;
    const char *text = kl_request_param(r, "id", &len);
    struct ask *ask = kl_request_memory(r, sizeof *ask);

    if (!ask)
        return kl_fail(err, KL_BUSY, "no memory for the call");
    if (len == 0 || len > 18 || strspn(text, "0123456789") != len)
        return kl_fail_field(err, KL_INVALID, "id", "id is the number of a document");
    for (; *text; text++)
        ask->id = ask->id * 10 + (*text - '0');
    *out = ask;
    return KL_OK;
}

static void write_range(void *ctx, const struct reader_text *t)
{
    struct kl_buf *b = ctx;

    kl_buf_addc(b, '{');
    write_document(b, &t->document);
    kl_buf_addf(b, ",\"lines\":%lld,\"span\":[%lld,%lld],\"text\":", (long long)t->document.lines, (long long)t->from, (long long)t->to);
    kl_buf_add_json(b, t->text, t->len);
    kl_buf_addc(b, '}');
}

static enum kl_code get_run(struct job *j, struct kl_error *err)
{
    const struct ask *ask = j->ask;
    struct reader *r;
    enum kl_code code = readers_take(j->seer->readers, &r, err);

    if (code)
        return code;
    code = reader_document(r, ask->id, ask->from, ask->to, write_range, &j->body, err);
    readers_give(j->seer->readers, r);
    return code;
}

static enum kl_code range_read(struct kl_request *r, struct ask *ask, struct kl_error *err)
{
    if (kl_request_query_int(r, "from", 0, INT64_MAX - RANGE_MAX, 0, &ask->from, err) ||
        kl_request_query_int(r, "to", 0, INT64_MAX, ask->from + RANGE_MAX, &ask->to, err))
        return err->code;
    if (ask->to < ask->from)
        return kl_fail_field(err, KL_INVALID, "to", "to is before from");
    if (ask->to - ask->from > RANGE_MAX)
        return kl_fail_limit(err, KL_INVALID, "to", RANGE_MAX, "to is more than %d characters behind from", RANGE_MAX);
    return KL_OK;
}

void document_get(struct kl_request *r)
{
    struct seer *s = kl_request_ctx(r);
    struct kl_error err;
    struct ask *ask = NULL;

    if (id_read(r, &ask, &err) || range_read(r, ask, &err))
        kl_reply_error(r, &err);
    else
        work_do(r, s->searching, get_run, ask, NULL);
}

static enum kl_code delete_run(struct job *j, struct kl_error *err)
{
    j->status = 204;
    return index_delete(j->seer->index, ((const struct ask *)j->ask)->id, err);
}

void document_delete(struct kl_request *r)
{
    struct seer *s = kl_request_ctx(r);
    struct kl_error err;
    struct ask *ask = NULL;

    if (id_read(r, &ask, &err))
        kl_reply_error(r, &err);
    else
        work_do(r, s->loading, delete_run, ask, NULL);
}
