#include "browse_cursor.h"

bool browse_cursor_write(struct kl_buf *b, const struct browse_cursor *cursor)
{
    struct kl_buf_mark mark = kl_buf_begin(b);

    kl_buf_addc(b, cursor->backward ? 'b' : 'f');
    for (size_t i = 0; i < cursor->n; i++)
        kl_buf_addf(b, "%s%d-%lld", i ? "." : "", cursor->at[i].partition, (long long)cursor->at[i].offset);
    return kl_buf_end(b, mark);
}

/* Digits, behind which *at is moved. */
static bool number_read(const char **at, const char *end, int64_t max, int64_t *out)
{
    const char *from = *at;
    int64_t n = 0;

    for (; *at < end && **at >= '0' && **at <= '9'; (*at)++) {
        if (n > (max - (**at - '0')) / 10)
            return false;
        n = n * 10 + (**at - '0');
    }
    *out = n;
    return *at > from;
}

static bool place_read(const char **at, const char *end, struct browse_place *out)
{
    int64_t partition;

    if (!number_read(at, end, INT32_MAX, &partition) || *at == end || **at != '-')
        return false;
    (*at)++;
    out->partition = (int32_t)partition;
    return number_read(at, end, INT64_MAX, &out->offset);
}

static bool has(const struct browse_cursor *cursor, int32_t partition)
{
    for (size_t i = 0; i < cursor->n; i++)
        if (cursor->at[i].partition == partition)
            return true;
    return false;
}

static bool places_read(struct browse_cursor *out, const char *at, const char *end)
{
    struct browse_place place;

    for (;;) {
        if (out->n == BROWSE_PARTITIONS_MAX || !place_read(&at, end, &place) || has(out, place.partition))
            return false;
        out->at[out->n++] = place;
        if (at == end)
            return true;
        if (*at++ != '.')
            return false;
    }
}

enum kl_code browse_cursor_read(struct browse_cursor *out, const char *text, size_t len, struct kl_error *err)
{
    *out = (struct browse_cursor){ .backward = len && text[0] == 'b' };
    if (len < 2 || (text[0] != 'b' && text[0] != 'f') || !places_read(out, text + 1, text + len))
        return kl_fail_field(err, KL_INVALID, "cursor", "cursor is not one that a page gave");
    return KL_OK;
}
