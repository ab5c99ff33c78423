/* group_ask.h - what a call about one group asks. HTTP thread. */
#ifndef GROUP_ASK_H
#define GROUP_ASK_H

#include "http.h"
#include "reset.h"

#define GROUP_NAME_MAX 1000 /* bytes of a name that is taken here; Kafka itself sets no limit */

struct group_ask {
    char group[GROUP_NAME_MAX + 1];
    char topic[KL_TOPIC_BYTES];   /* {topic} of the path, where the route has one */
    bool dry_run;
    struct reset_request reset;   /* of the body, where one is read */
};

/* {group} of the path, decoded. KL_INVALID: no name. */
KL_MUST_CHECK enum kl_code group_ask_name(struct kl_request *r, char out[GROUP_NAME_MAX + 1], struct kl_error *err);

/* {group} and ?dry_run=; *out is the caller's, group_ask_free(). */
KL_MUST_CHECK enum kl_code group_ask_read(struct kl_request *r, struct group_ask **out, struct kl_error *err);
void group_ask_free(void *group_ask); /* NULL is fine */

#endif
