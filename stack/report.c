/* report.c - see report.h. */
#include "report.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "clock.h"
#include "readyz.h"

#define LINE_MAX_BYTES 4096 /* the longest has an error with a path in it */

static const struct {
    const char *sign, *colour;
} marks[] = {
    [MARK_NONE] = { "", "" },
    [MARK_GOOD] = { "✓ ", "\033[32m" },
    [MARK_BAD] = { "✗ ", "\033[31m" },
    [MARK_BUSY] = { "· ", "\033[2m" },
};

void report_open(struct report *r, FILE *screen, int log_dir)
{
    r->screen = screen;
    r->colour = screen && isatty(fileno(screen)) && !getenv("NO_COLOR");
    if (logfile_open(&r->log, log_dir, STACK_LOG, NULL) != KL_OK)
        r->log.fd = -1;
}

void report_close(struct report *r)
{
    logfile_close(&r->log);
}

static void emit(struct report *r, enum mark mark, const char *text)
{
    char line[LINE_MAX_BYTES + 64], now[KL_TIME_TEXT];
    int n;

    if (r->screen) {
        fprintf(r->screen, "%s%s%s%s\n", r->colour ? marks[mark].colour : "", marks[mark].sign, r->colour && mark ? "\033[0m" : "", text);
        fflush(r->screen);
    }
    if (r->log.fd < 0)
        return;
    kl_time_text(now, kl_wall_us());
    n = snprintf(line, sizeof line, "%s %s%s\n", now, marks[mark].sign, text);
    logfile_write(&r->log, line, (size_t)n);
}

void report_hint(struct report *r, const char *text)
{
    if (!r->screen)
        return;
    fprintf(r->screen, "%s\n", text);
    fflush(r->screen);
}

void report_line(struct report *r, enum mark mark, const char *format, ...)
{
    char text[LINE_MAX_BYTES];
    va_list args;

    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    emit(r, mark, text);
}

void report_quote(struct report *r, const char *text, size_t len)
{
    while (len > 0) {
        const char *end = memchr(text, '\n', len);
        size_t line = end ? (size_t)(end - text) : len;

        report_line(r, MARK_NONE, "    | %.*s", (int)line, text);
        line += end != NULL;
        text += line;
        len -= line;
    }
}

void report_addresses(struct report *r, const struct stack_conf *conf)
{
    char kafka[4096 + 1];

    service_kafka_address(conf, kafka, sizeof kafka);
    report_line(r, MARK_NONE, "%s", "");
    report_line(r, MARK_NONE, "  portal     http://127.0.0.1:%" PRId64 "/", conf->portal_port);
    report_line(r, MARK_NONE, "  producer   http://127.0.0.1:%" PRId64 "/produce/{topic}/{key}", conf->producer_port);
    report_line(r, MARK_NONE, "  consumer   http://127.0.0.1:%" PRId64 "/status", conf->consumer_port);
    report_line(r, MARK_NONE, "  steward    http://127.0.0.1:%" PRId64 "/topics", conf->steward_port);
    report_line(r, MARK_NONE, "  seer       http://127.0.0.1:%" PRId64 "/ask?q=", conf->seer_port);
    report_line(r, MARK_NONE, "  kafka      %s", kafka);
    report_line(r, MARK_NONE, "  data       %s   (logs in log/)", conf->home);
    report_line(r, MARK_NONE, "%s", "");
}

void report_duration(int64_t us, char *out, size_t size)
{
    if (us < 1000000)
        snprintf(out, size, "%" PRId64 " ms", us / 1000);
    else if (us < 60 * INT64_C(1000000))
        snprintf(out, size, "%.1f s", (double)us / 1e6);
    else if (us < 3600 * INT64_C(1000000))
        snprintf(out, size, "%" PRId64 " min", us / 60000000);
    else
        snprintf(out, size, "%.1f h", (double)us / 3600e6);
}

/* ---- ps ---- */

static long resident_mb(pid_t pid)
{
    char path[64];
    long pages = 0;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/statm", (int)pid);
    f = fopen(path, "re");
    if (!f)
        return 0;
    if (fscanf(f, "%*d %ld", &pages) != 1)
        pages = 0;
    fclose(f);
    return pages * sysconf(_SC_PAGESIZE) / (1024 * 1024);
}

#define ASK_MS 500 /* a service that runs says at once whether it is ready */

/* The supervisor knows that it was ready when it started; whether it is now, only the service knows. */
static enum slot_state state_now(const struct slot_view *v, struct readyz *r)
{
    const struct service *s;

    r->why[0] = '\0';
    for (s = services; s->name && strcmp(s->name, v->name) != 0; s++)
        ;
    if ((v->state != SLOT_READY && v->state != SLOT_UNREADY) || !s->name || s->ready != READY_HTTP)
        return v->state;
    readyz_ask(v->port, ASK_MS, r);
    return r->ready ? SLOT_READY : SLOT_UNREADY;
}

/* r: what it says itself. */
static void table_line(FILE *out, const struct slot_view *v, struct readyz *r)
{
    char up[32] = "-", memory[32] = "-", pid[16] = "-";

    if (v->pid) {
        report_duration(kl_wall_us() - v->started_us, up, sizeof up);
        snprintf(memory, sizeof memory, "%ld MB", resident_mb(v->pid));
        snprintf(pid, sizeof pid, "%d", (int)v->pid);
    }
    fprintf(out, "%-10s %-11s %8s %6" PRId64 " %9s %8s %9zu\n", v->name, slot_state_name(state_now(v, r)), pid, v->port, up, memory, v->restarts);
}

void report_table(FILE *out, const struct state *s, const struct stack_conf *conf)
{
    struct readyz said[SERVICES_MAX];
    int i;

    fprintf(out, "%-10s %-11s %8s %6s %9s %8s %9s\n", "SERVICE", "STATE", "PID", "PORT", "UP", "MEMORY", "RESTARTS");
    for (i = 0; i < s->slots_n; i++)
        table_line(out, &s->slots[i], &said[i]);
    if (conf->bootstrap_servers)
        fprintf(out, "%-10s %s\n", "kafka", conf->bootstrap_servers);
    for (i = 0; i < s->slots_n; i++)
        if (said[i].why[0])
            fprintf(out, "%s is not ready: %s\n", s->slots[i].name, said[i].why);
}
