/* log.c - see log.h. A line is built in a buffer on the stack, so logging works when memory is short, and leaves in
 * one write(2), so that lines of several threads and processes do not mix. A field that does not fit is left out whole
 * and the line says cut=yes: half a JSON object would be worth less. */
#include "log.h"

#include <errno.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "buf.h"
#include "clock.h"

#define LINE_MAX_BYTES  4096 /* PIPE_BUF: the most a pipe takes in one piece */
#define LINE_TAIL_BYTES 32   /* kept free for cut=yes, the brace and the newline */

static const char *const names[] = { "debug", "info", "warn", "error" };
static const char *const colours[] = { "\033[2m", "\033[32m", "\033[33m", "\033[1;31m" };
#define COLOUR_END "\033[0m"

/* Set by kl_log_init before threads start. */
static const char *service_name = "kafkloud";
static bool as_json;
static bool coloured;

static _Atomic int least_level = KL_INFO;

void kl_log_init(const char *service, enum kl_level least, bool json)
{
    const char *no_color = getenv("NO_COLOR");

    service_name = service;
    as_json = json;
    coloured = !json && isatty(STDERR_FILENO) && !(no_color && *no_color);
    kl_log_level(least);
}

void kl_log_level(enum kl_level least)
{
    atomic_store_explicit(&least_level, (int)least, memory_order_relaxed);
}

bool kl_log_on(enum kl_level level)
{
    return (int)level >= atomic_load_explicit(&least_level, memory_order_relaxed);
}

/* Can a person and a program read it without quotes? Bytes above ASCII go through the quoting, which checks them. */
static bool is_plain(const char *text)
{
    const char *at;

    for (at = text; *at; at++)
        if ((unsigned char)*at <= ' ' || (unsigned char)*at >= 0x7F || strchr("\"=\\", *at))
            return false;
    return at > text;
}

static void add_text_value(struct kl_buf *line, const struct kl_field *f)
{
    if (!f->text)
        kl_buf_addi(line, f->number);
    else if (is_plain(f->text))
        kl_buf_adds(line, f->text);
    else
        kl_buf_add_json(line, f->text, strlen(f->text));
}

static void add_text_field(struct kl_buf *line, const struct kl_field *f)
{
    kl_buf_addc(line, ' ');
    kl_buf_adds(line, f->name);
    kl_buf_addc(line, '=');
    add_text_value(line, f);
}

static void add_json_field(struct kl_buf *line, const struct kl_field *f)
{
    kl_buf_addc(line, ',');
    kl_buf_add_json(line, f->name, strlen(f->name));
    kl_buf_addc(line, ':');
    if (f->text)
        kl_buf_add_json(line, f->text, strlen(f->text));
    else
        kl_buf_addi(line, f->number);
}

static void add_text_head(struct kl_buf *line, const char *time, enum kl_level level, const char *message)
{
    kl_buf_addf(line, "%s %s%-5s%s %s ", time, coloured ? colours[level] : "", names[level], coloured ? COLOUR_END : "",
                service_name);
    kl_buf_adds(line, message);
}

static void add_json_head(struct kl_buf *line, const char *time, enum kl_level level, const char *message)
{
    kl_buf_addf(line, "{\"time\":\"%s\",\"level\":\"%s\",\"service\":\"%s\",\"message\":", time, names[level],
                service_name);
    kl_buf_add_json(line, message, strlen(message));
}

static void add_fields(struct kl_buf *line, const struct kl_field *fields)
{
    static const struct kl_field cut = { .name = "cut", .text = "yes" };
    void (*add)(struct kl_buf *, const struct kl_field *) = as_json ? add_json_field : add_text_field;
    bool whole = !line->failed;

    for (; fields && fields->name; fields++) {
        size_t before = line->len;

        line->failed = false;
        add(line, fields);
        if (line->failed) {
            kl_buf_cut(line, before);
            whole = false;
        }
    }
    line->size += LINE_TAIL_BYTES;
    line->max += LINE_TAIL_BYTES;
    if (!whole)
        add(line, &cut);
}

static void write_line(const char *data, size_t len)
{
    while (write(STDERR_FILENO, data, len) < 0 && errno == EINTR)
        ;
}

void kl_log(enum kl_level level, const char *message, const struct kl_field *fields)
{
    char room[LINE_MAX_BYTES];
    char time[KL_TIME_TEXT];
    struct kl_buf line;

    if (!kl_log_on(level))
        return;
    kl_time_text(time, kl_wall_us());
    kl_buf_init_fixed(&line, room, sizeof room - LINE_TAIL_BYTES);
    if (as_json)
        add_json_head(&line, time, level, message);
    else
        add_text_head(&line, time, level, message);
    add_fields(&line, fields);
    kl_buf_adds(&line, as_json ? "}\n" : "\n");
    write_line(line.data, line.len);
}
