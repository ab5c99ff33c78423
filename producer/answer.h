/* answer.h - outcomes as JSON, errors with their record's id: what both doors answer alike. */
#ifndef PRODUCER_ANSWER_H
#define PRODUCER_ANSWER_H

#include "http.h"
#include "outbox.h"
#include "topic.h"

/* {"id":...,"topic":...,"partition":...,"offset":...,"timestamp_ms":...,"accepted_us":...,"ack_us":...}, of a record that
 * was acked. offset is null when the broker did not tell it. */
bool answer_add_acked(struct kl_buf *out, const struct outcome *o, const char *topic);

/* problem+json with the record's id, which a client needs to ask for the receipt. */
void answer_problem(struct kl_request *r, const struct kl_error *err, const struct kl_uuid *id);

/* The topic's name in a path: legal, and nobody's internal one. Fills name. */
KL_MUST_CHECK enum kl_code answer_topic(const struct kl_request *r, char name[KL_TOPIC_BYTES], struct kl_error *err);

#endif
