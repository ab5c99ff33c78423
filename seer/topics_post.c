/* POST /topics - choose the topics to learn from. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "endpoints.h"
#include "kafka_producer.h"
#include "learner.h"
#include "seer.h"
#include "topics.h"
#include "work.h"

#define TOPICS_MAX 1000

struct ask {
    char *topics;          /* comma separated; NULL: all */
    bool  from_beginning;
};

static void ask_free(void *ask)
{
    free(((struct ask *)ask)->topics);
    free(ask);
}

static enum kl_code choose_run(struct job *j, struct kl_error *err)
{
    const struct ask *ask = j->ask;

    if (!learner_choose(j->seer->learner, ask->topics, ask->from_beginning, err))
        return topics_run(j, err);
    if (err->code == KL_INVALID)
        snprintf(err->field, sizeof err->field, "topics");
    return err->code;
}

/* ---- reading the request ---- */

static enum kl_code names_join(const json_t *names, struct ask *ask, struct kl_error *err)
{
    struct kl_buf joined;
    size_t i;
    json_t *name;

    if (json_array_size(names) == 0 || json_array_size(names) > TOPICS_MAX)
        return kl_fail_limit(err, KL_INVALID, "topics", TOPICS_MAX, "topics names 1 to %d, or is \"all\"", TOPICS_MAX);
    kl_buf_init(&joined, TOPICS_MAX * (KL_TOPIC_BYTES + 1));
    json_array_foreach(names, i, name) {
        const char *text = json_string_value(name);

        if (!text || !*text || strchr(text, ',')) {
            kl_buf_fini(&joined);
            return kl_fail_field(err, KL_INVALID, "topics", "topics are names and ^patterns, without commas");
        }
        if (i > 0)
            kl_buf_addc(&joined, ',');
        kl_buf_adds(&joined, text);
    }
    ask->topics = joined.failed ? NULL : kl_buf_take(&joined);
    kl_buf_fini(&joined);
    return ask->topics ? KL_OK : kl_fail_field(err, KL_TOO_LARGE, "topics", "the names are too long");
}

static enum kl_code topics_read(const json_t *doc, struct ask *ask, struct kl_error *err)
{
    const json_t *topics = json_object_get(doc, "topics");
    const char *text = json_string_value(topics);

    if (text && !strcmp(text, "all"))
        return KL_OK;
    if (!json_is_array(topics))
        return kl_fail_field(err, KL_INVALID, "topics", "topics is a list of names and ^patterns, or \"all\"");
    return names_join(topics, ask, err);
}

static enum kl_code members_read(json_t *doc, struct ask *ask, struct kl_error *err)
{
    const char *from = json_string_value(json_object_get(doc, "from")), *name;
    json_t *value;

    if (!json_is_object(doc))
        return kl_fail(err, KL_INVALID, "the body is no JSON object");
    json_object_foreach(doc, name, value)
        if (strcmp(name, "topics") && strcmp(name, "from"))
            return kl_fail_field(err, KL_INVALID, name, "\"%.60s\" is not known here", name);
    if (json_object_get(doc, "from") && (!from || (strcmp(from, "beginning") && strcmp(from, "end"))))
        return kl_fail_field(err, KL_INVALID, "from", "from is beginning or end");
    ask->from_beginning = from && !strcmp(from, "beginning");
    return topics_read(doc, ask, err);
}

static enum kl_code ask_read(struct kl_request *r, struct ask *ask, struct kl_error *err)
{
    json_error_t at;
    size_t len;
    const char *body = kl_request_body(r, &len);
    json_t *doc = json_loadb(body, len, JSON_REJECT_DUPLICATES, &at);
    enum kl_code code;

    if (!doc) {
        kl_fail(err, KL_INVALID, "the body is no JSON: %s", at.text);
        err->line = at.line;
        err->column = at.column;
        return KL_INVALID;
    }
    code = members_read(doc, ask, err);
    json_decref(doc);
    return code;
}

void topics_post(struct kl_request *r)
{
    struct seer *s = kl_request_ctx(r);
    struct ask *ask = calloc(1, sizeof *ask);
    struct kl_error err;

    if (!ask) {
        kl_fail(&err, KL_BUSY, "no memory for the topics");
        kl_reply_error(r, &err);
    } else if (ask_read(r, ask, &err)) {
        ask_free(ask);
        kl_reply_error(r, &err);
    } else {
        work_do(r, s->cluster, choose_run, ask, ask_free);
    }
}
