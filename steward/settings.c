#include "settings.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "clock.h"
#include "op.h"
#include "settings_send.h"
#include "write.h"

#define SETTLE_MS     20  /* between two looks whether a change is in force */
#define SETTLE_MAX_MS 500

static const char *const source_names[RD_KAFKA_CONFIG_SOURCE__CNT] = {
    [RD_KAFKA_CONFIG_SOURCE_UNKNOWN_CONFIG] = "unknown",
    [RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG] = "dynamic",
    [RD_KAFKA_CONFIG_SOURCE_DYNAMIC_BROKER_CONFIG] = "dynamic_broker",
    [RD_KAFKA_CONFIG_SOURCE_DYNAMIC_DEFAULT_BROKER_CONFIG] = "dynamic_cluster",
    [RD_KAFKA_CONFIG_SOURCE_STATIC_BROKER_CONFIG] = "static",
    [RD_KAFKA_CONFIG_SOURCE_DEFAULT_CONFIG] = "default",
};

/* ---- reading ---- */

static char *copy(const char *text)
{
    return text ? strdup(text) : NULL;
}

/* Synonyms are what a setting's value is taken from, the first that is set wins; a topic's own is the first of them. Of some
 * settings (retention.ms) the broker does not tell the built-in default so. */
static void fallback_fill(struct setting *row, const rd_kafka_ConfigEntry_t *entry)
{
    size_t n;
    const rd_kafka_ConfigEntry_t **synonyms = rd_kafka_ConfigEntry_synonyms(entry, &n);

    row->fallback_source = RD_KAFKA_CONFIG_SOURCE_UNKNOWN_CONFIG;
    for (size_t i = 0; i < n; i++) {
        if (rd_kafka_ConfigEntry_source(synonyms[i]) == RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG)
            continue;
        row->fallback = copy(rd_kafka_ConfigEntry_value(synonyms[i]));
        row->fallback_source = rd_kafka_ConfigEntry_source(synonyms[i]);
        return;
    }
}

static void row_fill(struct setting *row, const rd_kafka_ConfigEntry_t *entry)
{
    *row = (struct setting){ .name = copy(rd_kafka_ConfigEntry_name(entry)), .value = copy(rd_kafka_ConfigEntry_value(entry)),
                             .source = rd_kafka_ConfigEntry_source(entry), .is_default = rd_kafka_ConfigEntry_is_default(entry) == 1,
                             .read_only = rd_kafka_ConfigEntry_is_read_only(entry) == 1,
                             .sensitive = rd_kafka_ConfigEntry_is_sensitive(entry) == 1 };
    fallback_fill(row, entry);
}

static int by_name(const void *a, const void *b)
{
    return strcmp(((const struct setting *)a)->name, ((const struct setting *)b)->name);
}

static enum kl_code rows_fill(struct settings *s, const rd_kafka_ConfigResource_t *resource, struct kl_error *err)
{
    size_t n;
    const rd_kafka_ConfigEntry_t **entries = rd_kafka_ConfigResource_configs(resource, &n);

    s->rows = calloc(n + 1, sizeof *s->rows);
    if (!s->rows)
        return kl_fail(err, KL_BUSY, "no memory for the settings");
    for (; s->n < n; s->n++) {
        row_fill(&s->rows[s->n], entries[s->n]);
        if (!s->rows[s->n].name)
            return kl_fail(err, KL_BUSY, "no memory for the settings");
    }
    qsort(s->rows, s->n, sizeof *s->rows, by_name);
    return KL_OK;
}

enum kl_code settings_read(rd_kafka_t *kafka, rd_kafka_ResourceType_t type, const char *name, int timeout_ms, struct settings *out,
                           struct kl_error *err)
{
    static const char what[] = "reading the settings";
    rd_kafka_ConfigResource_t *asked = rd_kafka_ConfigResource_new(type, name);
    const rd_kafka_ConfigResource_t *told;
    rd_kafka_event_t *event;
    enum kl_code code;
    struct op op;
    size_t n;

    *out = (struct settings){ .n = 0 };
    op_begin(&op, kafka, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS, timeout_ms);
    rd_kafka_DescribeConfigs(kafka, &asked, 1, op.options, op.queue);
    code = op_wait(&op, what, &event, err);
    if (!code) {
        const rd_kafka_ConfigResource_t **resources =
            rd_kafka_DescribeConfigs_result_resources(rd_kafka_event_DescribeConfigs_result(event), &n);

        code = settings_resource(resources, n, what, &told, err);
    }
    if (!code)
        code = rows_fill(out, told, err);
    op_end(&op);
    rd_kafka_ConfigResource_destroy(asked);
    if (code)
        settings_fini(out);
    return code;
}

static void row_fini(struct setting *row)
{
    free(row->name);
    free(row->value);
    free(row->fallback);
}

void settings_fini(struct settings *s)
{
    for (size_t i = 0; i < s->n; i++)
        row_fini(&s->rows[i]);
    free(s->rows);
    *s = (struct settings){ .n = 0 };
}

/* ---- changing ---- */

enum kl_code settings_check(const json_t *changes, bool may_reset, struct kl_error *err)
{
    const char *name;
    json_t *value;

