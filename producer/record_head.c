#include "record_head.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#define HEADER_PREFIX   "Kafkloud-Header-"
#define RESERVED_PREFIX "kafkloud-"
#define TIMESTAMP_MAX   INT64_C(253402300799999) /* the end of the year 9999 */

enum kl_code record_header_check(const char *name, size_t len, const char *field, struct kl_error *err)
{
    if (len == 0)
        return kl_fail_field(err, KL_INVALID, field, "a Kafka header needs a name");
    if (len >= sizeof RESERVED_PREFIX - 1 && strncasecmp(name, RESERVED_PREFIX, sizeof RESERVED_PREFIX - 1) == 0)
        return kl_fail_field(err, KL_INVALID, field, "Kafka headers named kafkloud-* are kafkloud's own");
    return KL_OK;
}

struct reading {
    struct record_head *head;
    struct record      *record;
    struct kl_error    *err;
    enum kl_code        code;
};

/* The name in lower case, copied to where names do not move: the buffer has its whole size from the first one on. */
static const char *keep_name(struct reading *in, const char *name, size_t len)
{
    struct kl_buf *names = &in->head->names;
    char *kept;

    if (!names->data && !kl_buf_reserve(names, RECORD_NAMES_MAX_BYTES)) {
        in->code = kl_fail(in->err, KL_BUSY, "no memory for the headers");
        return NULL;
    }
    if (names->len + len > RECORD_NAMES_MAX_BYTES) {
        in->code = kl_fail_limit(in->err, KL_INVALID, HEADER_PREFIX "*", RECORD_NAMES_MAX_BYTES, "the names of the Kafka headers have more than %d bytes together", RECORD_NAMES_MAX_BYTES);
        return NULL;
    }
    kept = names->data + names->len;
    for (size_t i = 0; i < len; i++)
        kl_buf_addc(names, (char)tolower((unsigned char)name[i]));
    return kept;
}

/* Room for one more. NULL: no memory. */
static struct record_header *next_header(struct record_head *head, size_t n)
{
    if (n < RECORD_HEADERS_FEW)
        return &head->few[n];
    if (!head->many) {
        head->many = calloc(RECORD_HEADERS_MAX, sizeof *head->many);
        if (!head->many)
            return NULL;
        memcpy(head->many, head->few, sizeof head->few);
    }
    return &head->many[n];
}

static bool add_header(struct reading *in, const char *name, size_t name_len, const char *value, size_t len)
{
    struct record_header *header;

    if (in->record->n_headers == RECORD_HEADERS_MAX) {
        in->code = kl_fail_limit(in->err, KL_INVALID, HEADER_PREFIX "*", RECORD_HEADERS_MAX, "more than %d Kafka headers", RECORD_HEADERS_MAX);
        return false;
    }
    header = next_header(in->head, in->record->n_headers);
    if (!header) {
        in->code = kl_fail(in->err, KL_BUSY, "no memory for the headers");
        return false;
    }
    *header = (struct record_header){ name, name_len, value, len };
    in->record->n_headers++;
    return true;
}

static bool take_header(void *ctx, const char *name, const char *value, size_t len)
{
    struct reading *in = ctx;
    const char *kept;
    size_t name_len;

    if ((*name | 0x20) == 'c' && strcasecmp(name, "Content-Type") == 0)
        return add_header(in, "content-type", 12, value, len);
    if ((*name | 0x20) != 'k' || strncasecmp(name, HEADER_PREFIX, sizeof HEADER_PREFIX - 1) != 0)
        return true;
    name_len = strlen(name) - (sizeof HEADER_PREFIX - 1);
    in->code = record_header_check(name + sizeof HEADER_PREFIX - 1, name_len, name, in->err);
    if (in->code)
        return false;
    kept = keep_name(in, name + sizeof HEADER_PREFIX - 1, name_len);
    return kept && add_header(in, kept, name_len, value, len);
}

static enum kl_code read_headers(struct record_head *head, const struct kl_request *r, struct record *record, struct kl_error *err)
{
    struct reading in = { head, record, err, KL_OK };

    record->n_headers = 0;
    kl_request_headers(r, take_header, &in);
    record->headers = head->many ? head->many : head->few;
    return in.code;
}

static enum kl_code read_key(struct record_head *head, const struct kl_request *r, bool keyed, struct record *record,
                             struct kl_error *err)
{
    size_t len;
    const char *base64 = kl_request_query(r, "key_base64", &len);

    if (keyed)
        record->key = kl_request_param(r, "key", &record->key_len);
    if (!base64)
        return KL_OK;
    if (!kl_buf_add_unbase64(&head->key, base64, len)) {
        if (!head->key.failed)
            return kl_fail_field(err, KL_INVALID, "key_base64", "key_base64 is not base64");
        return kl_fail_limit(err, KL_TOO_LARGE, "key_base64", RECORD_KEY_MAX_BYTES, "the key has more than %d bytes", RECORD_KEY_MAX_BYTES);
    }
    record->key = head->key.len > 0 ? head->key.data : "";
    record->key_len = head->key.len;
    return KL_OK;
}

/* A UUID, bare or as a quoted string, which is how the IETF's draft of the header writes it. */
static enum kl_code read_id(const struct kl_request *r, struct record *record, bool *given, struct kl_error *err)
{
    const char *text = kl_request_header(r, "Idempotency-Key");
    size_t len = text ? strlen(text) : 0;

    *given = text != NULL;
    if (!text) {
        kl_uuid7(&record->id);
        return KL_OK;
    }
    if (len >= 2 && text[0] == '"' && text[len - 1] == '"') {
        text++;
        len -= 2;
    }
    if (!kl_uuid_parse(text, len, &record->id))
        return kl_fail_field(err, KL_INVALID, "Idempotency-Key", "Idempotency-Key \"%.64s\" is not a UUID", text);
    return KL_OK;
}

enum kl_code record_head_read(struct record_head *head, const struct kl_request *r, bool keyed, struct record *record, bool *given,
                              struct kl_error *err)
{
    int64_t partition;

    kl_buf_init(&head->names, RECORD_NAMES_MAX_BYTES);
    kl_buf_init(&head->key, RECORD_KEY_MAX_BYTES);
    if (read_key(head, r, keyed, record, err) || read_headers(head, r, record, err) || read_id(r, record, given, err) ||
        kl_request_query_int(r, "partition", 0, INT32_MAX, -1, &partition, err) ||
        kl_request_query_int(r, "timestamp_ms", 1, TIMESTAMP_MAX, 0, &record->timestamp_ms, err))
        return err->code;
    record->partition = (int32_t)partition;
    return KL_OK;
}

void record_head_fini(struct record_head *head)
{
    free(head->many);
    kl_buf_fini(&head->names);
    kl_buf_fini(&head->key);
}
