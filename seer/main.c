/* main.c - kafkloud-seer: documents and live topics, asked and answered with the exact passage.
 *
 * Threads, and what each owns:
 *   main             options, the order of start and stop
 *   http             one a core: requests; nothing that waits
 *   search           SEARCHERS: searches, questions, lists (work.h)
 *   load             two: documents and statements that come over HTTP
 *   word             SEER_LLM_CALLS, where a language model is set: its calls
 *   cluster          one: what the page asks of Kafka, and choosing topics
 *   feed: fetch, watch, store (kafka_feed.h): messages into the index
 *   freshness        since when something is behind (learner.h)
 *   questions        answers what came over Kafka (questions.h)
 *   kafka            the answers' deliveries
 * and librdkafka's own. */
#include <signal.h>
#include <string.h>

#include "cli.h"
#include "embed.h"
#include "embedder.h"
#include "index.h"
#include "kafka_producer.h"
#include "learner.h"
#include "llm.h"
#include "log.h"
#include "parts.h"
#include "questions.h"
#include "seer.h"
#include "work.h"

#define CLUSTER_WAITING_MAX 100 /* a page asks every few seconds */
#define LOADERS             2   /* so that a statement or a deletion does not wait for a folder that is loaded */
#define LOAD_NICE           10  /* loading leaves the rest of a laptop alone */

KL_EMBED(openapi, "openapi.json");

static struct seer seer = { .conf = &seer_conf };

static bool kafka_ready(void *ctx, char *why, size_t why_size)
{
    return learner_ready(((struct seer *)ctx)->learner, why, why_size);
}

static bool index_ready(void *ctx, char *why, size_t why_size)
{
    return !learner_paused(((struct seer *)ctx)->learner, why, why_size);
}

static const struct kl_check checks[] = { { "kafka", kafka_ready }, { "index", index_ready }, { NULL, NULL } };

static struct kl_service service = {
    .name = "seer", .binary = "kafkloud-seer", .about = "documents and live topics, asked and answered with the exact passage",
    .health_text = "OK", .settings = seer_settings, .routes = seer_routes, .checks = checks,
    .openapi = openapi, .ctx = &seer, .common = &seer_conf.common,
};

static void feed_ended(void *ctx, enum kl_feed_end end, const char *why)
{
    (void)ctx;
    kl_service_fail(end == KL_FEED_STORE ? KL_EXIT_STORE : KL_EXIT_KAFKA, why);
}

static void asked(void *ctx)
{
    questions_asked(((struct seer *)ctx)->questions);
}

static enum kl_code open_pools(struct seer *s, struct kl_error *err)
{
    const struct seer_conf *c = s->conf;
    struct work_conf search = { .seer = s, .what = "searches", .thread = "search", .threads = c->searchers, .waiting_max = c->searches_max };
    struct work_conf load = { .seer = s, .what = "loads", .thread = "load", .threads = LOADERS, .waiting_max = c->uploads_max, .nice = LOAD_NICE };
    struct work_conf cluster = { .seer = s, .what = "calls", .thread = "cluster", .threads = 1, .waiting_max = CLUSTER_WAITING_MAX };
    struct work_conf word = { .seer = s, .what = "answers", .thread = "word", .threads = c->llm_calls, .waiting_max = c->llm_waiting_max };

    if (work_open(&s->searching, &search, err) || work_open(&s->loading, &load, err) || work_open(&s->cluster, &cluster, err))
        return err->code;
    return s->llm ? work_open(&s->wording, &word, err) : KL_OK;
}

static enum kl_code open_llm(struct seer *s, struct kl_error *err)
{
    struct llm_conf llm = { .url = s->conf->llm_url, .model = s->conf->llm_model, .key_file = s->conf->llm_key_file, .timeout_ms = s->conf->llm_timeout_ms };

    return llm.url ? llm_open(&s->llm, &llm, err) : KL_OK;
}

/* The questions before the index, which calls them; the index before the learner, which feeds it. */
static enum kl_code open_parts(struct seer *s, struct kl_error *err)
{
    rd_kafka_conf_t *kafka;

    if (open_llm(s, err) || seer_kafka_conf(s->conf, KL_KAFKA_PRODUCER, &kafka, err) || kl_producer_open(&s->producer, kafka, err) ||
        questions_new(&s->questions, s, err) || parts_open(s, asked, s, err) || open_pools(s, err) ||
        learner_start(&s->learner, s->conf, s->index, feed_ended, err))
        return err->code;
    return questions_start(s->questions, err);
}

/* Every suspended request is resumed in here. */
static void end_work(struct seer *s)
{
    kl_service_step("ending searches and loads");
    llm_end(s->llm);
    embedder_end(s->embedder);
    work_end(s->searching); /* first: it passes work on to wording */
    work_end(s->wording);
    work_end(s->loading);
    work_end(s->cluster);
}

static void close_parts(struct seer *s)
{
    kl_service_step("ending questions from Kafka");
    questions_stop(s->questions);
    kl_service_step("ending the feed");
    learner_stop(s->learner);
    kl_producer_close(s->producer, 0);
    kl_service_step("closing the index");
    work_close(s->searching);
    work_close(s->wording);
    work_close(s->loading);
    work_close(s->cluster);
    parts_close(s);
    questions_free(s->questions);
    llm_close(s->llm);
}

/* What a failure at the start means to whoever started us. */
static enum kl_exit exit_of(enum kl_code code)
{
    return code == KL_INVALID ? KL_EXIT_SETTING : code == KL_BROKEN ? KL_EXIT_STORE : KL_EXIT_START;
}

static enum kl_exit serve(struct kl_error *err)
{
    struct kl_http *http;
    enum kl_exit code;

    if (kl_service_serve(&service, &http, err)) {
        kl_error("the seer does not start", KL_S("why", err->text));
        end_work(&seer);
        return err->code == KL_INVALID ? KL_EXIT_SETTING : KL_EXIT_PORT;
    }
    code = kl_service_wait();
    kl_service_wind_down(&service, http);
    end_work(&seer);
    kl_http_stop(http);
    return code;
}

int main(int argc, char **argv)
{
    struct kl_error err;
    enum kl_exit code;

    if (cli_wanted(argc, argv))
        return cli_main(argc, argv);
    service.openapi_len = (size_t)(openapi_end - openapi);
    kl_service_begin(&service, argc, argv, &seer_conf);
    signal(SIGXFSZ, SIG_IGN); /* a file that may not grow is a full disk: an error of write(), not our end */
    if (seer_conf_check(&seer_conf, &err) || open_parts(&seer, &err)) {
        kl_error("the seer does not start", KL_S("why", err.text));
        end_work(&seer);
        code = exit_of(err.code);
    } else {
        seer_metrics_register(&seer);
        code = serve(&err);
    }
    close_parts(&seer);
    return kl_service_end(code);
}
