/* docker.c - see docker.h. Commands go through the shell, since docker/stack and docker are made to be typed. */
#include "docker.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define COMMAND_MAX  2048
#define ANSWER_MAX   (1 << 20)
#define HEALTHY_MS   60000

static const struct { const char *setting; size_t at; } ports[] = {
    { "PORTAL_PORT", offsetof(struct docker, portal) },
    { "CONSUMER_PORT", offsetof(struct docker, consumer) },
    { "STEWARD_PORT", offsetof(struct docker, steward) },
    { "SEER_PORT", offsetof(struct docker, seer) },
};

static void set_port(const char *setting, int port)
{
    char text[16];

    snprintf(text, sizeof text, "%d", port);
    setenv(setting, text, 1);
}

static struct it_process *process_at(struct docker *d, size_t at)
{
    return (struct it_process *)((char *)d + at);
}

void docker_begin(struct docker *d)
{
    memset(d, 0, sizeof *d);
    for (size_t i = 0; i < sizeof ports / sizeof ports[0]; i++) {
        struct it_process *p = process_at(d, ports[i].at);

        p->name = ports[i].setting;
        p->port = it_free_port();
        set_port(ports[i].setting, p->port);
    }
    set_port("PRODUCER_PORT", it_free_port());
    set_port("KAFKA_PORT", it_free_port());
}

/* The command's whole output and its exit status. */
static char *run(const char *command, int *status)
{
    FILE *pipe = popen(command, "r");
    struct kl_buf out;
    char chunk[4096];
    size_t n;

    kl_buf_init(&out, ANSWER_MAX);
    while (pipe && (n = fread(chunk, 1, sizeof chunk, pipe)) > 0)
        kl_buf_add(&out, chunk, n);
    *status = pipe ? pclose(pipe) : -1;
    while (out.len && out.data[out.len - 1] == '\n')
        out.data[--out.len] = '\0';
    return kl_buf_take(&out);
}

static char *run_or_die(const char *format, va_list args)
{
    char command[COMMAND_MAX];
    int status;
    char *out;

    vsnprintf(command, sizeof command, format, args);
    out = run(command, &status);
    if (status != 0) {
        fprintf(stderr, "\n%s\n%s\nended with %d\n", command, out, status);
        exit(EXIT_FAILURE); /* test-docker removes the containers */
    }
    return out;
}

char *docker_ask(const char *format, ...)
{
    va_list args;
    char *out;

    va_start(args, format);
    out = run_or_die(format, args);
    va_end(args);
    return out;
}

void docker_note(const char *format, ...)
{
    FILE *notes = fopen(getenv("IT_NOTES"), "ae");
    va_list args;

    va_start(args, format);
    if (notes) {
        vfprintf(notes, format, args);
        fputc('\n', notes);
        fclose(notes);
    }
    va_end(args);
}

int64_t docker_up(struct docker *d, const char *mode)
{
    int64_t start_us = kl_mono_us();
    char *said;

    free(docker_ask("%s \"$IT_ROOT\"/docker/stack up 2>&1", mode));
    start_us = kl_mono_us() - start_us;
    /* Of several consumers each has a port of its own, and the first not always the first of them. */
    said = docker_ask("\"$DOCKER\" port \"$name\"-%s-1 8072", strstr(mode, "postgresql") ? "consumers" : "consumer");
    d->consumer.port = atoi(strrchr(said, ':') + 1);
    free(said);
    return start_us / 1000;
}

void docker_down(const char *mode)
{
    free(docker_ask("%s \"$IT_ROOT\"/docker/stack down 2>&1", mode));
}

void docker_kill(const char *container)
{
    free(docker_ask("\"$DOCKER\" kill \"$name\"-%s 2>&1", container));
}

static bool is_healthy(void *container)
{
    char *said = docker_ask("\"$DOCKER\" inspect --format '{{.State.Health.Status}}' \"$name\"-%s 2>&1", (const char *)container);
    bool healthy = !strcmp(said, "healthy");

    free(said);
    return healthy;
}

void docker_start(const char *container)
{
    char name[64];

    snprintf(name, sizeof name, "%s", container);
    free(docker_ask("\"$DOCKER\" start \"$name\"-%s 2>&1", container));
    CU_ASSERT(it_until(HEALTHY_MS, is_healthy, name));
}
