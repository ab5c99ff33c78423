/* ask.h - reading what a request asks for, the same way at each endpoint. HTTP thread. */
#ifndef ASK_H
#define ASK_H

#include <jansson.h>

#include "http.h"
#include "topic.h"

/* What a call about one topic asks; given to admin_do() with ask_free. */
struct topic_ask {
    char    topic[KL_TOPIC_BYTES];
    bool    dry_run;
    json_t *body; /* an object; NULL: none came */
};

/* {topic} of the path, ?dry_run= and the body, whose members are all among `members` (ended by NULL; NULL: no body is read).
 * *out is the caller's. */
KL_MUST_CHECK enum kl_code ask_topic(struct kl_request *r, const char *const *members, struct topic_ask **out, struct kl_error *err);
void ask_free(void *topic_ask); /* NULL is fine */

/* Kafka's topics and ours are looked at only: KL_FORBIDDEN. */
KL_MUST_CHECK enum kl_code ask_changeable(const char *topic, struct kl_error *err);

/* ?name=true, false or absent (false). */
KL_MUST_CHECK enum kl_code ask_flag(struct kl_request *r, const char *name, bool *out, struct kl_error *err);

/* The body as a JSON object with no member that is not among `members`; *out is the caller's, NULL when no body came. */
KL_MUST_CHECK enum kl_code ask_body(struct kl_request *r, const char *const *members, json_t **out, struct kl_error *err);

/* A member of body as a number in min..max; def when absent. body may be NULL. */
KL_MUST_CHECK enum kl_code ask_int(const json_t *body, const char *name, int64_t min, int64_t max, int64_t def, int64_t *out,
                                   struct kl_error *err);

#endif
