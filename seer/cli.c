/* cli.c - see cli.h. */
#include "cli.h"

#include <errno.h>
#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "cli_target.h"
#include "log.h"
#include "service.h"

#define EXCERPT_BYTES 120 /* of a passage that is shown */

static const char usage[] =
    "usage: kafkloud-seer [-v] [--url URL | --index FILE] (-a TEXT | -l FILE | -q QUESTION)...\n"
    "  -a, --accept TEXT     take a statement\n"
    "  -l, --load FILE       take a file as a document; it replaces the one of its name\n"
    "  -q, --query QUESTION  ask\n"
    "  -v, --verbose         with an answer: all sources, how sure it is, what it took\n"
    "  --url URL             of the service (SEER_URL; http://127.0.0.1:8030)\n"
    "  --token-file FILE     with its bearer token (API_TOKEN_FILE)\n"
    "  --index FILE          no service: this index, which no service has open\n"
    "  --model-dir DIR       of a local index: the model of meaning (MODEL_DIR)\n"
    "Each may be repeated; they are done in their order. Without -a, -l and -q the service runs: kafkloud-seer --help.\n";

struct wish {
    const char *short_name, *long_name;
    size_t      target_at;              /* the function in struct cli_target that does it */
    void      (*show)(const json_t *answer, const char *text, bool verbose);
};

/* ---- showing answers ---- */

static const char *text_of(const json_t *doc, const char *name)
{
    const char *text = json_string_value(json_object_get(doc, name));

    return text ? text : "";
}

static long long number_of(const json_t *doc, const char *name)
{
    return json_integer_value(json_object_get(doc, name));
}

static void show_accepted(const json_t *answer, const char *text, bool verbose)
{
    (void)text, (void)verbose;
    printf("%s: %lld\n", text_of(answer, "status"), number_of(answer, "id"));
}

static void show_loaded(const json_t *answer, const char *file, bool verbose)
{
    (void)file, (void)verbose;
    printf("%s: %lld passages\n", text_of(answer, "source"), number_of(answer, "passages"));
}

/* The beginning of a passage as one line, cut between words. */
static void show_beginning(const char *text)
{
    size_t shown = 0;

    printf("    ");
    while (*text && shown < EXCERPT_BYTES) {
        size_t spaces = strspn(text, " \t\r\n"), len = strcspn(text + spaces, " \t\r\n");

        printf("%s%.*s", spaces && shown ? " " : "", (int)len, text + spaces);
        text += spaces + len;
        shown += len + 1;
    }
    printf("%s\n", *text ? " ..." : "");
}

static void show_source(const json_t *source, bool verbose)
{
    printf("  %s, line %lld", text_of(source, "source"), number_of(source, "line"));
    if (verbose)
        printf(" (%.3g)", json_number_value(json_object_get(source, "score")));
    printf("\n");
    if (verbose)
        show_beginning(text_of(source, "text"));
}

static void show_answer(const json_t *answer, const char *question, bool verbose)
{
    const json_t *sources = json_object_get(answer, "sources"), *source;
    size_t i;

    (void)question;
    printf("%s\n", text_of(answer, "answer"));
    json_array_foreach(sources, i, source)
        if (verbose || (i == 0 && json_is_true(json_object_get(answer, "known"))))
            show_source(source, verbose);
    if (verbose)
        printf("  confidence %.2f, %.1f ms, worded by %s\n", json_number_value(json_object_get(answer, "confidence")),
               json_number_value(json_object_get(answer, "took_ms")), text_of(answer, "worded_by"));
}

static const struct wish wishes[] = {
    { "-a", "--accept", offsetof(struct cli_target, accept), show_accepted },
    { "-l", "--load", offsetof(struct cli_target, load), show_loaded },
    { "-q", "--query", offsetof(struct cli_target, ask), show_answer },
};

/* ---- files ---- */

const char *cli_source(const char *file)
{
    const char *slash = strrchr(file, '/');

    return slash ? slash + 1 : file;
}

static enum kl_code read_all(FILE *f, const char *file, struct kl_buf *out, struct kl_error *err)
{
    char part[64 * 1024];
    struct stat st;
    size_t n;

