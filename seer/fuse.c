/* fuse.c - see fuse.h.
 *
 * Words that are found are the better witness: a passage with most of the question's weight is nearly always the right one.
 * When even the best passage has little of it, the question was asked in other words than the text's, and what words find
 * is chance: then meaning leads. So the share that words have in a score follows from how well the best of them did. */
#include "fuse.h"

#include <stdlib.h>

#define SHARE_MIN 0.1  /* of words, when the best passage by words has at most */
#define FOUND_MIN 0.2  /* this much of what is possible, */
#define SHARE_MAX 0.65 /* and when it has at least */
#define FOUND_MAX 0.4  /* this much */

static double words_share(double found)
{
    if (found <= FOUND_MIN)
        return SHARE_MIN;
    if (found >= FOUND_MAX)
        return SHARE_MAX;
    return SHARE_MIN + (SHARE_MAX - SHARE_MIN) * (found - FOUND_MIN) / (FOUND_MAX - FOUND_MIN);
}

static double part(double score, double possible)
{
    double part = possible > 0 ? score / possible : 0;

    return part < 0 ? 0 : part > 1 ? 1 : part;
}

static int by_passage(const void *a, const void *b)
{
    const struct reader_hit *x = a, *y = b;

    return x->passage < y->passage ? -1 : x->passage > y->passage;
}

static int by_score(const void *a, const void *b)
{
    const struct reader_hit *x = a, *y = b;

    if (x->score != y->score)
        return x->score > y->score ? -1 : 1;
    return by_passage(a, b);
}

/* Adds up what stands twice, next to each other; how many are left. */
static size_t merge(struct reader_hit *hits, size_t n)
{
    size_t kept = 0;

    for (size_t i = 0; i < n; i++) {
        if (kept > 0 && hits[kept - 1].passage == hits[i].passage)
            hits[kept - 1].score += hits[i].score;
        else
            hits[kept++] = hits[i];
    }
    return kept;
}

size_t fuse(const struct reader_hit *words, size_t n_words, double possible, const struct vector_hit *near, size_t n_near,
            struct reader_hit *out)
{
    double share = words_share(n_words > 0 ? part(words[0].score, possible) : 0);
    /* What is not among the nearest is about as near as the last of them: it must not lose for that alone. */
    double far = n_near > 0 ? part(near[n_near - 1].score, 1) : 0;
    size_t n = 0;

    for (size_t i = 0; i < n_words; i++)
        out[n++] = (struct reader_hit){ words[i].passage, share * part(words[i].score, possible) };
    for (size_t i = 0; i < n_near; i++)
        out[n++] = (struct reader_hit){ near[i].id, (1 - share) * (part(near[i].score, 1) - far) };
    qsort(out, n, sizeof *out, by_passage);
    n = merge(out, n);
    for (size_t i = 0; i < n; i++)
        out[i].score += (1 - share) * far;
    qsort(out, n, sizeof *out, by_score);
    return n;
}
