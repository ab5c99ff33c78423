/* queue.h - a bounded queue of pointers between threads (any number of senders and receivers).
 * Sending hands the pointer over; the queue never frees what it holds. */
#ifndef KL_QUEUE_H
#define KL_QUEUE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct kl_queue;

struct kl_queue *kl_queue_new(size_t max);      /* NULL: no memory */
void             kl_queue_free(struct kl_queue *q); /* must be empty; NULL is fine */
bool   kl_queue_push(struct kl_queue *q, void *item, int64_t wait_ms); /* false: full for that long (-1: for ever), or closed: item is still the caller's */
void  *kl_queue_pop(struct kl_queue *q, int64_t wait_ms);              /* NULL: empty for that long, or closed and empty */
void   kl_queue_close(struct kl_queue *q);      /* no push succeeds from now on; what is inside can still be popped; wakes all */
size_t kl_queue_len(struct kl_queue *q);

#endif
