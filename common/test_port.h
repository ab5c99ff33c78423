/* test_port.h - ports for the processes that a test starts. */
#ifndef KL_TEST_PORT_H
#define KL_TEST_PORT_H

#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "uuid.h"

/* Below the range that outgoing connections take theirs from, so that none of them gets it before the process listens. */
#define TEST_PORT_LOW   10000
#define TEST_PORT_HIGH  32000
#define TEST_PORT_TRIES 1000

static inline bool test_port_is_free(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool is_free = bind(fd, (struct sockaddr *)&a, sizeof a) == 0;

    close(fd);
    return is_free;
}

/* A socket of an abstract name, which one process can have at a time: it ends with the process, whatever that dies of. */
static inline bool test_port_is_mine(int port)
{
    struct sockaddr_un a = { .sun_family = AF_UNIX };
    int n = snprintf(a.sun_path + 1, sizeof a.sun_path - 1, "kafkloud-test-port-%d", port);
    int fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);

    if (bind(fd, (struct sockaddr *)&a, (socklen_t)(offsetof(struct sockaddr_un, sun_path) + 1 + (size_t)n)) == 0)
        return true; /* the descriptor stays open: it is the mark */
    close(fd);
    return false;
}

/* A port that nobody listens at, and that no other test gets while this process lives. The one above is free, too, for
 * Kafka's controller. 0: there is none. */
static inline int test_port(void)
{
    int tries, port;

    for (tries = 0; tries < TEST_PORT_TRIES; tries++) {
        port = TEST_PORT_LOW + (int)(kl_random64() % ((TEST_PORT_HIGH - TEST_PORT_LOW) / 2)) * 2;
        if (test_port_is_mine(port) && test_port_is_free(port) && test_port_is_free(port + 1))
            return port;
    }
    return 0;
}

#endif
