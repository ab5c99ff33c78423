/* journal.h - tells the topic kafkloud-outcomes what became of each number (docs/topics.md).
 *
 * Outcomes of a partition are kept until every number below them has one too, then go out as blocks: at the latest
 * `interval_ms` after the first of them, but a partition's first block at once, as it tells the consumer of a topic that
 * may be new. A block that fails costs its messages their ack times, nothing else: it is
 * counted and warned about, and no answer waits for it. The polling thread's alone, and after kl_producer_drain the
 * closing thread's. */
#ifndef PRODUCER_JOURNAL_H
#define PRODUCER_JOURNAL_H

#include "kafka_producer.h"
#include "outcomes.h"
#include "partition.h"
#include "topics.h"

struct journal;

struct journal_conf {
    struct kl_producer *producer;
    struct topics      *topics;
    uint64_t            start;
    int64_t             interval_ms;
    struct topics_plan  plan;     /* of the outcomes topic, when it has to be made */
};

/* What became of one number. */
struct journal_entry {
    enum kl_outcome_state state;
    int64_t               delay_us;
    int64_t               accepted_us;
    struct kl_uuid        id;
    rd_kafka_resp_err_t   error;
};

KL_MUST_CHECK enum kl_code journal_open(struct journal **out, const struct journal_conf *conf, struct kl_error *err);
void journal_note(struct journal *j, struct partition *p, int64_t number, const struct journal_entry *entry);
bool journal_hurries(const struct journal *j); /* a partition's first outcome was noted: journal_work is to be called */
void journal_work(struct journal *j);
void journal_tick(struct journal *j);
void journal_reported(struct journal *j, const rd_kafka_message_t *report); /* of a block */
bool journal_is_block(const struct journal *j, const rd_kafka_message_t *report);

/* Writes what is left and says of each partition that no number follows. The caller still has to wait for the reports. */
void journal_finish(struct journal *j);
void journal_free(struct journal *j); /* after the last report; NULL is fine */

#endif
