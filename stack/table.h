/* table.h - the services of a stack, in the order they start; they stop in the reverse.
 *
 * A row says everything the supervisor knows about a service. To add one, add its row and its port's setting. */
#ifndef STACK_TABLE_H
#define STACK_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "err.h"
#include "settings.h"

enum ready_how {
    READY_KAFKA, /* answers metadata */
    READY_HTTP,  /* GET /readyz says 200 */
};

#define SERVICES_MAX 8  /* DESIGN's rooms that are processes of a laptop */
#define ARGS_MAX     8
#define ENV_MAX      10

struct service {
    const char    *name;         /* its log is log/NAME.log */
    const char    *port_setting; /* what to change when its port is taken */
    size_t         port_at;      /* the port's place in struct stack_conf */
    enum ready_how ready;
    const char    *needs;        /* the service that must be ready before this one is started; NULL: none */
    int64_t        ready_ms;     /* not ready by then: taken for dead */
    int64_t        stop_ms;      /* from SIGTERM to SIGKILL; all of them together stay below 10 s (supervisor.c) */
    const char    *argv[ARGS_MAX];
    const char    *env[ENV_MAX]; /* NAME=value rows on top of our own environment; ${x} as service_expand() says */
};

extern const struct service services[SERVICES_MAX + 1]; /* the rest has no name */

int64_t service_port(const struct service *s, const struct stack_conf *conf);
/* Where clients find Kafka: ours, or the one we were told of. */
void    service_kafka_address(const struct stack_conf *conf, char *out, size_t size);

/* Text with ${root} ${bin} ${home} ${kafka} and ${NAME_port} of each service put in; the caller's to free. NULL: no
 * memory, or longer than any command line. An unknown name is a mistake in the table: asserted. */
char *service_expand(const char *text, const struct stack_conf *conf);

/* The command and the environment to run s with, each ended by NULL, the caller's: strings_free(). NULL: no memory.
 * The environment is ours without what would confuse a service: the ports and files of other processes (KAFKA_PORT,
 * PORT_FILE, make's own, ...). */
char **service_argv(const struct service *s, const struct stack_conf *conf);
char **service_env(const struct service *s, const struct stack_conf *conf, char *const *own);
void   strings_free(char **strings); /* NULL is fine */

#endif
