/* GET /receipts - receipts by topic and key, the newest first, a page at a time. */
#include <stdlib.h>

#include "clock.h"
#include "consumer.h"
#include "endpoints.h"
#include "keys.h"
#include "reading.h"
#include "store.h"
#include "topic.h"

#define LIMIT_DEFAULT 100
#define LIMIT_MAX     1000
#define KEY_MAX_BYTES 65536 /* a request's line is shorter than that */

/* Owned by the request. */
struct page {
    struct reading        reading; /* first: reading.h */
    struct receipts_query query;
    struct kl_buf         body;
    struct kl_buf         key; /* decoded from key_base64 */
    struct keys          *keys;
    bool                  any;
};

static enum kl_code topic_read(struct kl_request *r, struct receipts_query *q, struct kl_error *err)
{
    size_t len;

    q->topic = kl_request_query(r, "topic", &len);
    return q->topic ? kl_topic_check(q->topic, len, err) : KL_OK;
}

static enum kl_code key_read(struct kl_request *r, struct receipts_query *q, struct page *page, struct kl_error *err)
{
    size_t len;
    const char *base64 = kl_request_query(r, "key_base64", &len);

    q->key = kl_request_query(r, "key", &q->key_len);
    if (!base64)
        return KL_OK;
    if (q->key)
        return kl_fail_field(err, KL_INVALID, "key_base64", "key and key_base64 are two ways of one key");
    if (!kl_buf_add(&page->key, "", 0) || !kl_buf_add_unbase64(&page->key, base64, len))
        return kl_fail_field(err, KL_INVALID, "key_base64", "key_base64 is not base64");
    q->key = page->key.data;
    q->key_len = page->key.len;
    return KL_OK;
}

static enum kl_code time_read(struct kl_request *r, const char *name, int64_t unset, int64_t *us, struct kl_error *err)
{
    const char *text = kl_request_query(r, name, NULL);

    *us = unset;
    if (text && !kl_time_parse(text, us))
        return kl_fail_field(err, KL_INVALID, name, "%s is an RFC 3339 time, or milliseconds since 1970", name);
    return KL_OK;
}

static enum kl_code query_read(struct kl_request *r, struct page *page, struct kl_error *err)
{
    struct receipts_query *q = &page->query;
    int64_t limit;

    if (topic_read(r, q, err) || key_read(r, q, page, err) ||
        time_read(r, "since", INT64_MIN, &q->since_us, err) || time_read(r, "until", INT64_MAX, &q->until_us, err) ||
        kl_request_query_int(r, "limit", 1, LIMIT_MAX, LIMIT_DEFAULT, &limit, err) ||
        kl_request_query_int(r, "before", 1, INT64_MAX, INT64_MAX, &q->before, err))
        return err->code;
    q->limit = (int)limit;
    return KL_OK;
}

/* Ends the page before a receipt that does not fit. */
static bool on_receipt(void *ctx, const struct receipt *receipt)
{
    struct page *page = ctx;
    struct kl_buf_mark mark = kl_buf_begin(&page->body);

    if (page->body.len + RECEIPT_JSON_MAX > page->body.max)
        return false;
    if (page->any)
        kl_buf_addc(&page->body, ',');
    receipt_json(&page->body, receipt);
    if (!kl_buf_end(&page->body, mark))
        return false;
    page->any = true;
    return true;
}

static enum kl_code page_write(struct reading *rd, struct reader *reader, struct kl_error *err)
{
    struct page *page = (struct page *)rd;
    int64_t next;
    enum kl_code code;

    kl_buf_adds(&page->body, "{\"receipts\":[");
    code = reader_list(reader, &page->query, on_receipt, page, &next, err);
    if (code)
        return code;
    if (next)
        kl_buf_addf(&page->body, "],\"next\":\"%lld\"", (long long)next);
    else
        kl_buf_adds(&page->body, "],\"next\":null");
    kl_buf_addf(&page->body, ",\"key_index\":{\"behind\":%lld}}", (long long)keys_behind(page->keys));
    return page->body.failed ? kl_fail(err, KL_BUSY, "no memory for the answer") : KL_OK;
}

static void reply(struct kl_request *r, struct reading *rd, const struct kl_error *err)
{
    struct page *page = (struct page *)rd;

    if (err->code)
        kl_reply_error(r, err);
    else
        kl_reply_buf(r, 200, "application/json", &page->body);
}

static void page_free(void *p)
{
    struct page *page = p;

    kl_buf_fini(&page->key);
    kl_buf_fini(&page->body);
    free(page);
}

void receipts_get(struct kl_request *r)
{
    const struct consumer *c = kl_request_ctx(r);
    struct page *page = calloc(1, sizeof *page);
    struct kl_error err;

    if (!page) {
        kl_fail(&err, KL_BUSY, "no memory for the request");
        kl_reply_error(r, &err);
        return;
    }
    page->reading = (struct reading){ .read = page_write, .reply = reply };
    page->keys = store_keys(c->store);
    kl_buf_init(&page->body, ANSWER_MAX_BYTES);
    kl_buf_init(&page->key, KEY_MAX_BYTES);
    kl_request_attach(r, page, page_free);
    if (query_read(r, page, &err))
        kl_reply_error(r, &err);
    else
        reading_do(r, c->readings, &page->reading);
}
