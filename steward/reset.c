#include "reset.h"

#include <stdlib.h>
#include <string.h>

/* ---- what is asked ---- */

static enum kl_code topics_read(struct reset_request *r, const json_t *topics, struct kl_error *err)
{
    const json_t *topic;
    size_t i;

    if (!topics)
        return KL_OK;
    if (!json_is_array(topics) || json_array_size(topics) == 0)
        return kl_fail_field(err, KL_INVALID, "topics", "topics is a list of names; without it, all topics of the group are meant");
    if (json_array_size(topics) > RESET_TOPICS_MAX)
        return kl_fail_limit(err, KL_TOO_LARGE, "topics", RESET_TOPICS_MAX, "at most %d topics at once", RESET_TOPICS_MAX);
    r->topics = calloc(json_array_size(topics), sizeof *r->topics);
    if (!r->topics)
        return kl_fail(err, KL_BUSY, "no memory for the topics");
    json_array_foreach(topics, i, topic) {
        if (!json_is_string(topic))
            return kl_fail_field(err, KL_INVALID, "topics", "a topic is named by a string");
        if (kl_topic_check(json_string_value(topic), json_string_length(topic), err)) {
            strcpy(err->field, "topics"); /* it says "topic" */
            return err->code;
        }
        strcpy(r->topics[r->n_topics++], json_string_value(topic));
    }
    return KL_OK;
}

static bool is_partition(const json_t *n)
{
    return json_is_integer(n) && json_integer_value(n) >= 0 && json_integer_value(n) <= INT32_MAX;
}

static enum kl_code partitions_read(struct reset_request *r, const json_t *partitions, struct kl_error *err)
{
    const json_t *n;
    size_t i;

    if (!partitions)
        return KL_OK;
    if (!json_is_array(partitions) || json_array_size(partitions) == 0)
        return kl_fail_field(err, KL_INVALID, "partitions", "partitions is a list of numbers; without it, all are meant");
    if (r->n_topics != 1)
        return kl_fail_field(err, KL_INVALID, "partitions", "partitions are those of one topic: name it alone in topics");
    if (json_array_size(partitions) > RESET_PARTITIONS_MAX)
        return kl_fail_limit(err, KL_TOO_LARGE, "partitions", RESET_PARTITIONS_MAX, "at most %d partitions at once", RESET_PARTITIONS_MAX);
    r->partitions = calloc(json_array_size(partitions), sizeof *r->partitions);
    if (!r->partitions)
        return kl_fail(err, KL_BUSY, "no memory for the partitions");
    json_array_foreach(partitions, i, n) {
        if (!is_partition(n))
            return kl_fail_field(err, KL_INVALID, "partitions", "a partition is a number from 0 to %d", INT32_MAX);
        r->partitions[r->n_partitions++] = (int32_t)json_integer_value(n);
    }
    return KL_OK;
}

static const struct {
    const char   *name;
    enum reset_to to;
    json_int_t    min;
} numbered[] = {
    { "time_ms", RESET_TIME, 0 },
    { "offset", RESET_OFFSET, 0 },
    { "shift", RESET_SHIFT, INT64_MIN },
};
#define N_NUMBERED (sizeof numbered / sizeof *numbered)

static bool numbered_read(struct reset_target *target, const json_t *to)
{
    for (size_t i = 0; i < N_NUMBERED; i++) {
        const json_t *n = json_object_get(to, numbered[i].name);

        if (!n)
            continue;
        *target = (struct reset_target){ numbered[i].to, json_integer_value(n) };
        return json_object_size(to) == 1 && json_is_integer(n) && target->n >= numbered[i].min;
    }
    return false;
}

static enum kl_code target_read(struct reset_target *target, const json_t *to, struct kl_error *err)
{
    const char *text = json_string_value(to);

    if (text && !strcmp(text, "earliest"))
        *target = (struct reset_target){ RESET_EARLIEST, 0 };
    else if (text && !strcmp(text, "latest"))
        *target = (struct reset_target){ RESET_LATEST, 0 };
    else if (!numbered_read(target, to))
        return kl_fail_field(err, KL_INVALID, "to", "to is \"earliest\", \"latest\", {\"time_ms\":n}, {\"offset\":n} or {\"shift\":n}");
    return KL_OK;
}

enum kl_code reset_request_read(struct reset_request *out, const json_t *body, struct kl_error *err)
{
    *out = (struct reset_request){ .n_topics = 0 };
    if (topics_read(out, json_object_get(body, "topics"), err) || partitions_read(out, json_object_get(body, "partitions"), err))
        return err->code;
    return target_read(&out->target, json_object_get(body, "to"), err);
}

void reset_request_fini(struct reset_request *r)
{
    free(r->topics);
    free(r->partitions);
}

/* ---- what it comes to ---- */

static struct reset_change clamp(int64_t to, const struct reset_place *place)
{
    if (to < place->low)
        return (struct reset_change){ place->low, true };
    if (to > place->high)
        return (struct reset_change){ place->high, true };
    return (struct reset_change){ to, false };
}

/* A shift by any number, also one that passes what 64 bits hold. */
static int64_t add(int64_t offset, int64_t shift)
{
    int64_t sum;

    return __builtin_add_overflow(offset, shift, &sum) ? (shift < 0 ? 0 : INT64_MAX) : sum;
}

struct reset_change reset_plan(const struct reset_target *target, const struct reset_place *place)
{
    switch (target->to) {
    case RESET_EARLIEST:
        return clamp(place->low, place);
    case RESET_LATEST:
        return clamp(place->high, place);
    case RESET_TIME: /* no message is that young: what comes next is */
        return clamp(place->at_time < 0 ? place->high : place->at_time, place);
    case RESET_OFFSET:
        return clamp(target->n, place);
    case RESET_SHIFT:
        break;
    }
    return place->committed < 0 ? (struct reset_change){ -1, false } : clamp(add(place->committed, target->n), place);
}
