/* A block that is read is found number by number, and is the same after it was written and read again. */
#include "fuzz.h"
#include "outcomes.h"

struct block {
    struct kl_outcomes_head head;
    struct kl_outcome       outcomes[KL_OUTCOMES_NUMBERS_MAX];
    size_t                  n;
};

static void collect(void *ctx, int64_t number, const struct kl_outcome *o)
{
    struct block *b = ctx;

    kl_assert(number == b->head.first + (int64_t)b->n);
    b->outcomes[b->n++] = *o;
}

static bool read_block(struct block *b, const void *data, size_t len)
{
    memset(b, 0, sizeof *b);
    return kl_outcomes_read(data, len, &b->head, collect, b, NULL) == KL_OK;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static struct block b, again;
    struct kl_outcome found;
    struct kl_buf out;

    if (!read_block(&b, data, len))
        return 0;
    kl_assert(b.n == (size_t)b.head.count);
    if (b.n > 0) {
        kl_assert(kl_outcomes_find(data, len, b.head.first + b.head.count - 1, &found, NULL) == KL_OK);
        kl_assert(memcmp(&found, &b.outcomes[b.n - 1], sizeof found) == 0);
    }
    kl_buf_init(&out, FUZZ_BUF_MAX);
    kl_assert(kl_outcomes_write(&out, &b.head, b.outcomes));
    kl_assert(read_block(&again, out.data, out.len) && memcmp(&b, &again, sizeof b) == 0);
    kl_buf_fini(&out);
    return 0;
}
