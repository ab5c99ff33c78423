/* GET /topics/{topic}/settings - all of a topic's settings, and where each value comes from. */
#include "admin.h"
#include "ask.h"
#include "endpoints.h"
#include "settings.h"

static enum kl_code run(struct admin_call *c, struct kl_error *err)
{
    const struct topic_ask *ask = c->ask;
    struct settings settings;

    if (settings_read(c->kafka, RD_KAFKA_RESOURCE_TOPIC, ask->topic, admin_left_ms(c), &settings, err))
        return err->code;
    settings_write(&c->body, &settings);
    settings_fini(&settings);
    return KL_OK;
}

void topic_settings_get(struct kl_request *r)
{
    struct topic_ask *ask;
    struct kl_error err;

    if (ask_topic(r, NULL, &ask, &err))
        kl_reply_error(r, &err);
    else
        admin_do(r, run, ask, ask_free);
}
