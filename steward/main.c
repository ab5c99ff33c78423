/* main.c - kafkloud-steward: what the cluster has, as an admin sees it, and changing it.
 *
 * Threads, and what each owns:
 *   main        options, the order of start and stop
 *   http        one a core: requests; the lists are answered from the snapshot's last view
 *   workers     the calls that ask the cluster (admin.h)
 *   snapshot    looks at the cluster each interval, and shows what it saw (snapshot.h)
 * and librdkafka's own. */
#include <stdio.h>
#include <string.h>

#include "admin.h"
#include "browse_read.h"
#include "embed.h"
#include "group.h"
#include "groups_look.h"
#include "log.h"
#include "snapshot.h"
#include "steward.h"
#include "tracks.h"

KL_EMBED(openapi, "openapi.json");

static struct steward steward;

static bool kafka_ready(void *ctx, char *why, size_t why_size)
{
    return snapshot_ready(((struct steward *)ctx)->snapshot, why, why_size);
}

static const struct kl_check checks[] = { { "kafka", kafka_ready }, { NULL, NULL } };

static struct kl_service service = {
    .name = "steward", .binary = "kafkloud-steward", .about = "topics, groups and brokers: what is there, and changing it",
    .health_text = "OK!", .settings = steward_settings, .routes = steward_routes, .checks = checks,
    .openapi = openapi, .ctx = &steward, .common = &steward.conf.common, .gate = steward_gate,
};

static enum kl_code open_kafka(struct steward *s, struct kl_error *err)
{
    rd_kafka_conf_t *kafka;
    char why[256];

    if (steward_kafka_conf(&s->conf, NULL, &kafka, err))
        return err->code;
    s->client = rd_kafka_conf_dup(kafka);
    group_client_conf(kafka);
    s->kafka = rd_kafka_new(RD_KAFKA_CONSUMER, kafka, why, sizeof why);
    if (s->kafka)
        return KL_OK;
    rd_kafka_conf_destroy(kafka); /* not taken */
    return kl_fail(err, KL_BROKEN, "%s", why);
}

static void fill_groups(void *ctx, struct view *v, const _Atomic bool *stop)
{
    const struct steward *s = ctx;
    struct groups_look look = { .kafka = s->kafka, .timeout_ms = s->conf.call_timeout_ms };

    groups_look(&look, v, stop);
}

static void keep_tracks(void *ctx, const struct view *before, const struct view *v)
{
    (void)before;
    tracks_looked(((struct steward *)ctx)->tracks, v);
}

static enum kl_code open_parts(struct steward *s, struct kl_error *err)
{
    struct admin_conf admin = { .steward = s, .workers = s->conf.workers, .calls_max = s->conf.calls_max, .timeout_ms = s->conf.call_timeout_ms };
    struct snapshot_conf snapshot = { .interval_ms = s->conf.snapshot_ms, .timeout_ms = s->conf.call_timeout_ms, .ctx = s,
                                      .fill = fill_groups, .looked = keep_tracks };

    if (open_kafka(s, err) || tracks_new(&s->tracks, s->conf.tracks_max, s->conf.own_group, err) ||
        browse_readers_new(&s->readers, s->client, (size_t)s->conf.workers, err) || admin_open(&s->admin, &admin, err))
        return err->code;
    snapshot.kafka = s->kafka;
    return snapshot_start(&s->snapshot, &snapshot, err);
}

/* Every suspended request is resumed in here. */
static void end_parts(struct steward *s)
{
    kl_service_step("ending calls to the cluster");
    if (s->admin)
        admin_end(s->admin);
    kl_service_step("ending the snapshot");
    if (s->snapshot)
        snapshot_stop(s->snapshot);
}

static void free_parts(struct steward *s)
{
    admin_close(s->admin);
    snapshot_free(s->snapshot);
    tracks_free(s->tracks);
    kl_service_step("closing the connections to Kafka");
    browse_readers_free(s->readers);
    if (s->kafka)
        rd_kafka_destroy(s->kafka);
    if (s->client)
        rd_kafka_conf_destroy(s->client);
}

static enum kl_exit serve(struct steward *s, struct kl_error *err)
{
    struct kl_http *http;
    enum kl_exit code;

    if (kl_service_serve(&service, &http, err)) {
        kl_error("the steward does not serve", KL_S("why", err->text));
        end_parts(s);
        return err->code == KL_INVALID ? KL_EXIT_SETTING : KL_EXIT_PORT;
    }
    code = kl_service_wait();
    kl_service_wind_down(&service, http);
    end_parts(s);
    kl_http_stop(http);
    return code;
}

int main(int argc, char **argv)
{
    struct kl_error err;
    enum kl_exit code;

    service.openapi_len = (size_t)(openapi_end - openapi);
    kl_service_begin(&service, argc, argv, &steward.conf);
    if (open_parts(&steward, &err)) {
        kl_error("the steward does not start", KL_S("why", err.text));
        end_parts(&steward);
        code = err.code == KL_INVALID ? KL_EXIT_SETTING : KL_EXIT_START;
    } else {
        steward_metrics_register(&steward);
        code = serve(&steward, &err);
    }
    free_parts(&steward);
    return kl_service_end(code);
}
