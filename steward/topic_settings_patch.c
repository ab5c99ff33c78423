/* PATCH /topics/{topic}/settings - sets some and puts some (null) back to their default; ?dry_run=true asks the broker
 * whether it would, and answers the settings as they would be. */
#include "admin.h"
#include "ask.h"
#include "endpoints.h"
#include "settings.h"

static enum kl_code run(struct admin_call *c, struct kl_error *err)
{
    const struct topic_ask *ask = c->ask;
    const json_t *changes = json_object_get(ask->body, "settings");
    struct settings settings;

    if (settings_change(c->kafka, ask->topic, changes, ask->dry_run, admin_left_ms(c), &settings, err))
        return err->code;
    settings_write(&c->body, &settings);
    settings_fini(&settings);
    return KL_OK;
}

void topic_settings_patch(struct kl_request *r)
{
    static const char *const members[] = { "settings", NULL };
    struct topic_ask *ask = NULL;
    struct kl_error err;

    if (ask_topic(r, members, &ask, &err) || ask_changeable(ask->topic, &err) ||
        settings_check(json_object_get(ask->body, "settings"), true, &err)) {
        ask_free(ask);
        kl_reply_error(r, &err);
    } else {
        admin_do(r, run, ask, ask_free);
    }
}
