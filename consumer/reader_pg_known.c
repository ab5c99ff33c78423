/* reader_pg_known.c - which of the messages that are waited for are there. It is asked many times a second, so it is one
 * statement for all ids and one for all places; each looks up what it is given, whatever the planner thinks of the tables. */
#include "reader_pg.h"

#include <string.h>

#include "store_pg.h"

/* PostgreSQL's numbers of types. */
#define TEXT  25
#define TEXTS 1009

static const char IDS[] =
    "SELECT w.n FROM unnest($1::bigint[], $2::bigint[], $3::uuid[]) AS w (n, day, id)"
    " CROSS JOIN LATERAL (SELECT 1 FROM ids x WHERE x.day = w.day AND x.id = w.id LIMIT 1) known"
    " UNION ALL SELECT w.n FROM unnest($1::bigint[], $4::bigint[], $3::uuid[]) AS w (n, possibly, id)"
    " CROSS JOIN LATERAL (SELECT 1 FROM failures f WHERE f.id = w.id AND f.persisted <= w.possibly LIMIT 1) failed";

/* A place that is read has a receipt, or was no message: so the receipts, a table a day, are looked at only then. */
static const char PLACES[] =
    "SELECT w.n FROM unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[]) AS w (n, topic, part, pos)"
    " CROSS JOIN LATERAL (SELECT i.id FROM incarnations i WHERE i.topic = w.topic"
    "  AND i.cluster = (SELECT value FROM state WHERE name = 'cluster') ORDER BY i.id DESC LIMIT 1) i"
    " CROSS JOIN LATERAL (SELECT o.incarnation, o.part FROM offsets o WHERE o.incarnation = i.id AND o.part = w.part AND o.next > w.pos LIMIT 1) o"
    " CROSS JOIN LATERAL (SELECT 1 FROM receipts r WHERE r.incarnation = o.incarnation AND r.part = o.part AND r.pos = w.pos LIMIT 1) known";

/* The arrays' columns, for one kind of name. */
enum { AT, DAY, ID, POSSIBLY, ID_COLUMNS };
enum { TOPIC = 1, PART, POS, PLACE_COLUMNS };
_Static_assert(ID_COLUMNS <= READER_PG_ARRAYS && PLACE_COLUMNS <= READER_PG_ARRAYS, "a reader has room for each column");

static const Oid id_types[] = { KL_PG_INT8, KL_PG_INT8, KL_PG_UUID, KL_PG_INT8 }, id_arrays[] = { KL_PG_INT8S, KL_PG_INT8S, KL_PG_UUIDS, KL_PG_INT8S };
static const Oid place_types[] = { KL_PG_INT8, TEXT, KL_PG_INT8, KL_PG_INT8 }, place_arrays[] = { KL_PG_INT8S, TEXTS, KL_PG_INT8S, KL_PG_INT8S };

static void id_put(struct reader_pg *r, int64_t at, const struct waited *w)
{
    kl_pg_put_int8(&r->array[AT], at);
    kl_pg_put_int8(&r->array[DAY], store_pg_id_day(&w->id));
    kl_pg_put_bytes(&r->array[ID], w->id.b, sizeof w->id.b);
    kl_pg_put_int8(&r->array[POSSIBLY], w->possibly);
}

static void place_put(struct reader_pg *r, int64_t at, const struct waited *w)
{
    kl_pg_put_int8(&r->array[AT], at);
    kl_pg_put_bytes(&r->array[TOPIC], w->topic, strlen(w->topic));
    kl_pg_put_int8(&r->array[PART], w->partition);
    kl_pg_put_int8(&r->array[POS], w->offset);
}

/* Fills the arrays with those that are named so; how many there are. */
static size_t arrays_fill(struct reader_pg *r, const struct waited *waited, size_t n, bool by_id)
{
    size_t found = 0;

    for (size_t i = 0; i < n; i++)
        found += waited[i].by_id == by_id;
    for (int c = 0; c < READER_PG_ARRAYS; c++) {
        kl_buf_clear(&r->array[c]);
        kl_pg_array_begin(&r->array[c], by_id ? id_types[c] : place_types[c], found);
    }
    for (size_t i = 0; found && i < n; i++)
        if (waited[i].by_id == by_id)
            (by_id ? id_put : place_put)(r, (int64_t)i, &waited[i]);
    return found;
}

static void news_tell(const struct waited *w, void (*known)(void *ctx, const struct store_news *news), void *ctx)
{
    struct store_news news = { w->by_id, w->id, w->by_id ? "" : w->topic, w->partition, w->offset };

    known(ctx, &news);
}

static enum kl_code kind_ask(struct reader_pg *r, const struct waited *waited, size_t n, bool by_id,
                             void (*known)(void *ctx, const struct store_news *news), void *ctx, struct kl_error *err)
{
    struct kl_pg_args args = { 0 };
    PGresult *rows;
    enum kl_code code;

    if (arrays_fill(r, waited, n, by_id) == 0)
        return KL_OK;
    for (int c = 0; c < READER_PG_ARRAYS; c++) {
        if (r->array[c].failed)
            return kl_fail(err, KL_BUSY, "no memory for what is waited for");
        kl_pg_array(&args, by_id ? id_arrays[c] : place_arrays[c], &r->array[c]);
    }
    code = kl_pg_run(r->db, by_id ? IDS : PLACES, &args, &rows, err);
    if (code)
        return code;
    for (int i = 0; i < PQntuples(rows); i++)
        news_tell(&waited[kl_pg_get_int(rows, i, 0)], known, ctx);
    PQclear(rows);
    return KL_OK;
}

enum kl_code reader_pg_known(struct reader *reader, const struct waited *waited, size_t n,
                             void (*known)(void *ctx, const struct store_news *news), void *ctx, struct kl_error *err)
{
    struct reader_pg *r = (struct reader_pg *)reader;
    enum kl_code code = kind_ask(r, waited, n, true, known, ctx, err);

    return code ? code : kind_ask(r, waited, n, false, known, ctx, err);
}
