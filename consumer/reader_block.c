/* reader_block.c - when a receipt's message was acked: a block of the producers' journal tells it for a run of numbers, so a
 * reader keeps the last blocks that it has read. Numbers that no block tells of (not yet, or no more) are kept as well: the
 * next receipt of a page is probably one of them. */
#include "reader_internal.h"

#include <string.h>

static bool holds(const struct reader_block *b, const struct receipt *receipt)
{
    return b->start == receipt->start && b->partition == receipt->partition && receipt->number >= b->first &&
           receipt->number < b->first + b->count && !strcmp(b->topic, receipt->topic);
}

static const struct reader_block *kept(const struct reader *r)
{
    for (size_t i = 0; i < READER_BLOCKS; i++)
        if (holds(&r->blocks[i], &r->receipt))
            return &r->blocks[i];
    return NULL;
}

void reader_blocks_forget(struct reader *r)
{
    for (size_t i = 0; i < READER_BLOCKS; i++)
        if (r->blocks[i].bytes.len == 0)
            r->blocks[i].count = 0;
}

/* bytes NULL: no block tells of these numbers. */
static enum kl_code run_keep(struct reader *r, int64_t first, int64_t count, const void *bytes, size_t len, struct kl_error *err)
{
    const struct receipt *receipt = &r->receipt;
    struct reader_block *b = &r->blocks[r->oldest];

    r->oldest = (r->oldest + 1) % READER_BLOCKS;
    b->count = 0;
    kl_buf_clear(&b->bytes);
    if (bytes && !kl_buf_add(&b->bytes, bytes, len))
        return kl_fail(err, KL_BUSY, "no memory for a block of the journal");
    b->start = receipt->start;
    b->partition = receipt->partition;
    memcpy(b->topic, receipt->topic, sizeof b->topic);
    b->first = first;
    b->count = count;
    return KL_OK;
}

enum kl_code reader_block_keep(struct reader *r, int64_t first, int64_t count, const void *bytes, size_t len, struct kl_error *err)
{
    int64_t end = first + count, number = r->receipt.number;

    if (number < first) /* below 0: no producer of ours wrote that */
        return KL_OK;
    if (number < end)
        return run_keep(r, first, count, bytes, len, err);
    return run_keep(r, end, number + 1 - end, NULL, 0, err);
}

enum kl_code reader_ack_join(struct reader *r, enum kl_code (*load)(struct reader *r, struct kl_error *err), struct kl_error *err)
{
    struct receipt *receipt = &r->receipt;
    const struct reader_block *block;
    struct kl_outcome outcome;
    enum kl_code code = KL_OK;

    if (!receipt->has_id)
        return KL_OK;
    block = kept(r);
    if (!block) {
        code = load(r, err);
        block = kept(r);
    }
    if (code || !block || block->bytes.len == 0)
        return code;
    if (!kl_outcomes_find(block->bytes.data, block->bytes.len, receipt->number, &outcome, NULL) && outcome.state == KL_ACKED)
        receipt->acked_us = receipt->accepted_us + outcome.delay_us;
    return KL_OK;
}
