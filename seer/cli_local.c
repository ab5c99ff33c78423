/* cli_local.c - the command line's wishes on an index in a file, without a service and without Kafka. */
#include <string.h>

#include "asking.h"
#include "cli_target.h"
#include "parts.h"
#include "seer.h"
#include "take.h"

#define MESSAGES_MAX 100000000 /* nothing is removed here: that is the service's */
#define SOURCES      5

static struct seer_conf conf;
static struct seer local = { .conf = &conf };

static enum kl_code local_open(const struct cli_options *options, struct kl_error *err)
{
    conf = (struct seer_conf){ .index_file = options->index, .model_dir = options->model_dir, .messages_max = MESSAGES_MAX, .batch_max = 1,
                               .document_max_bytes = CLI_FILE_MAX, .vectors_stay = true };
    return parts_open(&local, NULL, NULL, err);
}

static void local_close(void)
{
    parts_close(&local);
}

static enum kl_code local_accept(const char *text, struct kl_buf *out, struct kl_error *err)
{
    struct take take = { .body = text, .len = strlen(text) };
    struct index_put put;

    if (take_statement(&local, &take, &put, err))
        return err->code;
    kl_buf_addf(out, "{\"id\":%lld,\"status\":\"statement accepted\",\"passages\":%lld}", (long long)put.id, (long long)put.passages);
    return KL_OK;
}

static enum kl_code local_load(const char *file, struct kl_buf *out, struct kl_error *err)
{
    struct take take = { .source = cli_source(file) };
    struct index_put put;
    struct kl_buf body;
    enum kl_code code;

    kl_buf_init(&body, CLI_FILE_MAX);
    code = cli_read_file(file, &body, err);
    take.body = body.data ? body.data : "";
    take.len = body.len;
    if (!code)
        code = take_document(&local, &take, &put, err);
    if (!code) {
        kl_buf_adds(out, "{\"source\":");
        kl_buf_add_json(out, take.source, strlen(take.source));
        kl_buf_addf(out, ",\"id\":%lld,\"passages\":%lld}", (long long)put.id, (long long)put.passages);
    }
    kl_buf_fini(&body);
    return code;
}

static enum kl_code local_ask(const char *question, struct kl_buf *out, struct kl_error *err)
{
    struct search_query query = { .text = question, .len = strlen(question), .mode = SEARCH_BOTH, .since_ms = INT64_MIN, .k = SOURCES };
    struct freshness none = { .topics = 0 };
    struct asked asked;
    enum kl_code code = asking_find(&local, &query, &asked, err);

    if (!code)
        asked_write(&asked, question, &none, out);
    asked_fini(&asked);
    return code;
}

const struct cli_target cli_local = { local_open, local_accept, local_load, local_ask, local_close };
