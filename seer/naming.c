#include "naming.h"

#include "index.h"

static enum kl_code read_one(struct kl_request *r, const char *name, const char **out, struct kl_error *err)
{
    size_t len = 0;
    const char *text = kl_request_query(r, name, &len);

    *out = len > 0 ? text : NULL;
    if (len > INDEX_NAME_MAX)
        return kl_fail_limit(err, KL_INVALID, name, INDEX_NAME_MAX, "%s has %zu bytes, %d may pass", name, len, INDEX_NAME_MAX);
    if (*out && !kl_utf8_valid(text, len))
        return kl_fail_field(err, KL_INVALID, name, "%s is not UTF-8", name);
    return KL_OK;
}

enum kl_code naming_read(struct kl_request *r, struct naming *out, struct kl_error *err)
{
    if (read_one(r, "source", &out->source, err) || read_one(r, "title", &out->title, err))
        return err->code;
    return read_one(r, "tags", &out->tags, err);
}