    if (!fstat(fileno(f), &st) && S_ISDIR(st.st_mode))
        return kl_fail(err, KL_INVALID, "%s is a directory", file);
    while ((n = fread(part, 1, sizeof part, f)) > 0)
        if (!kl_buf_add(out, part, n))
            return kl_fail_limit(err, KL_TOO_LARGE, "", (int64_t)out->max, "%s is larger than %zu bytes, or there is no memory for it", file, out->max);
    return ferror(f) ? kl_fail(err, KL_BROKEN, "%s cannot be read", file) : KL_OK;
}

enum kl_code cli_read_file(const char *file, struct kl_buf *out, struct kl_error *err)
{
    FILE *f = fopen(file, "re");
    enum kl_code code;

    if (!f)
        return kl_fail(err, KL_NOT_FOUND, "%s: %s", file, strerror(errno));
    code = read_all(f, file, out, err);
    fclose(f);
    return code;
}

/* ---- arguments ---- */

static const struct wish *wish_of(const char *argument)
{
    for (size_t i = 0; i < sizeof wishes / sizeof *wishes; i++)
        if (!strcmp(argument, wishes[i].short_name) || !strcmp(argument, wishes[i].long_name))
            return &wishes[i];
    return NULL;
}

bool cli_wanted(int argc, char **argv)
{
    for (int i = 1; i < argc; i++)
        if (wish_of(argv[i]))
            return true;
    return false;
}

/* An option with a value, which is kept. */
static bool option_read(const char *argument, const char *value, struct cli_options *options)
{
    const struct { const char *name, **at; } rows[] = {
        { "--url", &options->url }, { "--token-file", &options->token_file }, { "--index", &options->index }, { "--model-dir", &options->model_dir },
    };

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (!strcmp(argument, rows[i].name)) {
            *rows[i].at = value;
            return true;
        }
    return wish_of(argument) != NULL;
}

static bool arguments_read(int argc, char **argv, struct cli_options *options, bool *verbose)
{
    for (int i = 1; i < argc; i++) {
        if (!strcmp(argv[i], "-v") || !strcmp(argv[i], "--verbose")) {
            *verbose = true;
        } else if (i + 1 == argc || !option_read(argv[i], argv[i + 1], options)) {
            fprintf(stderr, "kafkloud-seer: %s is not known, or wants a value\n%s", argv[i], usage);
            return false;
        } else {
            i++;
        }
    }
    return true;
}

/* ---- doing ---- */

static bool grant(const struct cli_target *target, const struct wish *wish, const char *text, bool verbose)
{
    enum kl_code (*const *run)(const char *, struct kl_buf *, struct kl_error *) = (const void *)((const char *)target + wish->target_at);
    struct kl_error err;
    struct kl_buf json;
    enum kl_code code;
    json_t *answer;

    kl_buf_init(&json, CLI_ANSWER_MAX);
    code = (*run)(text, &json, &err);
    if (code) {
        fprintf(stderr, "kafkloud-seer: %s\n", err.text);
    } else {
        answer = json_loadb(json.data, json.len, 0, NULL);
        wish->show(answer, text, verbose);
        json_decref(answer);
    }
    kl_buf_fini(&json);
    return !code;
}

int cli_main(int argc, char **argv)
{
    const char *url = getenv("SEER_URL"), *model_dir = getenv("MODEL_DIR");
    struct cli_options options = { .url = url ? url : "http://127.0.0.1:8030", .token_file = getenv("API_TOKEN_FILE"),
                                   .model_dir = model_dir ? model_dir : "build/model-potion-base-8M" };
    const struct cli_target *target;
    struct kl_error err;
    bool verbose = false, good = true;

    if (!arguments_read(argc, argv, &options, &verbose))
        return KL_EXIT_SETTING;
    kl_log_init("seer", KL_ERROR, false);
    target = options.index ? &cli_local : &cli_service;
    if (target->open(&options, &err)) {
        fprintf(stderr, "kafkloud-seer: %s\n", err.text);
        good = false;
    }
    for (int i = 1; good && i < argc; i++) {
        const struct wish *wish = wish_of(argv[i]);

        if (wish)
            good = grant(target, wish, argv[i + 1], verbose);
        i += strcmp(argv[i], "-v") && strcmp(argv[i], "--verbose"); /* all others have a value */
    }
    target->close();
    return good ? EXIT_SUCCESS : EXIT_FAILURE;
}
