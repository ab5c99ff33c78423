#include "settings_send.h"

#include "client_can.h"
#include "op.h"

#define WHAT "writing the settings"

enum kl_code settings_resource(const rd_kafka_ConfigResource_t **resources, size_t n, const char *what,
                               const rd_kafka_ConfigResource_t **out, struct kl_error *err)
{
    rd_kafka_resp_err_t error;

    kl_assert(n == 1);
    *out = resources[0];
    error = rd_kafka_ConfigResource_error(resources[0]);
    return error ? op_fail(err, error, rd_kafka_ConfigResource_error_string(resources[0]), what) : KL_OK;
}

#if CAN_INCREMENTAL_SETTINGS

#define ALTER RD_KAFKA_ADMIN_OP_INCREMENTALALTERCONFIGS

static enum kl_code fill(rd_kafka_ConfigResource_t *resource, const struct settings *merged, const json_t *changes, struct kl_error *err)
{
    const char *name;
    json_t *value;

    (void)merged;
    json_object_foreach((json_t *)(uintptr_t)changes, name, value) { /* it changes nothing */
        rd_kafka_error_t *error = rd_kafka_ConfigResource_add_incremental_config(
            resource, name, json_is_null(value) ? RD_KAFKA_ALTER_CONFIG_OP_TYPE_DELETE : RD_KAFKA_ALTER_CONFIG_OP_TYPE_SET, json_string_value(value));

        if (error) {
            kl_fail_field(err, KL_INVALID, name, "%s: %s", name, rd_kafka_error_string(error));
            rd_kafka_error_destroy(error);
            return err->code;
        }
    }
    return KL_OK;
}

static void ask(rd_kafka_t *kafka, rd_kafka_ConfigResource_t *resource, struct op *op)
{
    rd_kafka_IncrementalAlterConfigs(kafka, &resource, 1, op->options, op->queue);
}

static const rd_kafka_ConfigResource_t **told(rd_kafka_event_t *event, size_t *n)
{
    return rd_kafka_IncrementalAlterConfigs_result_resources(rd_kafka_event_IncrementalAlterConfigs_result(event), n);
}

#else

#define ALTER RD_KAFKA_ADMIN_OP_ALTERCONFIGS

/* The topic's own ones; the rest comes from elsewhere, and would become its own if it were sent. */
static enum kl_code fill(rd_kafka_ConfigResource_t *resource, const struct settings *merged, const json_t *changes, struct kl_error *err)
{
    (void)changes;
    for (size_t i = 0; i < merged->n; i++) {
        const struct setting *row = &merged->rows[i];

        if (row->source != RD_KAFKA_CONFIG_SOURCE_DYNAMIC_TOPIC_CONFIG)
            continue;
        if (!row->value)
            return kl_fail_field(err, KL_CONFLICT, row->name, "%s is set and not told: writing the others back would reset it", row->name);
        rd_kafka_ConfigResource_set_config(resource, row->name, row->value);
    }
    return KL_OK;
}

static void ask(rd_kafka_t *kafka, rd_kafka_ConfigResource_t *resource, struct op *op)
{
    rd_kafka_AlterConfigs(kafka, &resource, 1, op->options, op->queue);
}

static const rd_kafka_ConfigResource_t **told(rd_kafka_event_t *event, size_t *n)
{
    return rd_kafka_AlterConfigs_result_resources(rd_kafka_event_AlterConfigs_result(event), n);
}

#endif

static enum kl_code send_to_broker(rd_kafka_t *kafka, rd_kafka_ConfigResource_t *resource, bool dry_run, int timeout_ms, struct kl_error *err)
{
    const rd_kafka_ConfigResource_t **resources, *answered;
    rd_kafka_event_t *event;
    enum kl_code code;
    struct op op;
    size_t n;

    op_begin(&op, kafka, ALTER, timeout_ms);
    if (dry_run)
        op_dry_run(&op);
    ask(kafka, resource, &op);
    code = op_wait(&op, WHAT, &event, err);
    if (!code) {
        resources = told(event, &n);
        code = settings_resource(resources, n, WHAT, &answered, err);
    }
    op_end(&op);
    return code;
}

enum kl_code settings_send(rd_kafka_t *kafka, const char *topic, const struct settings *merged, const json_t *changes, bool dry_run,
                           int timeout_ms, struct kl_error *err)
{
    rd_kafka_ConfigResource_t *resource = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC, topic);
    enum kl_code code = fill(resource, merged, changes, err);

    if (!code)
        code = send_to_broker(kafka, resource, dry_run, timeout_ms, err);
    rd_kafka_ConfigResource_destroy(resource);
    return code;
}
