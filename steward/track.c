#include "track.h"

#include <string.h>

void track_init(struct track *t)
{
    memset(t, 0, sizeof *t);
}

/* ---- lag ---- */

/* Steps in which nobody looked are not known. At most a whole ring of them is worth forgetting. */
static void lag_move(struct track *t, int64_t step)
{
    int64_t from = t->lag_step + 1;

    if (step - from >= TRACK_STEPS || !t->lag_step)
        from = step - TRACK_STEPS + 1;
    for (int64_t s = from; s <= step; s++)
        t->lags[s % TRACK_STEPS] = -1;
    t->lag_step = step;
}

static void lag_look(struct track *t, int64_t now_ms, int64_t committed, int64_t end)
{
    int64_t step = now_ms / TRACK_STEP_MS;

    if (step > t->lag_step)
        lag_move(t, step);
    if (step < t->lag_step || committed < 0 || end < 0)
        return; /* the clock went back; or it is not known */
    t->lags[step % TRACK_STEPS] = end > committed ? end - committed : 0;
}

int64_t track_lag(const struct track *t, int64_t step)
{
    return step > t->lag_step || step <= t->lag_step - TRACK_STEPS || step <= 0 ? -1 : t->lags[step % TRACK_STEPS];
}

/* ---- passed ---- */

/* The ith seen, from the oldest. */
static int place(const struct track *t, int i)
{
    return (t->seen_at + i) % TRACK_SEEN;
}

static void seen_add(struct track *t, int64_t committed, int64_t now_ms)
{
    if (t->n_seen == TRACK_SEEN)
        t->seen_at = (t->seen_at + 1) % TRACK_SEEN;
    else
        t->n_seen++;
    t->seen[place(t, t->n_seen - 1)] = (struct track_seen){ committed, now_ms, now_ms };
}

static void committed_look(struct track *t, int64_t now_ms, int64_t committed)
{
    struct track_seen *last = t->n_seen ? &t->seen[place(t, t->n_seen - 1)] : NULL;

    if (last && committed < last->committed) {
        track_forget(t);
        last = NULL;
    }
    if (committed < 0)
        return;
    if (last && last->committed == committed)
        last->last_ms = now_ms;
    else
        seen_add(t, committed, now_ms);
}

void track_forget(struct track *t)
{
    t->n_seen = 0;
}

struct track_passed track_passed(const struct track *t, int64_t offset)
{
    struct track_passed p = { .not_passed_ms = -1, .passed_ms = -1 };

    for (int i = 0; i < t->n_seen && !p.passed; i++) {
        const struct track_seen *seen = &t->seen[place(t, i)];

        p.passed = seen->committed > offset;
        if (p.passed)
            p.passed_ms = seen->first_ms;
        else
            p.not_passed_ms = seen->last_ms;
    }
    return p;
}

/* ---- both ---- */

void track_look(struct track *t, int64_t now_ms, int64_t committed, int64_t end)
{
    t->last_ms = now_ms;
    lag_look(t, now_ms, committed, end);
    committed_look(t, now_ms, committed);
}
