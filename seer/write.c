#include "write.h"

#include <string.h>

#include "clock.h"
#include "text.h"

void write_text(struct kl_buf *b, const char *name, const char *text)
{
    kl_buf_addf(b, "\"%s\":", name);
    if (text)
        kl_buf_add_json(b, text, strlen(text));
    else
        kl_buf_adds(b, "null");
}

void write_time(struct kl_buf *b, const char *name, int64_t wall_ms)
{
    char text[KL_TIME_TEXT];
    int64_t most_ms = INT64_MAX / 1000; /* a producer may have written nanoseconds: shown as the last time there is */

    kl_time_text(text, (wall_ms < most_ms ? wall_ms : most_ms) * 1000);
    kl_buf_addf(b, "\"%s\":\"%.23sZ\"", name, text); /* the rest are the microseconds */
}

/* Where a text came from: of what came from no topic, all null. */
static void write_place(struct kl_buf *b, const char *topic, int32_t partition, int64_t offset, const char *message_id)
{
    write_text(b, "topic", topic);
    if (topic)
        kl_buf_addf(b, ",\"partition\":%d,\"offset\":%lld,", partition, (long long)offset);
    else
        kl_buf_adds(b, ",\"partition\":null,\"offset\":null,");
    write_text(b, "message_id", message_id);
}

/* From bytes to characters in one pass: spans stand in order. */
static void write_spans(struct kl_buf *b, const char *text, const struct search_span *spans, size_t n)
{
    size_t at = 0;
    int64_t chars = 0;

    for (size_t i = 0; i < n; i++) {
        int64_t from;

        chars += text_chars(text + at, spans[i].from - at);
        from = chars;
        chars += text_chars(text + spans[i].from, spans[i].to - spans[i].from);
        at = spans[i].to;
        kl_buf_addf(b, "%s[%lld,%lld]", i ? "," : "", (long long)from, (long long)chars);
    }
}

void write_hit(struct kl_buf *b, const struct search_hit *hit, const struct search_span *spans, size_t n_spans)
{
    kl_buf_addf(b, "{\"document\":%lld,", (long long)hit->document);
    write_text(b, "source", hit->source);
    kl_buf_addc(b, ',');
    write_text(b, "title", hit->title);
    kl_buf_addf(b, ",\"kind\":\"%s\",", index_kind_name(hit->kind));
    write_place(b, hit->topic, hit->partition, hit->offset, hit->message_id);
    kl_buf_addc(b, ',');
    write_time(b, "time", hit->time_ms);
    kl_buf_addf(b, ",\"span\":[%lld,%lld],\"line\":%lld,\"score\":%.6g,\"text\":", (long long)hit->from, (long long)hit->to, (long long)hit->line, hit->score);
    kl_buf_add_json(b, hit->text, hit->len);
    kl_buf_adds(b, ",\"highlights\":[");
    write_spans(b, hit->text, spans, n_spans);
    kl_buf_adds(b, "]}");
}

static void write_tags(struct kl_buf *b, const char *tags)
{
    bool first = true;

    kl_buf_adds(b, ",\"tags\":[");
    for (const char *at = tags ? tags : ""; *at; at += strspn(at, ",")) {
        size_t len, end;

        at += strspn(at, " ");
        end = len = strcspn(at, ",");
        while (len > 0 && at[len - 1] == ' ')
            len--;
        if (len > 0) {
            if (!first)
                kl_buf_addc(b, ',');
            kl_buf_add_json(b, at, len);
            first = false;
        }
        at += end;
    }
    kl_buf_adds(b, "],");
}

void write_document(struct kl_buf *b, const struct reader_document *d)
{
    kl_buf_addf(b, "\"id\":%lld,", (long long)d->id);
    write_text(b, "source", d->source);
    kl_buf_addc(b, ',');
    write_text(b, "title", d->title);
    write_tags(b, d->tags);
    kl_buf_addf(b, "\"kind\":\"%s\",", index_kind_name(d->kind));
    write_text(b, "type", d->type);
    kl_buf_addf(b, ",\"bytes\":%lld,\"chars\":%lld,\"passages\":%lld,", (long long)d->bytes, (long long)d->chars, (long long)d->passages);
    write_time(b, "added", d->added_ms);
    kl_buf_addc(b, ',');
    write_place(b, d->topic, d->partition, d->offset, d->message_id);
    kl_buf_addc(b, ',');
    write_time(b, "time", d->time_ms);
}

void write_freshness(struct kl_buf *b, const struct freshness *f)
{
    kl_buf_addf(b, "\"freshness\":{\"topics\":%lld,\"behind\":%lld,\"behind_ms\":%lld}", (long long)f->topics, (long long)f->behind, (long long)f->behind_ms);
}
