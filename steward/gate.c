/* gate.c - READ_ONLY, in one place: whatever a route does, without GET it changes something. */
#include <string.h>

#include "steward.h"

bool steward_gate(struct kl_request *r)
{
    const struct steward *s = kl_request_ctx(r);
    const char *method = kl_request_method(r);
    struct kl_error err;

    if (!s->conf.read_only || !strcmp(method, "GET") || !strcmp(method, "HEAD"))
        return true;
    kl_fail_field(&err, KL_FORBIDDEN, "READ_ONLY", "READ_ONLY is set: this steward changes nothing");
    kl_reply_error(r, &err);
    return false;
}
