/* kafka_feed_filter.c - which topics a feed takes: names, ^patterns, or all that are not internal. */
#include "kafka_feed_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

/* Cuts the next entry off a comma separated list, without the blanks around it; NULL at the end. */
static char *entry_cut(char **rest)
{
    char *entry, *end;

    do {
        entry = *rest;
        if (!entry)
            return NULL;
        *rest = strchr(entry, ',');
        if (*rest)
            *(*rest)++ = '\0';
        while (isspace((unsigned char)*entry))
            entry++;
        for (end = entry + strlen(entry); end > entry && isspace((unsigned char)end[-1]);)
            *--end = '\0';
    } while (!*entry);
    return entry;
}

static enum kl_code pattern_add(struct feed_filter *filter, const char *pattern, struct kl_error *err)
{
    char why[128];
    int rc = regcomp(&filter->patterns[filter->n_patterns], pattern, REG_EXTENDED | REG_NOSUB);

    if (!rc) {
        filter->n_patterns++;
        return KL_OK;
    }
    regerror(rc, &filter->patterns[filter->n_patterns], why, sizeof why);
    return kl_fail_field(err, rc == REG_ESPACE ? KL_BUSY : KL_INVALID, "topics", "the pattern %s: %s", pattern, why);
}

static enum kl_code entry_add(struct feed_filter *filter, char *entry, struct kl_error *err)
{
    enum kl_code code;

    if (*entry == '^')
        return pattern_add(filter, entry, err);
    code = kl_topic_check(entry, strlen(entry), err);
    if (!code)
        filter->names[filter->n_names++] = entry;
    return code;
}

enum kl_code feed_filter_init(struct feed_filter *filter, const char *topics, const char *also, struct kl_error *err)
{
    enum kl_code code = KL_OK;
    size_t most = 1;
    char *rest, *entry;

    *filter = (struct feed_filter){ .also = also };
    for (const char *c = topics ? topics : ""; *c; c++)
        most += *c == ',';
    filter->text = strdup(topics ? topics : "");
    filter->names = calloc(most, sizeof *filter->names);
    filter->patterns = calloc(most, sizeof *filter->patterns);
    if (!filter->text || !filter->names || !filter->patterns)
        code = kl_fail(err, KL_BUSY, "no memory for the list of topics");
    rest = filter->text;
    while (!code && (entry = entry_cut(&rest)))
        code = entry_add(filter, entry, err);
    if (code)
        feed_filter_fini(filter);
    return code;
}

void feed_filter_fini(struct feed_filter *filter)
{
    while (filter->n_patterns > 0)
        regfree(&filter->patterns[--filter->n_patterns]);
    free(filter->patterns);
    free(filter->names);
    free(filter->text);
    *filter = (struct feed_filter){ .text = NULL };
}

bool feed_filter_takes(const struct feed_filter *filter, const char *topic)
{
    if (filter->also && !strcmp(topic, filter->also))
        return true;
    if (kl_topic_internal(topic))
        return false;
    for (size_t i = 0; i < filter->n_names; i++)
        if (!strcmp(filter->names[i], topic))
            return true;
    for (size_t i = 0; i < filter->n_patterns; i++)
        if (!regexec(&filter->patterns[i], topic, 0, NULL, 0))
            return true;
    return filter->n_names == 0 && filter->n_patterns == 0;
}

enum kl_code kl_feed_takes(const char *topics, const char *topic, bool *takes, struct kl_error *err)
{
    struct feed_filter filter;
    enum kl_code code = feed_filter_init(&filter, topics, NULL, err);

    if (code)
        return code;
    *takes = feed_filter_takes(&filter, topic);
    feed_filter_fini(&filter);
    return KL_OK;
}
