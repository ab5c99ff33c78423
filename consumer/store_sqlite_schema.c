/* store_sqlite_schema.c - the store's tables. A migration is never edited after a release; a change is a new one. */
#include "store_sqlite.h"

static const char FIRST[] =
    /* What a cluster is called by itself. contacted: each topic that existed at the first contact has its offsets.
     * failed: messages that the producers' journal calls failed, ever. */
    "CREATE TABLE clusters (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, contacted INT NOT NULL DEFAULT 0,"
    " since_us INT NOT NULL, failed INT NOT NULL DEFAULT 0);"

    /* One life of a topic. over_us: when it was seen to have ended. before: the incarnation it followed while the
     * consumer ran, or NULL. The rest are totals over restarts and beyond retention. */
    "CREATE TABLE incarnations (id INTEGER PRIMARY KEY, cluster INT NOT NULL, topic TEXT NOT NULL, began_us INT NOT NULL,"
    " over_us INT, before INT, messages INT NOT NULL DEFAULT 0, bytes INT NOT NULL DEFAULT 0,"
    " duplicated INT NOT NULL DEFAULT 0, negative INT NOT NULL DEFAULT 0);"
    "CREATE INDEX incarnations_topic ON incarnations (topic);"

    /* Where reading goes on, written with the receipts before it. The mark: kafka_feed.h. */
    "CREATE TABLE offsets (incarnation INT NOT NULL, part INT NOT NULL, next INT NOT NULL, mark_ms INT NOT NULL,"
    " mark_next INT NOT NULL, PRIMARY KEY (incarnation, part)) WITHOUT ROWID;"

    /* A message that was read. id, start, number: from its kafkloud-id header, NULL without one. accepted_us: from the
     * header, else the record's timestamp, else NULL. key: its first 1,024 bytes. key_bytes and value_bytes are NULL
     * for a null key and for a tombstone. */
    "CREATE TABLE receipts (seq INTEGER PRIMARY KEY, incarnation INT NOT NULL, part INT NOT NULL, pos INT NOT NULL,"
    " id BLOB, start INT, number INT, accepted_us INT, timestamp_ms INT, timestamp_type INT NOT NULL,"
    " consumed_us INT NOT NULL, key BLOB, key_bytes INT, value_bytes INT, headers_bytes INT NOT NULL);"
    "CREATE UNIQUE INDEX receipts_place ON receipts (incarnation, part, pos);"

    /* An id's first receipt, and the further ones. */
    "CREATE TABLE ids (id BLOB PRIMARY KEY, seq INT NOT NULL) WITHOUT ROWID;"
    "CREATE TABLE duplicates (id BLOB NOT NULL, seq INT NOT NULL, PRIMARY KEY (id, seq)) WITHOUT ROWID;"

    /* Which receipts have a key, in sorted runs of 65,536 receipts each: keys.h. */
    "CREATE TABLE key_runs (run INT NOT NULL, hash INT NOT NULL, seq INT NOT NULL, PRIMARY KEY (run, hash, seq)) WITHOUT ROWID;"

    /* Histograms of consumed - accepted (hist.h, encoded), by minute (step 60) and by hour (step 3600). at: the first
     * second of it. */
    "CREATE TABLE latency (step INT NOT NULL, at INT NOT NULL, incarnation INT NOT NULL, hist BLOB NOT NULL,"
    " PRIMARY KEY (step, at, incarnation)) WITHOUT ROWID;"

    /* The journal's blocks as they came (docs/topics.md), to be joined with receipts by start and number. */
    "CREATE TABLE blocks (seq INTEGER PRIMARY KEY, start INT NOT NULL, topic TEXT NOT NULL, part INT NOT NULL,"
    " first INT NOT NULL, count INT NOT NULL, written_us INT NOT NULL, bytes BLOB NOT NULL);"
    "CREATE UNIQUE INDEX blocks_run ON blocks (start, topic, part, first);"

    /* What a producer said last about a partition: for the audit. */
    "CREATE TABLE runs (start INT NOT NULL, topic TEXT NOT NULL, part INT NOT NULL, last_acked INT NOT NULL,"
    " closed INT NOT NULL, written_us INT NOT NULL, PRIMARY KEY (start, topic, part)) WITHOUT ROWID;"

    /* The journal's failures, the latest of an id. persisted: 0 no, 1 possibly. */
    "CREATE TABLE failures (seq INTEGER PRIMARY KEY, id BLOB NOT NULL UNIQUE, start INT NOT NULL, topic TEXT NOT NULL,"
    " part INT NOT NULL, number INT NOT NULL, accepted_us INT NOT NULL, failed_us INT NOT NULL, persisted INT NOT NULL,"
    " reason TEXT NOT NULL);"

    /* cluster: the one last read from. first_seq: the oldest receipt that retention has left. */
    "CREATE TABLE state (name TEXT PRIMARY KEY, value INT NOT NULL) WITHOUT ROWID;";

static const char *const migrations[] = { FIRST, NULL };

const char *const *store_migrations(void)
{
    return migrations;
}
