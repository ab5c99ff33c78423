/* keys.h - which receipts have a key, indexed behind the writing.
 *
 * An index by key kept up with every insert touches a page in a random place for each row, which cuts writing to a
 * fifth (docs/decisions/0002-receipts-in-sqlite.md). So keys are indexed in runs: RUN consecutive receipts, sorted by
 * the hash of their key, written once, one after the other. Looking a key up is a seek into each run. What is younger
 * than the last run is the tail, in memory: a look-up scans it, so answers are always complete and `behind` only tells
 * how much of them came from the tail.
 *
 * Threads: the store's thread adds and builds; any thread looks. */
#ifndef KEYS_H
#define KEYS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "sqlite.h"

#define KEYS_RUN 65536 /* receipts a run: 10 million make 153 seeks a look-up, and a build takes some 40 ms */

struct keys;

/* batch_max: the most that keys_add is given between two keys_build. */
KL_MUST_CHECK enum kl_code keys_new(struct keys **out, size_t batch_max, struct kl_error *err);
void keys_free(struct keys *k); /* NULL is fine */

/* Never 0, which stands for: no key. */
uint32_t keys_hash(const void *key, size_t len);

/* ---- the store's thread ---- */

/* Reads the receipts behind the last run into the tail, building the runs that are missing. next: the next receipt's number. */
KL_MUST_CHECK enum kl_code keys_load(struct keys *k, struct kl_sqlite *db, int64_t next, struct kl_error *err);
/* Receipt seq, the next one after the last, has a key of this hash; 0: it has none. After its commit. */
void keys_add(struct keys *k, int64_t seq, uint32_t hash);
/* Writes a run when the tail holds a whole one, in a transaction of its own. A failure changes nothing. */
KL_MUST_CHECK enum kl_code keys_build(struct keys *k, struct kl_sqlite *db, struct kl_error *err);

/* ---- any thread ---- */

int64_t keys_behind(struct keys *k);     /* receipts in no run yet; NULL, a store that needs no runs: 0 */

/* The receipts of the tail with this hash and a number under before, newest first: at most max into out. *first is the
 * number the tail begins with; runs hold everything under it (look there after this call, not before). */
size_t keys_tail(struct keys *k, uint32_t hash, int64_t before, int64_t *out, size_t max, int64_t *first);

#endif
