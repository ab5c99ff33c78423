#include "answer.h"

#include <string.h>

#include "problem.h"

#define PROBLEM_MAX_BYTES 4096 /* a kl_error's texts, escaped */

static void add_id(struct kl_buf *out, const char *member, const struct kl_uuid *id)
{
    char text[KL_UUID_TEXT];

    kl_uuid_text(id, text);
    kl_buf_adds(out, member);
    kl_buf_add(out, text, sizeof text);
}

static void add_number(struct kl_buf *out, const char *member, int64_t n)
{
    kl_buf_adds(out, member);
    kl_buf_addi(out, n);
}

bool answer_add_acked(struct kl_buf *out, const struct outcome *o, const char *topic)
{
    add_id(out, "{\"id\":\"", &o->id);
    kl_buf_adds(out, "\",\"topic\":\"");
    kl_buf_adds(out, topic); /* a legal name needs no escapes */
    add_number(out, "\",\"partition\":", o->partition);
    if (o->offset >= 0)
        add_number(out, ",\"offset\":", o->offset);
    else
        kl_buf_adds(out, ",\"offset\":null");
    add_number(out, ",\"timestamp_ms\":", o->timestamp_ms);
    add_number(out, ",\"accepted_us\":", o->accepted_us);
    add_number(out, ",\"ack_us\":", o->delay_us);
    return kl_buf_addc(out, '}') && !out->failed;
}

void answer_problem(struct kl_request *r, const struct kl_error *err, const struct kl_uuid *id)
{
    char id_text[KL_UUID_TEXT + 1];
    struct kl_buf out;

    kl_uuid_text(id, id_text);
    id_text[KL_UUID_TEXT] = 0;
    kl_buf_init(&out, PROBLEM_MAX_BYTES);
    kl_problem_json(&out, err, id_text);
    kl_reply_problem(r, err, &out);
}

enum kl_code answer_topic(const struct kl_request *r, char name[KL_TOPIC_BYTES], struct kl_error *err)
{
    size_t len;
    const char *topic = kl_request_param(r, "topic", &len);

    if (kl_topic_check(topic, len, err))
        return err->code;
    memcpy(name, topic, len);
    name[len] = 0;
    if (kl_topic_internal(name))
        return kl_fail_field(err, KL_FORBIDDEN, "topic", "topic \"%s\" is internal: nobody writes to it from outside", name);
    return KL_OK;
}
