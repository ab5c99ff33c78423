#include "group_ask.h"

#include <stdlib.h>
#include <string.h>

#include "ask.h"

enum kl_code group_ask_name(struct kl_request *r, char out[GROUP_NAME_MAX + 1], struct kl_error *err)
{
    size_t len;
    const char *name = kl_request_param(r, "group", &len);

    if (len == 0 || strlen(name) != len || !kl_utf8_valid(name, len))
        return kl_fail_field(err, KL_INVALID, "group", "a group's name is text of one character at least");
    if (len > GROUP_NAME_MAX)
        return kl_fail_limit(err, KL_TOO_LARGE, "group", GROUP_NAME_MAX, "a group's name has at most %d bytes here", GROUP_NAME_MAX);
    memcpy(out, name, len + 1);
    return KL_OK;
}

enum kl_code group_ask_read(struct kl_request *r, struct group_ask **out, struct kl_error *err)
{
    struct group_ask *ask = calloc(1, sizeof *ask);

    if (!ask)
        return kl_fail(err, KL_BUSY, "no memory for the call");
    if (group_ask_name(r, ask->group, err) || ask_flag(r, "dry_run", &ask->dry_run, err)) {
        free(ask);
        return err->code;
    }
    *out = ask;
    return KL_OK;
}

void group_ask_free(void *group_ask)
{
    struct group_ask *ask = group_ask;

    if (!ask)
        return;
    reset_request_fini(&ask->reset);
    free(ask);
}
