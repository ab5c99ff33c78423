#include "intake.h"

static enum intake_state send_first(const struct intake *in, const struct record *record, struct idempotency_entry *entry,
                                    int32_t *partition, struct kl_error *err)
{
    if (outbox_send(in->outbox, record, idempotency_settle, entry, partition, err) == KL_OK)
        return INTAKE_SENT;
    idempotency_withdraw(entry);
    return INTAKE_REFUSED;
}

enum intake_state intake_send(const struct intake *in, const struct record *record, bool given, outbox_done_fn *done, void *ctx,
                              int32_t *partition, struct outcome *known, struct kl_error *err)
{
    struct idempotency_entry *entry;

    *partition = -1;
    if (!given)
        return outbox_send(in->outbox, record, done, ctx, partition, err) == KL_OK ? INTAKE_SENT : INTAKE_REFUSED;
    switch (idempotency_claim(in->window, record, done, ctx, &entry, known, err)) {
    case IDEMPOTENCY_FIRST:
        return send_first(in, record, entry, partition, err);
    case IDEMPOTENCY_WAITING:
        return INTAKE_SENT;
    case IDEMPOTENCY_KNOWN:
        *partition = known->partition;
        return INTAKE_KNOWN;
    case IDEMPOTENCY_REFUSED:
        break;
    }
    return INTAKE_REFUSED;
}
