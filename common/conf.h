/* conf.h - a service's settings: one table that parses, checks, prints --help and writes docs.
 *
 * A setting comes from, first found wins: --flag (the name in lower case with dashes), the
 * environment, the --config FILE (NAME=value lines, # comments, quotes optional), the default.
 * A wrong value ends the start with a line that names the setting. Not thread-safe: read once,
 * in main, before threads start. */
#ifndef KL_CONF_H
#define KL_CONF_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "err.h"

enum kl_setting_type {
    KL_STR,      /* const char *; NULL when unset and without default */
    KL_INT,      /* int64_t */
    KL_BOOL,     /* bool: 1/0 true/false yes/no on/off */
    KL_MS,       /* int64_t milliseconds: 1500, 1500ms, 15s, 2m, 1h, 7d */
    KL_BYTES,    /* int64_t: 1000, 64k, 16M, 1G (powers of 1024) */
};

struct kl_setting {
    const char          *name;     /* KAFKA_BOOTSTRAP_SERVERS */
    enum kl_setting_type type;
    size_t               at;       /* offsetof the field in the service's conf struct */
    const char          *def;      /* in the form a person writes; NULL: unset */
    int64_t              min, max; /* in the field's unit; for KL_STR the longest length in max (0: 4096) */
    const char          *text;     /* one sentence */
    const char          *old;      /* the earlier systems' name, still read (lower precedence); or NULL */
};
#define KL_SETTING_END { .name = NULL }

struct kl_conf_source {
    int         argc;
    char      **argv;     /* flags; anything that is not one of ours is an error */
    char      **env;      /* environ */
    const char *file;     /* from --config; NULL: none */
};

/* Fills conf from the sources. Strings stay owned by this module until kl_conf_free. Settings that a
 * config file names and the table lacks are an error, except KAFKA_* (kafka_conf.h reads those;
 * kl_conf puts them into the environment when it does not have them). */
KL_MUST_CHECK enum kl_code kl_conf_load(const struct kl_setting *settings, void *conf,
                                        const struct kl_conf_source *source, struct kl_error *err);
void kl_conf_free(void);

/* The table as --help shows it, and as a Markdown table for the README (tested against it). */
void kl_conf_help(const struct kl_setting *settings, FILE *out);
void kl_conf_markdown(const struct kl_setting *settings, FILE *out);

#endif
