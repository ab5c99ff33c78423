/* load.c - the load of `make test-k8s` as a program: a fixed rate for a bounded time, what failed and why, and then whether
 * every confirmed message has its one receipt. Ends with 0 when nothing failed, or nothing that may not. */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>

#include "conf.h"
#include "it_pace.h"

struct conf {
    const char *urls, *consumer_url, *report;
    int64_t     rate, connections, duration_ms, timeout_ms, verify_ms;
    bool        get, may_fail;
};
#define TOLD_MAX          40 /* failures told one by one */
#define TOLD_MAX_MAY_FAIL 3
#define AT(field) offsetof(struct conf, field)

static const struct kl_setting settings[] = {
    { "URLS", KL_STR, AT(urls), NULL, 0, 0, "http://host:port/produce/TOPIC, several with commas: taken in turn" },
    { "RATE", KL_INT, AT(rate), "1000", 1, 100000, "requests a second" },
    { "CONNECTIONS", KL_INT, AT(connections), "64", 1, 2000, "kept to each URL" },
    { "DURATION", KL_MS, AT(duration_ms), "10s", 1000, 3600000, "for how long; SIGTERM ends it earlier" },
    { "TIMEOUT", KL_MS, AT(timeout_ms), "20s", 1, 600000, "of a request" },
    { "GET", KL_BOOL, AT(get), "no", 0, 0, "GET the URLs as they are" },
    { "MAY_FAIL", KL_BOOL, AT(may_fail), "no", 0, 0, "requests may fail; confirmed messages still may not be lost" },
    { "CONSUMER_URL", KL_STR, AT(consumer_url), NULL, 0, 0, "where receipts are asked for; unset: they are not" },
    { "VERIFY_TIMEOUT", KL_MS, AT(verify_ms), "120s", 1000, 3600000, "until each confirmed message must be consumed" },
    { "REPORT", KL_STR, AT(report), NULL, 0, 0, "a file that gets the figures as NAME=VALUE lines" },
    KL_SETTING_END
};

static atomic_bool stop;

static void on_signal(int signal)
{
    (void)signal;
    atomic_store(&stop, true);
}

static int split(char *text, const char **urls)
{
    int n = 0;
    char *each;

    while (n < IT_PACE_URLS_MAX && (each = strsep(&text, ",")))
        if (*each)
            urls[n++] = each;
    return n;
}

static double ms(int64_t us) { return (double)us / 1000; }

static void tell(const struct it_pace_result *r)
{
    printf("    %ld sent in %.1f s on %ld connections: %ld ok, %ld refused, %ld broken\n", r->sent, (double)r->took_us / 1e6, r->connections, r->ok, r->refused, r->broken);
    printf("    latency p50 %.1f ms, p99 %.1f ms, p99.9 %.1f ms, max %.1f ms; longest pause %.1f ms, from %.1f s on\n", ms(kl_hist_quantile(&r->latency, 0.5)),
           ms(kl_hist_quantile(&r->latency, 0.99)), ms(kl_hist_quantile(&r->latency, 0.999)), ms(r->latency.max), ms(r->pause_us), (double)r->pause_at_us / 1e6);
}

static void tell_verdict(const struct it_pace_result *r, const struct it_pace_verdict *v)
{
    char id[KL_UUID_TEXT];

    printf("    of %ld confirmed: %ld without a receipt, %ld with more than one; of %ld unconfirmed %ld were stored\n", r->ok, v->missing, v->twice,
           r->refused + r->broken, v->kept_unconfirmed);
    kl_uuid_text(&v->first, id);
    if (v->missing)
        printf("    the first without a receipt: %.*s\n", KL_UUID_TEXT, id);
}

static void report(const char *path, const struct it_pace_result *r, const struct it_pace_verdict *v)
{
    FILE *f = fopen(path, "w");

    if (!f) {
        perror(path);
        return;
    }
    fprintf(f, "sent=%ld\nok=%ld\nrefused=%ld\nbroken=%ld\nconnections=%ld\n", r->sent, r->ok, r->refused, r->broken, r->connections);
    fprintf(f, "p50_ms=%.1f\np99_ms=%.1f\nmax_ms=%.1f\npause_ms=%.0f\n", ms(kl_hist_quantile(&r->latency, 0.5)), ms(kl_hist_quantile(&r->latency, 0.99)),
            ms(r->latency.max), ms(r->pause_us));
    fprintf(f, "missing=%ld\ntwice=%ld\nkept_unconfirmed=%ld\n", v->missing, v->twice, v->kept_unconfirmed);
    fclose(f);
}

static int fail(const struct kl_error *err)
{
    fprintf(stderr, "load: %s\n", err->text);
    return EXIT_FAILURE;
}

int main(int argc, char **argv)
{
    struct kl_conf_source source = { argc, argv, environ, NULL };
    struct conf conf = { 0 };
    struct it_pace_conf pace = { .out = stdout, .stop = &stop };
    struct it_pace_result result = { 0 };
    struct it_pace_verdict verdict = { 0 };
    struct kl_error err;
    char *urls;
    bool good;

    if (kl_conf_load(settings, &conf, &source, &err))
        return fail(&err);
    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGTERM, on_signal);
    signal(SIGINT, on_signal);
    urls = strdup(conf.urls ? conf.urls : "");
    pace.urls_n = split(urls, pace.urls);
    pace.told_max = conf.may_fail ? TOLD_MAX_MAY_FAIL : TOLD_MAX;
    pace.get = conf.get;
    pace.rate = conf.rate;
    pace.connections = conf.connections;
    pace.duration_ms = conf.duration_ms;
    pace.timeout_ms = conf.timeout_ms;
    if (it_pace_run(&pace, &result, &err))
        return fail(&err);
    tell(&result);
    if (conf.consumer_url && !conf.get) {
        if (it_pace_verify(&result, conf.consumer_url, conf.verify_ms, &verdict, &err))
            fprintf(stderr, "load: %s\n", err.text);
        tell_verdict(&result, &verdict);
    }
    if (conf.report)
        report(conf.report, &result, &verdict);
    good = result.ok > 0 && !verdict.missing && !verdict.twice && (conf.may_fail || result.refused + result.broken == 0);
    it_pace_fini(&result);
    free(urls);
    kl_conf_free();
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
