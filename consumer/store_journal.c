/* store_journal.c - blocks of the producers' journal (docs/topics.md). A block is kept as it came; what a receipt needs of
 * it is found when somebody asks. Only failures are taken out, since a message that failed may never be read. */
#include "store_internal.h"

#include "log.h"

/* What the outcomes of one block are written with. */
struct journal {
    struct store            *s;
    struct kl_outcomes_head *head;
    enum kl_code             code; /* of the first failure to write */
    struct kl_error         *err;
};

static void on_outcome(void *ctx, int64_t number, const struct kl_outcome *o)
{
    struct journal *j = ctx;
    struct store_news news = { true, o->id, "", 0, 0 };

    if (j->code || o->state == KL_ACKED)
        return;
    j->code = j->s->ops->failure_write(j->s, j->head, number, o, j->err);
    if (j->code)
        return;
    j->s->failed++;
    j->code = store_news_add(j->s, &news, j->err);
}

/* Reads the block twice: whole first, so that half a block leaves nothing behind. */
enum kl_code store_journal(struct store *s, const rd_kafka_message_t *block, struct kl_error *err)
{
    struct kl_outcomes_head head;
    struct journal j = { .s = s, .head = &head, .err = err };
    struct kl_error why;

    if (!block->payload || kl_outcomes_read(block->payload, block->len, &head, NULL, NULL, &why)) {
        kl_warn("a record of the journal is no block, left out", KL_I("partition", block->partition),
                KL_I("offset", block->offset), KL_S("why", block->payload ? why.text : "no value"));
        s->counts.blocks_bad++;
        return KL_OK;
    }
    if (kl_outcomes_read(block->payload, block->len, &head, on_outcome, &j, &why) && !j.code)
        return kl_fail(err, KL_BROKEN, "a journal block changed while it was read: %s", why.text);
    if (!j.code && head.count)
        j.code = s->ops->block_write(s, &head, block->payload, block->len, err);
    if (!j.code)
        j.code = s->ops->run_write(s, &head, err);
    if (!j.code)
        s->counts.blocks++;
    return j.code;
}
