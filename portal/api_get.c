/* api_get.c - what stands below /api besides the services. */
#include "portal.h"

void health_text(struct kl_request *r)
{
    kl_reply_static(r, 200, "text/plain; charset=utf-8", "OK", 2);
}

/* Never the page: a script that asks a wrong path must not take HTML for an answer. */
void api_unknown(struct kl_request *r)
{
    struct kl_error err;

    kl_fail_field(&err, KL_NOT_FOUND, "path",
                  "below /api are /api/producer/, /api/consumer/, /api/steward/, /api/seer/ and /api/health");
    kl_reply_error(r, &err);
}
