/* search_internal.h - for search*.c and answer.c alone. */
#ifndef SEARCH_INTERNAL_H
#define SEARCH_INTERNAL_H

#include "search.h"
#include "terms.h"

struct searcher {
    struct searcher_conf conf;
};

/* Copies what n found passages hold to hits, which has room for them; *missing: how many are gone meanwhile. */
KL_MUST_CHECK enum kl_code search_hits_read(struct search_hits *hits, struct reader *r, const struct reader_hit *found, size_t n,
                                            size_t *missing, struct kl_error *err);
/* Marks the question's words in each. */
KL_MUST_CHECK enum kl_code search_hits_mark(struct search_hits *hits, const struct terms *terms, struct reader *r, struct kl_error *err);
/* Frees what they hold, keeps their room. */
void search_hits_clear(struct search_hits *hits);

#endif
