/* GET /brokers/{id}/settings - all of a broker's settings, and where each value comes from. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admin.h"
#include "endpoints.h"
#include "settings.h"
#include "snapshot.h"
#include "steward.h"

#define ID_TEXT 12 /* an int32_t with its NUL */

static enum kl_code run(struct admin_call *c, struct kl_error *err)
{
    struct settings settings;

    if (settings_read(c->kafka, RD_KAFKA_RESOURCE_BROKER, c->ask, admin_left_ms(c), &settings, err))
        return err->code;
    settings_write(&c->body, &settings);
    settings_fini(&settings);
    return KL_OK;
}

static bool has_broker(const struct view *v, const char *id)
{
    for (size_t i = 0; i < v->n_brokers; i++) {
        char text[ID_TEXT];

        snprintf(text, sizeof text, "%d", v->brokers[i].id);
        if (!strcmp(text, id))
            return true;
    }
    return false;
}

/* Asked of a broker that is not there, librdkafka would wait for it to come. */
static enum kl_code broker_check(struct kl_request *r, const char **id, struct kl_error *err)
{
    const struct steward *s = kl_request_ctx(r);
    struct view *v;
    bool there;

    *id = kl_request_param(r, "id", NULL);
    if (snapshot_need(s->snapshot, &v, err))
        return err->code;
    there = has_broker(v, *id);
    view_unref(v);
    return there ? KL_OK : kl_fail_field(err, KL_NOT_FOUND, "id", "the cluster has no broker with this id");
}

void broker_settings_get(struct kl_request *r)
{
    struct kl_error err;
    const char *id;
    char *ask;

    if (broker_check(r, &id, &err)) {
        kl_reply_error(r, &err);
        return;
    }
    ask = strdup(id);
    if (ask) {
        admin_do(r, run, ask, free);
        return;
    }
    kl_fail(&err, KL_BUSY, "no memory for the call");
    kl_reply_error(r, &err);
}
