/* negotiate.c - reads the comma separated lists of Accept, Accept-Encoding and If-None-Match.
 *
 * Weights are kept in thousandths, which is all the precision RFC 9110 section 12.4.2 allows. What does not parse is
 * taken as the weight 0: a client that garbles its own preference does not get it. */
#include "negotiate.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#define WEIGHT_MAX 1000

struct item {
    const char *name;
    size_t      len;
    int         weight;
};

static const char *const names[ENCODINGS] = { NULL, "gzip", "br" };

const char *encoding_name(enum encoding e)
{
    return names[e];
}

static bool blank(char c)
{
    return c == ' ' || c == '\t';
}

/* "0.85" in thousandths; 0 when it is not a weight. */
static int weight_read(const char *text, const char *end)
{
    int weight = 0, scale = WEIGHT_MAX;

    if (text == end || (*text != '0' && *text != '1'))
        return 0;
    weight = (*text++ - '0') * WEIGHT_MAX;
    if (text < end && *text == '.')
        for (text++; text < end && isdigit((unsigned char)*text) && scale > 1; text++) {
            scale /= 10;
            weight += (*text - '0') * scale;
        }
    while (text < end && blank(*text))
        text++;
    return text == end && weight <= WEIGHT_MAX ? weight : 0;
}

/* The weight among an item's parameters (";level=1;q=0.4"); 1 when it has none. */
static int weight_find(const char *at, const char *end)
{
    while (at < end) {
        const char *next = memchr(at, ';', (size_t)(end - at));
        const char *stop = next ? next : end;

        while (at < stop && blank(*at))
            at++;
        if (stop - at >= 2 && (*at == 'q' || *at == 'Q') && at[1] == '=')
            return weight_read(at + 2, stop);
        at = next ? next + 1 : end;
    }
    return WEIGHT_MAX;
}

/* The next item of a list; *at moves behind it. false: the list has ended. */
static bool item_next(const char **at, struct item *item)
{
    const char *start = *at + strspn(*at, ", \t");
    const char *end = start + strcspn(start, ",");
    const char *name_end = start;

    if (!*start)
        return false;
    while (name_end < end && *name_end != ';' && !blank(*name_end))
        name_end++;
    item->name = start;
    item->len = (size_t)(name_end - start);
    item->weight = weight_find(name_end, end);
    *at = end;
    return true;
}

static bool item_is(const struct item *item, const char *name)
{
    return item->len == strlen(name) && !strncasecmp(item->name, name, item->len);
}

enum encoding negotiate_encoding(const char *accept_encoding, unsigned available)
{
    int weight[ENCODINGS] = { [ENCODING_IDENTITY] = -1, [ENCODING_GZIP] = -1, [ENCODING_BR] = -1 };
    int other = -1; /* what "*" says */
    enum encoding best = ENCODING_IDENTITY;
    struct item item;

    if (!accept_encoding)
        return ENCODING_IDENTITY;
    while (item_next(&accept_encoding, &item)) {
        if (item_is(&item, "*"))
            other = item.weight;
        else if (item_is(&item, "br"))
            weight[ENCODING_BR] = item.weight;
        else if (item_is(&item, "gzip") || item_is(&item, "x-gzip"))
            weight[ENCODING_GZIP] = item.weight;
        else if (item_is(&item, "identity"))
            weight[ENCODING_IDENTITY] = item.weight;
    }
    /* Identity is acceptable without being named, but then whatever is named is preferred to it. */
    if (weight[ENCODING_IDENTITY] < 0)
        weight[ENCODING_IDENTITY] = 0;
    for (enum encoding e = ENCODING_GZIP; e < ENCODINGS; e++) {
        if (weight[e] < 0)
            weight[e] = other;
        if ((available & (1u << e)) && weight[e] > 0 && weight[e] >= weight[best])
            best = e;
    }
    return best;
}

bool negotiate_html(const char *accept)
{
    struct item item;

    while (accept && item_next(&accept, &item))
        if (item_is(&item, "text/html") && item.weight > 0)
            return true;
    return false;
}

bool negotiate_unchanged(const char *if_none_match, const char *etag)
{
    size_t len = strlen(etag);
    const char *at = if_none_match;

    if (!at)
        return false;
    while (*(at += strspn(at, ", \t"))) {
        const char *close;

        if (*at == '*')
            return true;
        if (!strncmp(at, "W/", 2))
            at += 2;
        close = *at == '"' ? strchr(at + 1, '"') : NULL;
        if (!close)
            return false;
        if ((size_t)(close + 1 - at) == len && !memcmp(at, etag, len))
            return true;
        at = close + 1;
    }
    return false;
}
