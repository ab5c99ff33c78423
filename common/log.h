/* log.h - one line an event: a constant message, values as fields.
 *
 *     kl_warn("queue full, refusing records", KL_S("topic", topic), KL_I("queued", n));
 *
 * prints   2026-11-22T01:47:24.000123Z warn  producer queue full, refusing records topic=orders queued=9
 * or, with LOG_FORMAT=json, the same as one JSON object. Lines go to stderr in one write(2) each.
 * Colours only on a terminal. Thread-safe. Never log bodies, keys or tokens. */
#ifndef KL_LOG_H
#define KL_LOG_H

#include <stdint.h>

#include "err.h"

enum kl_level { KL_DEBUG, KL_INFO, KL_WARN, KL_ERROR };

struct kl_field {
    const char *name;   /* NULL ends the list */
    const char *text;   /* NULL: number counts */
    int64_t     number;
};
/* A function, so that an array may be given: gcc warns of a test whether an array's address is NULL. */
static inline const char *kl_log_text(const char *text) { return text ? text : ""; }
#define KL_S(name_, text_)   (struct kl_field){ .name = (name_), .text = kl_log_text(text_) }
#define KL_I(name_, number_) (struct kl_field){ .name = (name_), .number = (int64_t)(number_) }

/* Once, before other threads start. service is borrowed for ever; json: one object a line. */
void kl_log_init(const char *service, enum kl_level least, bool json);
void kl_log_level(enum kl_level least);

void kl_log(enum kl_level level, const char *message, const struct kl_field *fields);
bool kl_log_on(enum kl_level level);

#define kl_log_(level, message, ...)                                                       \
    do {                                                                                    \
        if (kl_log_on(level))                                                               \
            kl_log(level, message, (struct kl_field[]){ __VA_ARGS__ __VA_OPT__(,) { .name = NULL } }); \
    } while (0)
#define kl_debug(message, ...) kl_log_(KL_DEBUG, message, ##__VA_ARGS__)
#define kl_info(message, ...)  kl_log_(KL_INFO, message, ##__VA_ARGS__)
#define kl_warn(message, ...)  kl_log_(KL_WARN, message, ##__VA_ARGS__)
#define kl_error(message, ...) kl_log_(KL_ERROR, message, ##__VA_ARGS__)

#endif
