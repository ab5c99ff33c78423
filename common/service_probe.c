/* service_probe.c - --healthcheck: asks the service on its own port whether it is ready. Images have no shell and no
 * curl, so the binary does it; over a plain socket, so that the images need no libcurl for one GET. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "service_internal.h"

#define PROBE_TIMEOUT_S 3

/* The settings' port, or the one that PORT_FILE tells when a free one was picked. */
static int64_t probe_port(const struct kl_service_conf *conf)
{
    long long port = conf->port;
    FILE *file;

    if (port != 0 || !conf->port_file)
        return port;
    file = fopen(conf->port_file, "r");
    if (!file)
        return 0;
    if (fscanf(file, "%lld", &port) != 1)
        port = 0;
    fclose(file);
    return port;
}

/* Every address is reached through loopback. */
static int connect_to(const char *address, int64_t port)
{
    struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_port = htons((uint16_t)port) };
    const struct timeval limit = { PROBE_TIMEOUT_S, 0 };
    bool is_v6 = strchr(address, ':') && strcmp(address, "::") != 0 && inet_pton(AF_INET6, address, &v6.sin6_addr) == 1;
    int fd = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);

    if (fd < 0)
        return -1;
    if (strcmp(address, "0.0.0.0") != 0)
        inet_pton(AF_INET, address, &v4.sin_addr);
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);   /* bounds connect as well */
    if (connect(fd, is_v6 ? (struct sockaddr *)&v6 : (struct sockaddr *)&v4, is_v6 ? sizeof v6 : sizeof v4) == 0)
        return fd;
    close(fd);
    return -1;
}

int kl_probe(const struct kl_service_conf *conf)
{
    static const char ASK[] = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    char answer[4096] = "";
    size_t len = 0;
    ssize_t n = 1;
    const char *body;
    int fd = connect_to(conf->address, probe_port(conf));

    if (fd < 0 || write(fd, ASK, sizeof ASK - 1) != (ssize_t)sizeof ASK - 1) {
        fprintf(stderr, "nobody answers on %s port %lld\n", conf->address, (long long)probe_port(conf));
        if (fd >= 0)
            close(fd);
        return EXIT_FAILURE;
    }
    while (n > 0 && len < sizeof answer - 1) {
        n = read(fd, answer + len, sizeof answer - 1 - len);
        len += n > 0 ? (size_t)n : 0;
    }
    close(fd);
    answer[len] = '\0';
    if (strncmp(answer, "HTTP/1.1 200 ", 13) == 0)
        return EXIT_SUCCESS;
    body = strstr(answer, "\r\n\r\n");
    fprintf(stderr, "not ready: %s\n", body ? body + 4 : "no answer in time");
    return EXIT_FAILURE;
}
