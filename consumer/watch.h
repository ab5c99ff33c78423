/* watch.h - news of messages that another consumer stores.
 *
 * Several consumers share a database, and who waits for a message need not be at the one that stores it. While somebody
 * waits here, a thread asks the database again and again for all that is waited for at once, and tells waiters_news() what
 * it finds. While nobody waits it sleeps. */
#ifndef WATCH_H
#define WATCH_H

#include "readers.h"
#include "waiters.h"

#define WATCH_EVERY_MS 25 /* so much later, at most, one learns of another's message; longer where looking takes longer */

struct watch;

/* Borrows both. waiters_max: as waiters_new's. */
KL_MUST_CHECK enum kl_code watch_start(struct watch **out, struct readers *readers, struct waiters *waiters, int64_t waiters_max,
                                       struct kl_error *err);
void watch_stop(struct watch *w); /* after waiters_end; NULL is fine */

#endif
