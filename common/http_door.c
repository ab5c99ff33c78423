/* http_door.c - the listening socket and its thread: accepts, gives each connection to the lane with the fewest,
 * and sweeps deadlines in between. */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "http_internal.h"

#define BACKLOG       1024
#define ACCEPT_BURST  64     /* then the deadlines get their turn */
#define EXHAUSTED_MS  100    /* out of descriptors or memory: let some connections end first */

static bool address_parse(const char *address, int64_t port, struct sockaddr_storage *out, socklen_t *len)
{
    struct sockaddr_in *v4 = (struct sockaddr_in *)out;
    struct sockaddr_in6 *v6 = (struct sockaddr_in6 *)out;

    memset(out, 0, sizeof *out);
    if (strcmp(address, "localhost") == 0)
        address = "127.0.0.1";
    if (inet_pton(AF_INET, address, &v4->sin_addr) == 1) {
        v4->sin_family = AF_INET;
        v4->sin_port = htons((uint16_t)port);
        *len = sizeof *v4;
        return true;
    }
    if (inet_pton(AF_INET6, address, &v6->sin6_addr) == 1) {
        v6->sin6_family = AF_INET6;
        v6->sin6_port = htons((uint16_t)port);
        *len = sizeof *v6;
        return true;
    }
    return false;
}

static int port_of(int fd)
{
    struct sockaddr_storage bound;
    socklen_t len = sizeof bound;

    if (getsockname(fd, (struct sockaddr *)&bound, &len) != 0)
        return 0;
    return ntohs(bound.ss_family == AF_INET6 ? ((struct sockaddr_in6 *)&bound)->sin6_port
                                             : ((struct sockaddr_in *)&bound)->sin_port);
}

enum kl_code kl_door_listen(struct kl_http *h, struct kl_error *err)
{
    const struct kl_http_conf *conf = &h->conf;
    struct sockaddr_storage address;
    socklen_t len;
    const int on = 1, off = 0;
    int fd;

    if (!address_parse(conf->address, conf->port, &address, &len))
        return kl_fail_field(err, KL_INVALID, "SERVER_ADDR", "SERVER_ADDR: \"%s\" is not an address to listen on", conf->address);
    fd = socket(address.ss_family, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    if (fd < 0)
        return kl_fail(err, KL_BROKEN, "no socket: %s", strerror(errno));
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    if (address.ss_family == AF_INET6)
        setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &off, sizeof off); /* "::" means every address, IPv4's too */
    if (bind(fd, (struct sockaddr *)&address, len) != 0 || listen(fd, BACKLOG) != 0) {
        kl_fail_field(err, KL_BROKEN, "SERVER_PORT", "SERVER_PORT: %s port %d cannot be listened on: %s", conf->address,
                      (int)conf->port, strerror(errno));
        close(fd);
        return KL_BROKEN;
    }
    h->listen_fd = fd;
    h->port = port_of(fd);
    return KL_OK;
}

static struct kl_lane *emptiest_lane(struct kl_http *h, int64_t *total)
{
    struct kl_lane *best = &h->lanes[0];
    int64_t least = INT64_MAX;

    *total = 0;
    for (size_t i = 0; i < h->n_lanes; i++) {
        int64_t n = atomic_load_explicit(&h->lanes[i].connections, memory_order_relaxed);

        *total += n;
        if (n < least) {
            least = n;
            best = &h->lanes[i];
        }
    }
    return best;
}

/* Takes fd. */
static void place(struct kl_http *h, int fd)
{
    const int on = 1;
    int64_t total;
    struct kl_lane *lane = emptiest_lane(h, &total);

    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (total < h->conf.connections_max && kl_lane_place(lane, fd))
        return;
    atomic_fetch_add_explicit(&lane->stats->closed, 1, memory_order_relaxed);
    close(fd);
}

/* false: out of descriptors or memory. */
static bool accept_burst(struct kl_http *h)
{
    for (int i = 0; i < ACCEPT_BURST; i++) {
        int fd = accept4(h->listen_fd, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);

        if (fd >= 0)
            place(h, fd);
        else if (errno == EMFILE || errno == ENFILE || errno == ENOBUFS || errno == ENOMEM)
            return false;
        else if (errno != ECONNABORTED && errno != EINTR)
            break;
    }
    return true;
}

static void *door_main(void *ctx)
{
    struct kl_http *h = ctx;
    const int64_t tick_ms = kl_deadline_tick_ms(&h->conf);
    int64_t sweep_at = kl_coarse_ms() + tick_ms, exhausted_until = 0;

    pthread_setname_np(pthread_self(), "http-door");
    while (!atomic_load(&h->door_stop)) {
        int64_t now = kl_coarse_ms();
        bool accepting = now >= exhausted_until;
        struct pollfd polled[2] = { { h->door_wake_fd, POLLIN, 0 }, { accepting ? h->listen_fd : -1, POLLIN, 0 } };
        int64_t wait = accepting || exhausted_until > sweep_at ? sweep_at - now : exhausted_until - now;

        poll(polled, 2, wait > 0 ? (int)wait : 0);
        if (polled[1].revents && !accept_burst(h)) {
            if (exhausted_until == 0)
                kl_warn("out of descriptors or memory, connections wait", KL_S("service", h->conf.service));
            exhausted_until = kl_coarse_ms() + EXHAUSTED_MS;
        }
        now = kl_coarse_ms();
        if (now >= sweep_at) {
            kl_deadline_sweep(h, now);
            sweep_at = now + tick_ms;
        }
    }
    return NULL;
}

enum kl_code kl_door_open(struct kl_http *h, struct kl_error *err)
{
    int code;

    h->door_wake_fd = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    if (h->door_wake_fd < 0)
        return kl_fail(err, KL_BROKEN, "no eventfd: %s", strerror(errno));
    code = pthread_create(&h->door, NULL, door_main, h);
    if (code != 0) {
        close(h->door_wake_fd);
        h->door_wake_fd = -1;
        return kl_fail(err, KL_BROKEN, "no thread: %s", strerror(code));
    }
    return KL_OK;
}

void kl_door_close(struct kl_http *h)
{
    const uint64_t one = 1;

    if (h->door_wake_fd >= 0) {
        atomic_store(&h->door_stop, true);
        (void)!write(h->door_wake_fd, &one, sizeof one);
        pthread_join(h->door, NULL);
        close(h->door_wake_fd);
        h->door_wake_fd = -1;
    }
    if (h->listen_fd >= 0) {
        close(h->listen_fd);
        h->listen_fd = -1;
    }
}