    if (!json_is_object(changes))
        return kl_fail_field(err, KL_INVALID, "settings", "settings is an object of names and texts");
    json_object_foreach((json_t *)(uintptr_t)changes, name, value) /* it changes nothing */
        if (!json_is_string(value) && !(may_reset && json_is_null(value)))
            return kl_fail_field(err, KL_INVALID, name, "%s is a text%s", name, may_reset ? ", or null for the default" : "");
    return KL_OK;
}

static struct setting *find(const struct settings *s, const char *name)
{
    struct setting key = { .name = (char *)(uintptr_t)name };

    return s->n ? bsearch(&key, s->rows, s->n, sizeof key, by_name) : NULL;
}

static enum kl_code row_change(struct setting *row, const char *value, struct kl_error *err)
{
    char *text = copy(value ? value : row->fallback);

    if ((value || row->fallback) && !text)
        return kl_fail(err, KL_BUSY, "no memory for the settings");
    free(row->value);
    row->value = text;
    row->source = value ? RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG : row->fallback_source;
    row->is_default = row->source == RD_KAFKA_CONFIG_SOURCE_DEFAULT_CONFIG;
    return KL_OK;
}

enum kl_code settings_merge(struct settings *s, const json_t *changes, struct kl_error *err)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)changes, name, value) { /* it changes nothing */
        struct setting *row = find(s, name);

        if (!row)
            return kl_fail_field(err, KL_INVALID, name, "topics have no setting \"%s\"", name);
        if (row->read_only)
            return kl_fail_field(err, KL_INVALID, name, "%s cannot be changed", name);
        if (row_change(row, json_string_value(value), err))
            return err->code;
    }
    return KL_OK;
}

/* Reads and merges; a dry run is over then but for the broker's word. */
static enum kl_code change(rd_kafka_t *kafka, const char *topic, const json_t *changes, bool dry_run, int timeout_ms, struct settings *out,
                           struct kl_error *err)
{
    enum kl_code code;

    if (settings_read(kafka, RD_KAFKA_RESOURCE_TOPIC, topic, timeout_ms, out, err))
        return err->code;
    code = settings_merge(out, changes, err);
    if (!code)
        code = settings_send(kafka, topic, out, changes, dry_run, timeout_ms, err);
    if (code)
        settings_fini(out);
    return code;
}

bool settings_hold(const struct settings *s, const json_t *changes)
{
    const char *name;
    json_t *value;

    json_object_foreach((json_t *)(uintptr_t)changes, name, value) { /* it changes nothing */
        const struct setting *row = find(s, name);
        bool own = row && row->source == RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG;

        if (json_is_null(value) ? own : !own || !row->value || strcmp(row->value, json_string_value(value)))
            return false;
    }
    return true;
}

/* The controller has taken the change; the broker that is asked hears of it a moment later. A value that it writes in
 * another way ("compact, delete") is not recognized, so that this waits no longer than SETTLE_MAX_MS. */
static enum kl_code read_settled(rd_kafka_t *kafka, const char *topic, const json_t *changes, int timeout_ms, struct settings *out,
                                 struct kl_error *err)
{
    int64_t until_us = kl_mono_us() + SETTLE_MAX_MS * 1000;

    for (;;) {
        if (settings_read(kafka, RD_KAFKA_RESOURCE_TOPIC, topic, timeout_ms, out, err))
            return err->code;
        if (settings_hold(out, changes) || kl_mono_us() >= until_us)
            return KL_OK;
        settings_fini(out);
        kl_sleep_ms(SETTLE_MS);
    }
}

enum kl_code settings_change(rd_kafka_t *kafka, const char *topic, const json_t *changes, bool dry_run, int timeout_ms,
                             struct settings *out, struct kl_error *err)
{
    static pthread_mutex_t one_at_a_time = PTHREAD_MUTEX_INITIALIZER; /* held over the calls: it guards the cluster's state */
    enum kl_code code;

    pthread_mutex_lock(&one_at_a_time);
    code = change(kafka, topic, changes, dry_run, timeout_ms, out, err);
    if (!code && !dry_run) {
        settings_fini(out);
        code = read_settled(kafka, topic, changes, timeout_ms, out, err);
    }
    pthread_mutex_unlock(&one_at_a_time);
    return code;
}

/* ---- the answer ---- */

static const char *boolean(bool b)
{
    return b ? "true" : "false";
}

static void write_row(struct kl_buf *b, const struct setting *row)
{
    kl_buf_adds(b, "{\"name\":");
    write_text(b, row->name);
    kl_buf_adds(b, ",\"value\":");
    write_text(b, row->sensitive ? NULL : row->value);
    kl_buf_addf(b, ",\"source\":\"%s\",\"default\":%s,\"read_only\":%s,\"sensitive\":%s}",
                source_names[row->source < RD_KAFKA_CONFIG_SOURCE__CNT ? row->source : RD_KAFKA_CONFIG_SOURCE_UNKNOWN_CONFIG],
                boolean(row->is_default), boolean(row->read_only), boolean(row->sensitive));
}

void settings_write(struct kl_buf *b, const struct settings *s)
{
    kl_buf_adds(b, "{\"settings\":[");
    for (size_t i = 0; i < s->n; i++) {
        write_comma(b, i == 0);
        write_row(b, &s->rows[i]);
    }
    kl_buf_adds(b, "]}");
}
