/* settings.h - what a person may move, and the paths that follow from it. Read once, in main. */
#ifndef STACK_SETTINGS_H
#define STACK_SETTINGS_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>

#include "conf.h"
#include "err.h"

struct stack_conf {
    const char *home_given, *root_given, *bin_given; /* as given; NULL: the default */
    const char *bootstrap_servers;                   /* NULL: we run the streamer */
    int64_t     kafka_port, producer_port, consumer_port, steward_port, seer_port, portal_port;
    const char *service; /* `logs` of this one; NULL: of all */
    int64_t     lines;
    bool        follow;
    bool        end_with_parent;
    char        home[PATH_MAX]; /* data, logs, run/; absolute */
    char        root[PATH_MAX]; /* the checkout: streamer/ and portal/ui/dist are below it */
    char        bin[PATH_MAX];  /* kafkloud-producer and its like */
};

extern const struct kl_setting stack_settings[];

/* Reads the settings (argv[0] and flags, --config FILE among them; a word that is no flag is an error) and makes the paths absolute. conf's
 * strings are conf.h's: kl_conf_free() when done. */
KL_MUST_CHECK enum kl_code stack_conf_load(struct stack_conf *conf, int argc, char **argv, struct kl_error *err);

#endif
