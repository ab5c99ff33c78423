/* docker.h - a whole system in containers, as `make up-docker` starts it, but with a name, a network, ports and data of its own:
 * it runs beside whatever else runs here. test-docker, which runs the scenarios, names it and removes what is left of it.
 * Whatever goes wrong in here (a command that fails) ends the test program with what the command said. */
#ifndef IT_DOCKER_H
#define IT_DOCKER_H

#include "it.h"

/* How to reach its services, as scenarios reach processes; only name and port mean something. */
struct docker {
    struct it_process portal, consumer, steward, seer;
};

void docker_begin(struct docker *d);
/* Starts it, or makes of a running one what mode says ("KAFKA_NODES=3", "STORE=postgresql CONSUMERS=3", "" for the default).
 * Returns when all is healthy and a message has made the round trip; how long that took. */
int64_t docker_up(struct docker *d, const char *mode);
void docker_down(const char *mode);          /* "" keeps the data, "VOLUMES=1" removes it */
void docker_kill(const char *container);     /* SIGKILL; it stays down */
void docker_start(const char *container);    /* and waits until it is healthy */
/* What a command prints, without its last line feed: the caller's to free. $name is the system's name. */
char *docker_ask(const char *format, ...) __attribute__((format(printf, 1, 2)));
/* A line for whoever reads the results: a figure that was measured. */
void docker_note(const char *format, ...) __attribute__((format(printf, 1, 2)));

#endif
