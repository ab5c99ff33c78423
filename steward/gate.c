/* gate.c - READ_ONLY, in one place: whatever a route does, without GET it changes something, unless it is a dry run. */
#include <string.h>

#include "steward.h"

static bool only_looks(struct kl_request *r)
{
    const char *method = kl_request_method(r), *dry_run = kl_request_query(r, "dry_run", NULL);

    return !strcmp(method, "GET") || !strcmp(method, "HEAD") || (dry_run && !strcmp(dry_run, "true"));
}

bool steward_gate(struct kl_request *r)
{
    const struct steward *s = kl_request_ctx(r);
    struct kl_error err;

    if (!s->conf.read_only || only_looks(r))
        return true;
    kl_fail_field(&err, KL_FORBIDDEN, "READ_ONLY", "READ_ONLY is set: this steward changes nothing");
    kl_reply_error(r, &err);
    return false;
}
