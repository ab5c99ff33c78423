/* settings.h - the settings of a topic or a broker: read, changed, written. Blocking, but for what says otherwise: for a
 * worker.
 *
 * A change reads them, merges and sends (settings_send.h). Where all are sent, two changes at once would undo one another:
 * settings_change() lets one in at a time. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <jansson.h>
#include <librdkafka/rdkafka.h>

#include "buf.h"
#include "err.h"

struct setting {
    char *name, *value;      /* value NULL: sensitive, or none */
    char *fallback;          /* its value when the resource itself says nothing; NULL: none, or not told */
    rd_kafka_ConfigSource_t source, fallback_source;
    bool  is_default, read_only, sensitive;
};

struct settings {
    struct setting *rows;    /* by name */
    size_t n;
};

/* *out is the caller's: settings_fini(). KL_NOT_FOUND: no such topic. */
KL_MUST_CHECK enum kl_code settings_read(rd_kafka_t *kafka, rd_kafka_ResourceType_t type, const char *name, int timeout_ms,
                                         struct settings *out, struct kl_error *err);
void settings_fini(struct settings *s);

/* {name: text, ...}; null (back to the default) only where may_reset. Does not block. KL_INVALID names the setting. */
KL_MUST_CHECK enum kl_code settings_check(const json_t *changes, bool may_reset, struct kl_error *err);

/* Puts changes, which settings_check() has passed, into s. Does not block. KL_INVALID: no such setting, or a read-only one. */
KL_MUST_CHECK enum kl_code settings_merge(struct settings *s, const json_t *changes, struct kl_error *err);

/* Are the changes in force? */
bool settings_hold(const struct settings *s, const json_t *changes);

/* Reads a topic's settings, merges changes and sends them; *out holds what is then in force, or with dry_run what
 * would be. */
KL_MUST_CHECK enum kl_code settings_change(rd_kafka_t *kafka, const char *topic, const json_t *changes, bool dry_run, int timeout_ms,
                                           struct settings *out, struct kl_error *err);

/* {"settings":[...]} */
void settings_write(struct kl_buf *b, const struct settings *s);

#endif
