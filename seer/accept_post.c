/* POST /accept - one statement. */
#include <stdlib.h>
#include <string.h>

#include "endpoints.h"
#include "naming.h"
#include "seer.h"
#include "take.h"
#include "work.h"

static enum kl_code accept_run(struct job *j, struct kl_error *err)
{
    struct index_put put;

    if (take_statement(j->seer, j->ask, &put, err))
        return err->code;
    j->status = 201;
    kl_buf_addf(&j->body, "{\"id\":%lld,\"status\":\"statement accepted\",\"passages\":%lld}", (long long)put.id, (long long)put.passages);
    return KL_OK;
}

void accept_post(struct kl_request *r)
{
    struct seer *s = kl_request_ctx(r);
    struct take *take = kl_request_memory(r, sizeof *take);
    struct naming naming;
    struct kl_error err;

    if (!take) {
        kl_fail(&err, KL_BUSY, "no memory for the statement");
        kl_reply_error(r, &err);
        return;
    }
    take->body = kl_request_body(r, &take->len);
    if (take->len == 0 || strspn(take->body, " \t\r\n") == take->len) {
        kl_fail(&err, KL_INVALID, "the statement is empty");
        kl_reply_error(r, &err);
    } else if (naming_read(r, &naming, &err)) {
        kl_reply_error(r, &err);
    } else {
        take->source = naming.source;
        take->title = naming.title;
        take->tags = naming.tags;
        work_do(r, s->loading, accept_run, take, NULL);
    }
}
