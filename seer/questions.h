/* questions.h - questions that came over Kafka, answered into ANSWER_TOPIC.
 *
 * A question is in the index from the transaction that moved the offsets past it until its answer has been delivered. So a
 * kill loses none. One whose answer was delivered but not yet crossed off is found by its answer: nothing is answered before
 * the feed has read ANSWER_TOPIC up to the end that it has, at the start and after each answer whose delivery is unknown.
 * One thread, one question at a time. */
#ifndef QUESTIONS_H
#define QUESTIONS_H

#include "err.h"

struct questions;
struct seer;

/* s outlives it; its producer is open and not started, its learner may come later. */
KL_MUST_CHECK enum kl_code questions_new(struct questions **out, struct seer *s, struct kl_error *err);
/* The learner runs by now; starts the producer too. */
KL_MUST_CHECK enum kl_code questions_start(struct questions *q, struct kl_error *err);
void questions_stop(struct questions *q); /* what is being answered is finished, but no delivery waited for; NULL is fine */
void questions_free(struct questions *q); /* after the producer has been closed; NULL is fine */

/* A question has come: index.h's `asked`. Any thread. */
void questions_asked(void *questions);

struct questions_counts { int64_t answered, failed; };
struct questions_counts questions_counts(const struct questions *q);

#endif
