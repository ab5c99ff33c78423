/* POST /status - receipts of many messages at once, in the order asked. */
#include <jansson.h>

#include "consumer.h"
#include "endpoints.h"
#include "readers.h"
#include "topic.h"

static enum kl_code body_read(struct kl_request *r, json_t **ids, json_t **doc, struct kl_error *err)
{
    json_error_t at;
    size_t len;
    const char *body = kl_request_body(r, &len);

    *doc = json_loadb(body, len, JSON_REJECT_DUPLICATES, &at);
    if (!*doc) {
        kl_fail(err, KL_INVALID, "the body is no JSON: %s", at.text);
        err->line = at.line;
        err->column = at.column;
        return KL_INVALID;
    }
    *ids = json_object_get(*doc, "ids");
    if (!json_is_array(*ids))
        return kl_fail_field(err, KL_INVALID, "ids", "want {\"ids\":[...]}");
    if (json_array_size(*ids) > STATUS_IDS_MAX)
        return kl_fail_limit(err, KL_TOO_LARGE, "ids", STATUS_IDS_MAX, "%zu ids, %d may be", json_array_size(*ids), STATUS_IDS_MAX);
    return KL_OK;
}

/* Appends what is known of the message that an element of ids names. */
static enum kl_code one_write(struct reader *reader, const json_t *element, struct kl_buf *out, struct kl_error *err)
{
    const char *id = json_string_value(element);
    size_t len = json_string_length(element);
    const struct receipt *receipt;
    struct kl_uuid uuid;
    char topic[KL_TOPIC_BYTES];
    int32_t partition;
    int64_t offset;
    enum kl_code code;

    if (!id)
        return kl_fail_field(err, KL_INVALID, "ids", "an id is a string");
    if (kl_uuid_parse(id, len, &uuid))
        code = reader_find_id(reader, &uuid, &receipt, err);
    else if (receipt_name_read(id, len, topic, &partition, &offset))
        code = reader_find_place(reader, topic, partition, offset, &receipt, err);
    else
        return kl_fail_field(err, KL_INVALID, "ids", "an id is a UUID, or topic/partition/offset");
    if (!code && !receipt_json(out, receipt))
        code = kl_fail_limit(err, KL_TOO_LARGE, "ids", ANSWER_MAX_BYTES, "the receipts of so many ids are too large for one answer");
    return code;
}

static enum kl_code all_write(struct reader *reader, const json_t *ids, struct kl_buf *out, struct kl_error *err)
{
    enum kl_code code = KL_OK;

    kl_buf_adds(out, "{\"receipts\":[");
    for (size_t i = 0; !code && i < json_array_size(ids); i++) {
        if (i > 0)
            kl_buf_addc(out, ',');
        code = one_write(reader, json_array_get(ids, i), out, err);
    }
    kl_buf_adds(out, "]}");
    if (!code && out->failed)
        code = kl_fail(err, KL_BUSY, "no memory for the answer");
    return code;
}

void status_post(struct kl_request *r)
{
    struct consumer *c = kl_request_ctx(r);
    struct reader *reader = NULL;
    json_t *ids, *doc = NULL;
    struct kl_buf answer;
    struct kl_error err;

    kl_buf_init(&answer, ANSWER_MAX_BYTES);
    if (body_read(r, &ids, &doc, &err) || readers_take(c->readers, &reader, &err) || all_write(reader, ids, &answer, &err))
        kl_reply_error(r, &err);
    else
        kl_reply_buf(r, 200, "application/json", &answer);
    readers_give(c->readers, reader);
    json_decref(doc);
    kl_buf_fini(&answer);
}
