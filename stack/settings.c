/* settings.c - see settings.h. */
#include "settings.h"

#include <errno.h>
#include <libgen.h>
#include <string.h>
#include <unistd.h>

#include "kafka_servers.h"

#define ROW(name, type, field, def, min, max, text) { name, type, offsetof(struct stack_conf, field), def, min, max, text, NULL }
/* Kafka's controller takes the port above its own. */
const struct kl_setting stack_settings[] = {
    ROW("KAFKLOUD_HOME", KL_STR, home_given, NULL, 1, 3800, "data and logs; default: var in the checkout"),
    { "KAFKA_BOOTSTRAP_SERVERS", KL_STR, offsetof(struct stack_conf, bootstrap_servers), NULL, 1, 4096,
      "use this Kafka, host:port or several with commas, and start no streamer", "KAFKA_BROKER" },
    ROW("KAFKA_PORT", KL_INT, kafka_port, "9092", 1, 65534, "the streamer's port; its controller takes the next"),
    ROW("PRODUCER_PORT", KL_INT, producer_port, "8000", 1, 65535, "the producer's port"),
    ROW("CONSUMER_PORT", KL_INT, consumer_port, "8072", 1, 65535, "the consumer's port"),
    ROW("STEWARD_PORT", KL_INT, steward_port, "8060", 1, 65535, "the steward's port"),
    ROW("SEER_PORT", KL_INT, seer_port, "8030", 1, 65535, "the seer's port"),
    ROW("PORTAL_PORT", KL_INT, portal_port, "3000", 1, 65535, "the portal's port"),
    ROW("SERVICE", KL_STR, service, NULL, 1, 32, "logs: of this service only"),
    ROW("LINES", KL_INT, lines, "10", 1, 100000, "logs: how many lines of each"),
    ROW("FOLLOW", KL_BOOL, follow, "no", 0, 0, "logs: go on as they come"),
    ROW("END_WITH_PARENT", KL_BOOL, end_with_parent, "no", 0, 0, "run: stop when the process that started it has ended (make)"),
    ROW("KAFKLOUD_ROOT", KL_STR, root_given, NULL, 1, 3800, "the checkout; default: where this program was built"),
    ROW("KAFKLOUD_BIN", KL_STR, bin_given, NULL, 1, 3800, "the services' programs; default: beside this one"),
    KL_SETTING_END,
};

static enum kl_code own_directory(char out[PATH_MAX], struct kl_error *err)
{
    ssize_t len = readlink("/proc/self/exe", out, PATH_MAX - 1);

    if (len < 0)
        return kl_fail(err, KL_BROKEN, "where this program is: %s", strerror(errno));
    out[len] = '\0';
    dirname(out);
    return KL_OK;
}

/* given, or base/rest; absolute, but not necessarily there. */
static enum kl_code absolute(char out[PATH_MAX], const char *given, const char *base, const char *rest, struct kl_error *err)
{
    char cwd[PATH_MAX] = "";
    int n;

    if (given && given[0] != '/' && !getcwd(cwd, sizeof cwd))
        return kl_fail(err, KL_BROKEN, "where we are: %s", strerror(errno));
    n = given ? snprintf(out, PATH_MAX, "%s%s%s", cwd, cwd[0] ? "/" : "", given) : snprintf(out, PATH_MAX, "%s%s", base, rest);
    return n < PATH_MAX ? KL_OK : kl_fail(err, KL_INVALID, "the path %s is too long", given ? given : base);
}

static enum kl_code resolve(struct stack_conf *conf, struct kl_error *err)
{
    char own[PATH_MAX], up[PATH_MAX];
    enum kl_code code = own_directory(own, err);

    if (code)
        return code;
    /* build/<variant>/bin is three steps below the checkout. */
    strcpy(up, own);
    code = absolute(conf->root, conf->root_given, dirname(dirname(dirname(up))), "", err);
    if (!code)
        code = absolute(conf->bin, conf->bin_given, own, "", err);
    if (!code)
        code = absolute(conf->home, conf->home_given, conf->root, "/var", err);
    return code;
}

/* Takes "--config FILE" out of the arguments; the others keep their order. */
static enum kl_code take_config(struct kl_conf_source *source, struct kl_error *err)
{
    int kept = 0;
    int i;

    for (i = 0; i < source->argc; i++) {
        if (strcmp(source->argv[i], "--config") != 0) {
            source->argv[kept++] = source->argv[i];
            continue;
        }
        source->file = source->argv[++i];
        if (!source->file)
            return kl_fail(err, KL_INVALID, "--config wants a file");
    }
    source->argc = kept;
    source->argv[kept] = NULL;
    return KL_OK;
}

enum kl_code stack_conf_load(struct stack_conf *conf, int argc, char **argv, struct kl_error *err)
{
    struct kl_conf_source source = { .argc = argc, .argv = argv, .env = environ };
    enum kl_code code;

    memset(conf, 0, sizeof *conf);
    code = take_config(&source, err);
    if (code)
        return code;
    code = kl_conf_load(stack_settings, conf, &source, err);
    if (!code && conf->bootstrap_servers)
        code = kl_kafka_servers_check(conf->bootstrap_servers, err);
    return code ? code : resolve(conf, err);
}
