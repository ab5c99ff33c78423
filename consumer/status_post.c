/* POST /status - receipts of many messages at once, in the order asked. */
#include <jansson.h>
#include <stdlib.h>

#include "consumer.h"
#include "endpoints.h"
#include "reading.h"
#include "topic.h"

/* Owned by the request. */
struct ask {
    struct reading reading; /* first: reading.h */
    json_t        *doc, *ids;
    struct kl_buf  answer;
};

static enum kl_code body_read(struct kl_request *r, struct ask *ask, struct kl_error *err)
{
    json_error_t at;
    size_t len;
    const char *body = kl_request_body(r, &len);

    ask->doc = json_loadb(body, len, JSON_REJECT_DUPLICATES, &at);
    if (!ask->doc) {
        kl_fail(err, KL_INVALID, "the body is no JSON: %s", at.text);
        err->line = at.line;
        err->column = at.column;
        return KL_INVALID;
    }
    ask->ids = json_object_get(ask->doc, "ids");
    if (!json_is_array(ask->ids))
        return kl_fail_field(err, KL_INVALID, "ids", "want {\"ids\":[...]}");
    if (json_array_size(ask->ids) > STATUS_IDS_MAX)
        return kl_fail_limit(err, KL_TOO_LARGE, "ids", STATUS_IDS_MAX, "%zu ids, %d may be", json_array_size(ask->ids), STATUS_IDS_MAX);
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

static enum kl_code uuids_expect(struct reader *reader, const json_t *ids, struct kl_error *err)
{
    struct kl_uuid *uuids = calloc(json_array_size(ids) + 1, sizeof *uuids);
    enum kl_code code;
    size_t n = 0;

    if (!uuids)
        return kl_fail(err, KL_BUSY, "no memory for the ids");
    for (size_t i = 0; i < json_array_size(ids); i++) {
        const json_t *id = json_array_get(ids, i);

        n += json_is_string(id) && kl_uuid_parse(json_string_value(id), json_string_length(id), &uuids[n]);
    }
    code = reader_expect(reader, uuids, n, err);
    free(uuids);
    return code;
}

static enum kl_code all_write(struct reading *rd, struct reader *reader, struct kl_error *err)
{
    struct ask *ask = (struct ask *)rd;
    struct kl_buf *out = &ask->answer;
    enum kl_code code = uuids_expect(reader, ask->ids, err);

    kl_buf_adds(out, "{\"receipts\":[");
    for (size_t i = 0; !code && i < json_array_size(ask->ids); i++) {
        if (i > 0)
            kl_buf_addc(out, ',');
        code = reading_late(rd) ? kl_fail(err, KL_BUSY, "the store is too slow for so many ids")
                                : one_write(reader, json_array_get(ask->ids, i), out, err);
    }
    kl_buf_adds(out, "]}");
    if (!code && out->failed)
        code = kl_fail(err, KL_BUSY, "no memory for the answer");
    return code;
}

static void reply(struct kl_request *r, struct reading *rd, const struct kl_error *err)
{
    struct ask *ask = (struct ask *)rd;

    if (err->code)
        kl_reply_error(r, err);
    else
        kl_reply_buf(r, 200, "application/json", &ask->answer);
}

static void ask_free(void *p)
{
    struct ask *ask = p;

    json_decref(ask->doc);
    kl_buf_fini(&ask->answer);
    free(ask);
}

void status_post(struct kl_request *r)
{
    const struct consumer *c = kl_request_ctx(r);
    struct ask *ask = calloc(1, sizeof *ask);
    struct kl_error err;

    if (!ask) {
        kl_fail(&err, KL_BUSY, "no memory for the request");
        kl_reply_error(r, &err);
        return;
    }
    ask->reading = (struct reading){ .read = all_write, .reply = reply };
    kl_buf_init(&ask->answer, ANSWER_MAX_BYTES);
    kl_request_attach(r, ask, ask_free);
    if (body_read(r, ask, &err))
        kl_reply_error(r, &err);
    else
        reading_do(r, c->readings, &ask->reading);
}
