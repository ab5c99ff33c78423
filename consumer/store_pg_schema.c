/* store_pg_schema.c - the tables on PostgreSQL. A migration is never edited after a release; a change is a new one. What
 * the columns mean that are SQLite's too is said in store_sqlite_schema.c.
 *
 * Receipts and blocks have a table a UTC day, by seq; ids have one by the day that stands in a UUIDv7, so that the same id
 * always meets the same table and its second receipt is noticed there. Retention drops whole days. A day's table is made
 * beside the others and then attached, since making it in its place would lock everybody out meanwhile. */
#include "store_pg.h"

#include <stddef.h>

static const char FIRST[] =
    "CREATE TABLE clusters (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, name text NOT NULL UNIQUE,"
    " contacted boolean NOT NULL DEFAULT false, since_us bigint NOT NULL);"

    "CREATE TABLE incarnations (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, cluster int NOT NULL, topic text NOT NULL,"
    " began_us bigint NOT NULL, over_us bigint, before int);"
    "CREATE INDEX incarnations_topic ON incarnations (cluster, topic, id);"
    "COMMENT ON TABLE incarnations IS 'one life of a topic';"
    "COMMENT ON COLUMN incarnations.before IS 'the incarnation that it followed while a consumer ran, or null';"

    /* Room for the next version of a row on its page: each batch writes one. */
    "CREATE TABLE offsets (incarnation int NOT NULL, part int NOT NULL, next bigint NOT NULL, mark_ms bigint NOT NULL,"
    " mark_next bigint NOT NULL, messages bigint NOT NULL DEFAULT 0, bytes bigint NOT NULL DEFAULT 0,"
    " duplicated bigint NOT NULL DEFAULT 0, negative bigint NOT NULL DEFAULT 0, failed bigint NOT NULL DEFAULT 0,"
    " over boolean NOT NULL DEFAULT false, PRIMARY KEY (incarnation, part)) WITH (fillfactor = 20);"
    "COMMENT ON TABLE offsets IS 'where reading goes on, and the sums of what was read: a batch changes a row only while next"
    " is what its writer read on from';"
    "COMMENT ON COLUMN offsets.over IS 'the incarnation has ended: it takes no more batches';"
    "COMMENT ON COLUMN offsets.failed IS 'on the rows of the producers'' journal: messages that it called failed';"

    "CREATE TABLE receipts (seq bigint NOT NULL, pos bigint NOT NULL, start bigint, number bigint, accepted_us bigint,"
    " timestamp_ms bigint, consumed_us bigint NOT NULL, incarnation int NOT NULL, part int NOT NULL, key_hash int,"
    " key_bytes int, value_bytes int, headers_bytes int NOT NULL, timestamp_type int NOT NULL, id uuid, key bytea,"
    " PRIMARY KEY (seq)) PARTITION BY RANGE (seq);"
    "CREATE INDEX receipts_topic ON receipts (incarnation, seq);"
    "CREATE INDEX receipts_key ON receipts (key_hash, seq) WHERE key_hash IS NOT NULL;"
    "COMMENT ON COLUMN receipts.seq IS 'consumed_us * 1024, counted up, its lowest six bits the writer''s number';"
    "COMMENT ON COLUMN receipts.key_hash IS 'keys_hash of the key''s first 1,024 bytes; null for a null key';"

    "CREATE TABLE ids (day int NOT NULL, id uuid NOT NULL, seq bigint NOT NULL, PRIMARY KEY (day, id)) PARTITION BY RANGE (day);"
    "CREATE TABLE ids_other PARTITION OF ids FOR VALUES FROM (0) TO (1);"
    "CREATE TABLE ids_odd PARTITION OF ids DEFAULT;"
    "CREATE INDEX ids_other_seq ON ids_other USING brin (seq) WITH (pages_per_range = 16, autosummarize = on);"
    "CREATE INDEX ids_odd_seq ON ids_odd USING brin (seq) WITH (pages_per_range = 16, autosummarize = on);"
    "COMMENT ON TABLE ids IS 'an id and its first receipt, which retention may have removed before a later one';"
    "COMMENT ON COLUMN ids.day IS 'the day since 1970 in a UUIDv7; 0 for other ids';"
    "COMMENT ON TABLE ids_odd IS 'days that have no table of their own: from a clock that is far off';"

    "CREATE TABLE duplicates (id uuid NOT NULL, seq bigint NOT NULL, PRIMARY KEY (id, seq));"
    "CREATE INDEX duplicates_seq ON duplicates (seq);"
    "COMMENT ON TABLE duplicates IS 'an id''s further receipts';"

    "CREATE TABLE latency (step int NOT NULL, at bigint NOT NULL, incarnation int NOT NULL, writer smallint NOT NULL,"
    " hist bytea NOT NULL, PRIMARY KEY (step, at, incarnation, writer)) WITH (fillfactor = 50);"
    "ALTER TABLE latency ALTER hist SET STORAGE EXTERNAL;" /* compact as it is */

    "CREATE TABLE blocks (seq bigint NOT NULL, start bigint NOT NULL, topic text NOT NULL, part int NOT NULL,"
    " first bigint NOT NULL, count bigint NOT NULL, written_us bigint NOT NULL, bytes bytea NOT NULL) PARTITION BY RANGE (seq);"
    "ALTER TABLE blocks ALTER bytes SET STORAGE EXTERNAL;"
    "CREATE INDEX blocks_run ON blocks (start, topic, part, first);"
    "COMMENT ON COLUMN blocks.seq IS 'when it was read, as of receipts, but not unique';"

    "CREATE TABLE runs (start bigint NOT NULL, topic text NOT NULL, part int NOT NULL, last_acked bigint NOT NULL,"
    " closed boolean NOT NULL, written_us bigint NOT NULL, PRIMARY KEY (start, topic, part)) WITH (fillfactor = 50);"

    "CREATE TABLE failures (id uuid PRIMARY KEY, start bigint NOT NULL, topic text NOT NULL, part int NOT NULL,"
    " number bigint NOT NULL, accepted_us bigint NOT NULL, failed_us bigint NOT NULL, persisted smallint NOT NULL, reason text NOT NULL);"
    "CREATE INDEX failures_time ON failures (failed_us);"

    "CREATE TABLE state (name text PRIMARY KEY, value bigint NOT NULL);"
    "COMMENT ON TABLE state IS 'cluster: the one last read from; first_seq: no receipt below it is left';"

    "CREATE FUNCTION day_name(day int) RETURNS text LANGUAGE sql IMMUTABLE AS"
    " $$ SELECT to_char(date '1970-01-01' + day, 'YYYYMMDD') $$;"

    /* The lock is what attaching needs anyway, and stands in the way of nobody but who does the same; taking it also shows
     * what was made while it was waited for. */
    "CREATE FUNCTION receipts_day_make(day int) RETURNS void LANGUAGE plpgsql AS $$"
    "DECLARE name text := day_name(day); low bigint := day::bigint * 86400000000 * 1024; high bigint := low + 86400000000 * 1024;"
    "BEGIN"
    " LOCK TABLE receipts, blocks IN SHARE UPDATE EXCLUSIVE MODE;"
    " IF to_regclass('receipts_' || name) IS NULL THEN"
    "  EXECUTE format('CREATE TABLE receipts_%s (LIKE receipts INCLUDING STORAGE)', name);"
    "  EXECUTE format('ALTER TABLE receipts ATTACH PARTITION receipts_%s FOR VALUES FROM (%s) TO (%s)', name, low, high);"
    "  EXECUTE format('CREATE UNIQUE INDEX receipts_%1$s_place ON receipts_%1$s (incarnation, part, pos)', name);"
    " END IF;"
    " IF to_regclass('blocks_' || name) IS NULL THEN" /* they stay a day longer, and a batch may come late */
    "  EXECUTE format('CREATE TABLE blocks_%s (LIKE blocks INCLUDING STORAGE)', name);"
    "  EXECUTE format('ALTER TABLE blocks ATTACH PARTITION blocks_%s FOR VALUES FROM (%s) TO (%s)', name, low, high);"
    " END IF;"
    "END $$;"

    /* Ids of that day that came before their table did move into it. */
    "CREATE FUNCTION ids_day_make(day_wanted int) RETURNS void LANGUAGE plpgsql AS $$"
    "DECLARE name text := day_name(day_wanted);"
    "BEGIN"
    " LOCK TABLE ids IN SHARE UPDATE EXCLUSIVE MODE;"
    " IF to_regclass('ids_' || name) IS NULL THEN"
    "  EXECUTE format('CREATE TABLE ids_%s (LIKE ids INCLUDING INDEXES)', name);"
    "  LOCK TABLE ids_odd IN ACCESS EXCLUSIVE MODE;"
    "  EXECUTE format('WITH moved AS (DELETE FROM ids_odd WHERE day = %s RETURNING day, id, seq)"
    " INSERT INTO ids_%s SELECT * FROM moved', day_wanted, name);"
    "  EXECUTE format('ALTER TABLE ids ATTACH PARTITION ids_%s FOR VALUES FROM (%s) TO (%s)', name, day_wanted, day_wanted + 1);"
    " END IF;"
    "END $$;"

    /* The days that have a table, and how many rows that may hold: what the last ANALYZE said, else by its size. */
    "CREATE FUNCTION days_of(parent regclass) RETURNS TABLE (day int, estimate bigint) LANGUAGE sql STABLE AS $$"
    " SELECT to_date(right(c.relname, 8), 'YYYYMMDD') - date '1970-01-01',"
    "  CASE WHEN c.reltuples > 0 THEN c.reltuples::bigint ELSE pg_relation_size(c.oid) / 160 END"
    " FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid WHERE i.inhparent = parent AND c.relname ~ '_[0-9]{8}$' ORDER BY 1 $$;"

    /* A block may be read a moment before its messages: those of a day go with the next day's receipts. */
    "CREATE FUNCTION receipts_day_drop(day int) RETURNS void LANGUAGE plpgsql AS $$"
    "DECLARE first bigint := (day + 1)::bigint * 86400000000 * 1024; old int;"
    "BEGIN"
    " EXECUTE format('DROP TABLE receipts_%s', day_name(day));"
    " FOR old IN SELECT d.day FROM days_of('blocks') d WHERE d.day < receipts_day_drop.day LOOP"
    "  EXECUTE format('DROP TABLE blocks_%s', day_name(old));"
    " END LOOP;"
    " DELETE FROM duplicates WHERE seq < first;"
    " INSERT INTO state (name, value) VALUES ('first_seq', first) ON CONFLICT (name) DO UPDATE SET value = excluded.value;"
    "END $$;"

    "CREATE FUNCTION ids_day_drop(day int) RETURNS void LANGUAGE plpgsql AS"
    " $$ BEGIN EXECUTE format('DROP TABLE ids_%s', day_name(day)); END $$;";

static const char *const migrations[] = { FIRST, NULL };

const char *const *store_pg_migrations(void)
{
    return migrations;
}
