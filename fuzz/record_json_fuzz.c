/* What is read as a record is a JSON object to jansson as well, with the same key and the same value.
 * sources: producer/record_json.c producer/record_head.c
 */
#include <jansson.h>

#include "fuzz.h"
#include "producer/record_json.h"

static void same_string(const json_t *string, const void *data, size_t len)
{
    kl_assert(json_string_length(string) == len);
    kl_assert(memcmp(json_string_value(string), data, len) == 0);
}

/* A string is its bytes; another value's text is JSON of the same meaning, and null no value. */
static void same_value(const json_t *value, const struct record *r)
{
    json_t *again;

    kl_assert(json_is_null(value) == (r->value == NULL));
    if (json_is_null(value))
        return;
    if (json_is_string(value)) {
        same_string(value, r->value, r->value_len);
        return;
    }
    again = json_loadb(r->value, r->value_len, JSON_DECODE_ANY | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
    kl_assert(again && json_equal(again, value));
    json_decref(again);
}

static void same_record(const json_t *doc, const struct record *r, bool given)
{
    const json_t *key = json_object_get(doc, "key"), *value = json_object_get(doc, "value");

    kl_assert(json_is_object(doc));
    if (json_is_string(key))
        same_string(key, r->key, r->key_len);
    else
        kl_assert(r->key == NULL || json_object_get(doc, "key_base64"));
    if (value)
        same_value(value, r);
    kl_assert(value || json_object_get(doc, "value_base64"));
    kl_assert(given == (json_object_get(doc, "id") != NULL));
    kl_assert(r->n_headers == json_object_size(json_object_get(doc, "headers")));
    kl_assert(r->partition >= -1 && r->timestamp_ms >= 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct record_json in;
    struct record r = { 0 };
    struct kl_error err;
    json_t *doc;
    bool given;

    record_json_init(&in, len + 16);
    if (record_json_read(&in, (const char *)data, len, &r, &given, &err) == KL_OK) {
        doc = json_loadb((const char *)data, len, JSON_REJECT_DUPLICATES | JSON_ALLOW_NUL | JSON_DECODE_INT_AS_REAL, NULL);
        kl_assert(doc);
        same_record(doc, &r, given);
        json_decref(doc);
    } else {
        kl_assert(err.code == KL_INVALID && err.field[0] && err.line >= 1 && err.column >= 1);
    }
    record_json_fini(&in);
    return 0;
}
