/* kafka_servers.c - see kafka_servers.h. */
#include "kafka_servers.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

#define SETTING   "KAFKA_BOOTSTRAP_SERVERS"
#define SHOWN_MAX 64 /* of a wrong address, in the error */
#define PORT_MAX  65535

static const char *after_protocol(const char *from, const char *to)
{
    static const char *const protocols[] = { "PLAINTEXT://", "SSL://", "SASL_PLAINTEXT://", "SASL_SSL://" };

    for (size_t i = 0; i < sizeof protocols / sizeof *protocols; i++) {
        size_t len = strlen(protocols[i]);

        if ((size_t)(to - from) >= len && strncasecmp(from, protocols[i], len) == 0)
            return from + len;
    }
    return from;
}

/* Behind a host or an address in brackets; NULL: neither stands there. */
static const char *after_host(const char *from, const char *to)
{
    const char *at = from;

    if (from < to && *from == '[') {
        at = memchr(from, ']', (size_t)(to - from));
        return at && at > from + 1 ? at + 1 : NULL;
    }
    while (at < to && (isalnum((unsigned char)*at) || strchr("-._", *at)))
        at++;
    return at > from ? at : NULL;
}

static bool is_port(const char *from, const char *to)
{
    int port = 0;

    for (; from < to && isdigit((unsigned char)*from) && port <= PORT_MAX; from++)
        port = port * 10 + (*from - '0');
    return from == to && port >= 1 && port <= PORT_MAX;
}

static bool is_server(const char *from, const char *to)
{
    const char *at = after_host(after_protocol(from, to), to);

    return at && (at == to || (*at == ':' && is_port(at + 1, to)));
}

enum kl_code kl_kafka_servers_check(const char *list, struct kl_error *err)
{
    bool any = false;

    for (const char *from = list, *end, *to; *from; from = *end ? end + 1 : end) {
        end = strchrnul(from, ',');
        to = end;
        while (from < to && *from == ' ')
            from++;
        while (to > from && to[-1] == ' ')
            to--;
        if (from == to)
            continue; /* a comma too many hurts nobody */
        any = true;
        if (!is_server(from, to))
            return kl_fail_field(err, KL_INVALID, SETTING, SETTING ": \"%.*s\" is not host:port with a port from 1 to %d, as in localhost:9092",
                                 to - from < SHOWN_MAX ? (int)(to - from) : SHOWN_MAX, from, PORT_MAX);
    }
    return any ? KL_OK : kl_fail_field(err, KL_INVALID, SETTING, SETTING ": names no broker; host:port is right, as in localhost:9092");
}
