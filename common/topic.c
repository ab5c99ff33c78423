/* topic.c - see topic.h. */
#include "topic.h"

#include <string.h>

static bool topic_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-';
}

enum kl_code kl_topic_check(const char *topic, size_t len, struct kl_error *err)
{
    if (len == 0)
        return kl_fail_field(err, KL_INVALID, "topic", "the topic's name is empty");
    if (len > KL_TOPIC_MAX)
        return kl_fail_limit(err, KL_INVALID, "topic", KL_TOPIC_MAX, "the topic's name has %zu characters, %d may be", len, KL_TOPIC_MAX);
    for (size_t i = 0; i < len; i++)
        if (!topic_char(topic[i]))
            return kl_fail_field(err, KL_INVALID, "topic",
                                 "character %zu of the topic's name is none of a-z, A-Z, 0-9, dot, underscore and hyphen", i + 1);
    if ((len == 1 && topic[0] == '.') || (len == 2 && topic[0] == '.' && topic[1] == '.'))
        return kl_fail_field(err, KL_INVALID, "topic", "a topic's name cannot be \".\" or \"..\"");
    return KL_OK;
}

bool kl_topic_internal(const char *topic)
{
    return !strncmp(topic, "__", 2) || !strcmp(topic, "_schemas") || !strncmp(topic, "kafkloud-", 9);
}
