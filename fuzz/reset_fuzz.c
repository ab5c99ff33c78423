/* A body that is read as a reset names legal topics, partitions of one alone, and a target whose plan stays within the log.
 *
 * sources: steward/reset.c
 */
#include "fuzz.h"
#include "steward/reset.h"

static void check(const struct reset_request *r)
{
    struct reset_place place = { .low = 10, .high = 20, .committed = 15, .at_time = 12 };
    struct reset_change change = reset_plan(&r->target, &place);
    struct kl_error err;

    for (size_t i = 0; i < r->n_topics; i++)
        kl_assert(kl_topic_check(r->topics[i], strlen(r->topics[i]), &err) == KL_OK);
    kl_assert(r->n_partitions == 0 || r->n_topics == 1);
    for (size_t i = 0; i < r->n_partitions; i++)
        kl_assert(r->partitions[i] >= 0);
    kl_assert(change.to >= place.low && change.to <= place.high);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    json_t *body = json_loadb((const char *)data, len, 0, NULL);
    struct reset_request r;
    struct kl_error err;

    if (reset_request_read(&r, body, &err) == KL_OK)
        check(&r);
    reset_request_fini(&r);
    json_decref(body);
    return 0;
}
