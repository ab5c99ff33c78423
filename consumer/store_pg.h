/* store_pg.h - what writing and reading on PostgreSQL agree on: where the tables are, and how receipts are numbered. The
 * tables are store_pg_schema.c's. */
#ifndef STORE_PG_H
#define STORE_PG_H

#include <stdint.h>

#include "uuid.h"

#define STORE_PG_SCHEMA "kafkloud"

const char *const *store_pg_migrations(void);

/* A receipt's number: the microsecond in which it was consumed, a counter within it, and whose number it is. So numbers of
 * one writer only rise, those of several are in the order of time but for their clocks' differences, and a time is told from
 * a number alone: `since`, pages and retention are ranges of numbers, as on SQLite. Enough until the year 2255. */
#define STORE_PG_SEQ_PER_US 1024
#define STORE_PG_WRITERS    64   /* consumers at once on one database: the lowest bits of a number */

#define STORE_PG_DAY_US     INT64_C(86400000000) /* receipts of a UTC day have a table of their own */

/* The lowest number that a receipt of this time can have. Times before 1970 and after 2255 count as those. */
static inline int64_t store_pg_seq_of(int64_t wall_us)
{
    if (wall_us < 0)
        return 0;
    return wall_us > INT64_MAX / STORE_PG_SEQ_PER_US ? INT64_MAX : wall_us * STORE_PG_SEQ_PER_US;
}

/* The day whose table of ids an id is in. */
static inline int64_t store_pg_id_day(const struct kl_uuid *id)
{
    int64_t made_ms = kl_uuid_time_ms(id);

    return made_ms > 0 ? made_ms / (STORE_PG_DAY_US / 1000) : 0;
}

#endif
