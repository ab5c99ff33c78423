/* cli_target.h - where the command line's wishes go; cli.c's other half. */
#ifndef CLI_TARGET_H
#define CLI_TARGET_H

#include "buf.h"

struct cli_options {
    const char *url;        /* of the service */
    const char *token_file; /* NULL: none */
    const char *index;      /* a local index instead; NULL: the service */
    const char *model_dir;  /* of a local index */
};

/* Each appends the JSON that the service would answer. */
struct cli_target {
    enum kl_code (*open)(const struct cli_options *options, struct kl_error *err);
    enum kl_code (*accept)(const char *text, struct kl_buf *out, struct kl_error *err);
    enum kl_code (*load)(const char *file, struct kl_buf *out, struct kl_error *err);
    enum kl_code (*ask)(const char *question, struct kl_buf *out, struct kl_error *err);
    void         (*close)(void);
};

extern const struct cli_target cli_service; /* over HTTP */
extern const struct cli_target cli_local;

#define CLI_FILE_MAX     (INT64_C(1) << 30) /* DOCUMENT_MAX_BYTES may be as large */
#define CLI_ANSWER_MAX   (64 * 1024 * 1024)

/* A file of the user's, whole. */
KL_MUST_CHECK enum kl_code cli_read_file(const char *file, struct kl_buf *out, struct kl_error *err);
/* What the document of a file is called: its name without the folders. */
const char *cli_source(const char *file);

#endif
