/* service_options.c - options that are no settings, and what the common settings mean beyond their type. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "service_internal.h"

#define TOKEN_MAX_BYTES 4096

static const struct {
    const char    *flag;
    enum kl_option option;
    const char    *text;
} OPTIONS[] = {
    { "--help",              KL_OPTION_HELP,     "print this" },
    { "--version",           KL_OPTION_VERSION,  "print the version" },
    { "--healthcheck",       KL_OPTION_HEALTH,   "ask the running service for /readyz: 0 ready, 1 not" },
    { "--routes",            KL_OPTION_ROUTES,   "print the routes" },
    { "--check-openapi",     KL_OPTION_OPENAPI,  "compare the routes with openapi.json" },
    { "--settings-markdown", KL_OPTION_MARKDOWN, "print the settings as a Markdown table" },
};
#define N_OPTIONS (sizeof OPTIONS / sizeof *OPTIONS)

static enum kl_option option_of(const char *arg)
{
    for (size_t i = 0; i < N_OPTIONS; i++)
        if (strcmp(arg, OPTIONS[i].flag) == 0)
            return OPTIONS[i].option;
    return KL_OPTION_NONE;
}

enum kl_option kl_options_take(int *argc, char **argv)
{
    enum kl_option found = KL_OPTION_NONE;
    int kept = 1;

    for (int i = 1; i < *argc; i++) {
        enum kl_option option = option_of(argv[i]);

        if (option != KL_OPTION_NONE)
            found = option;
        else
            argv[kept++] = argv[i];
    }
    *argc = kept;
    argv[kept] = NULL;
    return found;
}

static void print_help(const struct kl_service *service)
{
    printf("%s - %s\n\nUsage: %s [OPTION] [--config FILE] [--SETTING VALUE ...]\n\n", service->binary, service->about, service->binary);
    for (size_t i = 0; i < N_OPTIONS; i++)
        printf("  %-20s %s\n", OPTIONS[i].flag, OPTIONS[i].text);
    printf("\n");
    kl_conf_help(service->settings, stdout);
}

void kl_options_obey(const struct kl_service *service, enum kl_option option)
{
    int code = EXIT_SUCCESS;

    switch (option) {
    case KL_OPTION_NONE:
    case KL_OPTION_HELP:
        print_help(service);
        break;
    case KL_OPTION_VERSION:
        printf("%s %s\n", service->binary, kl_version());
        break;
    case KL_OPTION_MARKDOWN:
        kl_conf_markdown(service->settings, stdout);
        break;
    case KL_OPTION_ROUTES:
        for (const struct kl_route *route = service->routes; route->method; route++)
            printf("%s %s\n", route->method, route->path);
        break;
    case KL_OPTION_OPENAPI:
        code = kl_service_check_openapi(service->routes, service->openapi, service->openapi_len, stdout) == 0 ? EXIT_SUCCESS : EXIT_FAILURE;
        break;
    case KL_OPTION_HEALTH:
        code = kl_probe(service->common);
        break;
    }
    exit(code);
}

enum kl_code kl_options_address(struct kl_service_conf *conf, struct kl_error *err)
{
    static char address[256];
    const char *text = conf->address, *colon = strrchr(text, ':');
    bool bracketed = text[0] == '[';
    size_t len = colon ? (size_t)(colon - text) : strlen(text);
    char *end;

    if (bracketed && !strchr(text, ']'))
        return kl_fail_field(err, KL_INVALID, "SERVER_ADDR", "SERVER_ADDR: \"%.100s\" lacks a ]", text);
    if (bracketed && colon < strchr(text, ']'))
        colon = NULL;                               /* "[::1]" */
    else if (!bracketed && colon && strchr(text, ':') != colon)
        colon = NULL;                               /* "::1" */
    if (colon) {
        conf->port = strtoll(colon + 1, &end, 10);
        if (!isdigit((unsigned char)colon[1]) || *end || conf->port > 65535)
            return kl_fail_field(err, KL_INVALID, "SERVER_ADDR", "SERVER_ADDR: \"%.100s\" has no port from 0 to 65535 behind its colon", text);
    } else {
        len = strlen(text);
    }
    /* ":8072" means every address, as it did for the earlier system. */
    snprintf(address, sizeof address, "%.*s", (int)(bracketed ? strchr(text, ']') - text - 1 : (long)len), text + bracketed);
    conf->address = address[0] ? address : "0.0.0.0";
    return KL_OK;
}

enum kl_code kl_options_token(const struct kl_service_conf *conf, const char **token, struct kl_error *err)
{
    static char text[TOKEN_MAX_BYTES + 1];
    const char *path = conf->token_file;
    ssize_t len;
    int fd;

    *token = NULL;
    if (!path)
        return KL_OK;
    fd = open(path, O_RDONLY | O_CLOEXEC);
    len = fd < 0 ? -1 : read(fd, text, sizeof text);
    if (len < 0)
        kl_fail_field(err, KL_INVALID, "API_TOKEN_FILE", "API_TOKEN_FILE: %s cannot be read: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (len < 0)
        return KL_INVALID;
    if (len > TOKEN_MAX_BYTES)
        return kl_fail_limit(err, KL_INVALID, "API_TOKEN_FILE", TOKEN_MAX_BYTES, "API_TOKEN_FILE: %s has more than %d bytes", path, TOKEN_MAX_BYTES);
    while (len > 0 && isspace((unsigned char)text[len - 1]))
        len--;
    text[len] = '\0';
    *token = text + strspn(text, " \t\r\n");
    if (!**token || strlen(*token) != strcspn(*token, " \t\r\n"))
        return kl_fail_field(err, KL_INVALID, "API_TOKEN_FILE", "API_TOKEN_FILE: %s holds no token: one word is expected", path);
    return KL_OK;
}
