/* What is read as a stream's position prints as it was read.
 *
 * sources: consumer/live_position.c
 */
#include "consumer/live_position.h"
#include "fuzz.h"
#include "topic.h"

static void print(const struct live_position *p, struct kl_buf *out)
{
    char name[KL_TOPIC_BYTES];

    for (size_t i = 0; i < p->n; i++) {
        const struct live_position_topic *t = &p->topics[i];

        kl_assert(t->name_len < sizeof name && t->n > 0);
        memcpy(name, t->name, t->name_len);
        name[t->name_len] = '\0';
        kl_assert(live_position_find(p, name) == t);
        kl_assert(live_position_add(out, name, t->next, t->n));
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct live_position p;
    struct kl_error err;
    struct kl_buf out;

    kl_buf_init(&out, FUZZ_BUF_MAX);
    if (live_position_read(&p, (const char *)data, len, "Last-Event-ID", &err) == KL_OK) {
        print(&p, &out);
        kl_assert(out.len == len && memcmp(out.data, data, len) == 0);
    }
    live_position_fini(&p);
    kl_buf_fini(&out);
    return 0;
}
