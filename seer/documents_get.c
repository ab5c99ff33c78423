/* GET /documents - a page of the documents' facts. */
#include "endpoints.h"
#include "readers.h"
#include "seer.h"
#include "work.h"
#include "write.h"

#define LIMIT_DEFAULT 100
#define LIMIT_MAX     1000

struct page {
    struct kl_buf *body;
    bool           first;
};

static void add_row(void *ctx, const struct reader_document *d)
{
    struct page *p = ctx;

    kl_buf_adds(p->body, p->first ? "{" : ",{");
    write_document(p->body, d);
    kl_buf_addc(p->body, '}');
    p->first = false;
}

static enum kl_code list_run(struct job *j, struct kl_error *err)
{
    struct page page = { .body = &j->body, .first = true };
    struct reader *r;
    int64_t next, total;
    enum kl_code code = readers_take(j->seer->readers, &r, err);

    if (code)
        return code;
    kl_buf_adds(&j->body, "{\"documents\":[");
    code = reader_documents(r, j->ask, add_row, &page, &next, &total, err);
    readers_give(j->seer->readers, r);
    if (next > 0)
        kl_buf_addf(&j->body, "],\"next\":%lld,\"total\":%lld}", (long long)next, (long long)total);
    else
        kl_buf_addf(&j->body, "],\"next\":null,\"total\":%lld}", (long long)total);
    return code;
}

static enum kl_code query_read(struct kl_request *r, struct reader_documents_query **out, struct kl_error *err)
{
    struct reader_documents_query *q = kl_request_memory(r, sizeof *q);
    int64_t limit;

    if (!q)
        return kl_fail(err, KL_BUSY, "no memory for the call");
    if (kl_request_query_int(r, "limit", 1, LIMIT_MAX, LIMIT_DEFAULT, &limit, err) ||
        kl_request_query_int(r, "before", 1, INT64_MAX, INT64_MAX, &q->before, err))
        return err->code;
    q->kind = kl_request_query(r, "kind", NULL);
    q->source = kl_request_query(r, "source", NULL);
    q->limit = (int)limit;
    *out = q;
    return KL_OK;
}

void documents_get(struct kl_request *r)
{
    struct seer *s = kl_request_ctx(r);
    struct reader_documents_query *q = NULL;
    struct kl_error err;

    if (query_read(r, &q, &err))
        kl_reply_error(r, &err);
    else
        work_do(r, s->searching, list_run, q, NULL);
}
