/* index_schema.c - the index's tables. A migration is never edited after a release; a change is a new one. */
#include "index_internal.h"
#include "words.h"

static const char FIRST[] =
    /* A document, a statement or a message: kind and state are enum index_kind and index_state. Its passages are
     * first .. first + passages - 1. source: of a message topic/partition/offset. incarnation, part, pos: where it stands in
     * Kafka, NULL for what came otherwise. embedded: its passages have their vectors. */
    "CREATE TABLE documents (id INTEGER PRIMARY KEY AUTOINCREMENT, kind INT NOT NULL, state INT NOT NULL, source TEXT NOT NULL,"
    " title TEXT, tags TEXT, type TEXT, bytes INT NOT NULL, chars INT NOT NULL, lines INT NOT NULL, first INT NOT NULL, passages INT NOT NULL,"
    " added_ms INT NOT NULL, time_ms INT NOT NULL, incarnation INT, part INT, pos INT, message_id TEXT,"
    " embedded INT NOT NULL);"
    "CREATE INDEX documents_source ON documents (source);"
    "CREATE INDEX documents_kind ON documents (kind);"
    "CREATE UNIQUE INDEX documents_place ON documents (incarnation, part, pos) WHERE incarnation IS NOT NULL;"
    "CREATE INDEX documents_unseen ON documents (id) WHERE state != 1;"
    "CREATE INDEX documents_bare ON documents (id) WHERE embedded = 0;"

    /* A piece of a document's text: characters [char_from, char_to) of it; line: in which it begins. */
    "CREATE TABLE passages (id INTEGER PRIMARY KEY, document INT NOT NULL, char_from INT NOT NULL, char_to INT NOT NULL,"
    " line INT NOT NULL, text TEXT NOT NULL);"
    /* Their words. Without columnsize, which costs a row a passage: a passage's length is told from its text. */
    "CREATE VIRTUAL TABLE passage_words USING fts5 (text, content = 'passages', content_rowid = 'id', columnsize = 0,"
    " tokenize = \"" INDEX_TOKENIZER "\");"
    /* Its row (vectors.h), which is in memory too. Made by what state says under embedder. */
    "CREATE TABLE passage_vectors (passage INTEGER PRIMARY KEY, vectors BLOB NOT NULL);"

    /* What a cluster is called by itself. contacted: each topic that existed at the first contact, or when topics were
     * chosen anew, has its offsets. */
    "CREATE TABLE clusters (id INTEGER PRIMARY KEY, name TEXT NOT NULL UNIQUE, contacted INT NOT NULL DEFAULT 0);"
    /* One life of a topic. over_ms: when it was seen to have ended. before: the incarnation it followed, or NULL.
     * messages: learnt, ever; skipped: read and not text; last_ms: when the last was learnt. */
    "CREATE TABLE incarnations (id INTEGER PRIMARY KEY, cluster INT NOT NULL, topic TEXT NOT NULL, over_ms INT, before INT,"
    " messages INT NOT NULL DEFAULT 0, skipped INT NOT NULL DEFAULT 0, last_ms INT NOT NULL DEFAULT 0);"
    "CREATE INDEX incarnations_topic ON incarnations (topic);"
    /* Where reading goes on, written with the messages before it. The mark: kafka_feed.h. */
    "CREATE TABLE offsets (incarnation INT NOT NULL, part INT NOT NULL, next INT NOT NULL, mark_ms INT NOT NULL,"
    " mark_next INT NOT NULL, PRIMARY KEY (incarnation, part)) WITHOUT ROWID;"

    /* Questions from Kafka that wait, and the ids of those whose answers were read: an answer may be read before its question. */
    "CREATE TABLE questions (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL, question TEXT NOT NULL, key BLOB,"
    " asked_ms INT NOT NULL);"
    "CREATE INDEX questions_id ON questions (id);"
    "CREATE TABLE answered (seq INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE);"

    /* cluster: the one last read from. embedder: what made the vectors. learning: topics as chosen, '' for all.
     * existing_from_end: where topics that were not learnt so far are read from. */
    "CREATE TABLE state (name TEXT PRIMARY KEY, value NOT NULL) WITHOUT ROWID;";

static const char SECOND[] =
    /* The rows of a passage's sentences, one behind the other: apart from its own, so that a start reads past them. */
    "CREATE TABLE sentence_vectors (passage INTEGER PRIMARY KEY, vectors BLOB NOT NULL);";

static const char *const migrations[] = { FIRST, SECOND, NULL };

const char *const *index_migrations(void)
{
    return migrations;
}
