/* ports.c - see ports.h. */
#include "ports.h"

#include <arpa/inet.h>
#include <ctype.h>
#include <dirent.h>
#include <inttypes.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "table.h"

#define ADDRESS            "127.0.0.1"
#define CONTROLLER_ADDRESS "127.0.0.2" /* streamer/server.properties says why */

bool port_is_free(const char *address, int64_t port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;
    bool is_free;

    if (fd < 0)
        return true; /* then the service says what is wrong */
    inet_pton(AF_INET, address, &a.sin_addr);
    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on); /* as the services do: what is closing is no hindrance */
    is_free = bind(fd, (struct sockaddr *)&a, sizeof a) == 0;
    close(fd);
    return is_free;
}

/* ---- whose? The kernel lists sockets by inode, and a process's descriptors by inode. ---- */

#define LISTENS "0A"

/* local: as the kernel prints it, IPv6 with the IPv4 address in its last eight digits; all zero is every address. */
static bool covers(const char *local, const char *wanted)
{
    size_t len = strlen(local);

    return strspn(local, "0") == len || (len >= strlen(wanted) && strcmp(local + len - strlen(wanted), wanted) == 0);
}

static unsigned long listening_inode(const char *table, const char *address, int64_t port)
{
    char line[512], local[33], wanted[9], state[3];
    unsigned long inode, found = 0;
    unsigned local_port;
    FILE *f = fopen(table, "re");

    snprintf(wanted, sizeof wanted, "%08X", (unsigned)inet_addr(address));
    while (f && !found && fgets(line, sizeof line, f))
        if (sscanf(line, " %*d: %32[0-9A-F]:%x %*s %2s %*s %*s %*s %*s %*s %lu", local, &local_port, state, &inode) == 4 &&
            local_port == port && strcmp(state, LISTENS) == 0 && covers(local, wanted))
            found = inode;
    if (f)
        fclose(f);
    return found;
}

static bool process_has(const char *pid, const char *link_wanted)
{
    char path[300], link[64];
    bool found = false;
    struct dirent *e;
    ssize_t len;
    DIR *d;

    snprintf(path, sizeof path, "/proc/%s/fd", pid);
    d = opendir(path);
    while (d && !found && (e = readdir(d))) {
        len = readlinkat(dirfd(d), e->d_name, link, sizeof link - 1);
        if (len < 0)
            continue;
        link[len] = '\0';
        found = strcmp(link, link_wanted) == 0;
    }
    if (d)
        closedir(d);
    return found;
}

/* argv[0] without its path: the name in /proc/PID/comm is cut at 15 characters. */
static void program_of(const char *pid, char *out, size_t size)
{
    char path[300], command[512];
    const char *slash;
    size_t n = 0;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%s/cmdline", pid);
    f = fopen(path, "re");
    if (f) {
        n = fread(command, 1, sizeof command - 1, f);
        fclose(f);
    }
    command[n] = '\0';
    slash = strrchr(command, '/'); /* up to the first NUL, which ends argv[0] */
    snprintf(out, size, "%.60s", slash ? slash + 1 : command);
}

/* Who listens there: "process 4711 (nginx)", or "" when the kernel does not tell us. */
static void port_holder(const char *address, int64_t port, char *out, size_t size)
{
    char wanted[64], program[64];
    unsigned long inode = listening_inode("/proc/net/tcp", address, port);
    bool found = false;
    struct dirent *e;
    DIR *d;

    out[0] = '\0';
    if (!inode)
        inode = listening_inode("/proc/net/tcp6", address, port);
    d = inode ? opendir("/proc") : NULL;
    snprintf(wanted, sizeof wanted, "socket:[%lu]", inode);
    while (d && !found && (e = readdir(d)))
        if (isdigit((unsigned char)e->d_name[0]) && process_has(e->d_name, wanted)) {
            program_of(e->d_name, program, sizeof program);
            snprintf(out, size, "process %.16s (%s)", e->d_name, program);
            found = true;
        }
    if (d)
        closedir(d);
}

/* ---- the stack's ---- */

static bool complain_taken(struct kl_buf *out, const struct service *s, int64_t port, const char *address)
{
    char holder[160];

    if (port_is_free(address, port))
        return false;
    port_holder(address, port, holder, sizeof holder);
    kl_buf_addf(out, "%s: port %" PRId64 " of %s is taken%s%s; choose another with %s=PORT\n", s->name, port, address,
                holder[0] ? " by " : "", holder, s->port_setting);
    return true;
}

static bool complain_twice(struct kl_buf *out, const struct service *s, const struct stack_conf *conf)
{
    const struct service *other;

    for (other = services; other != s; other++)
        if (service_port(other, conf) == service_port(s, conf) && !(conf->bootstrap_servers && other->ready == READY_KAFKA)) {
            kl_buf_addf(out, "%s and %s are both %" PRId64 "\n", other->port_setting, s->port_setting, service_port(s, conf));
            return true;
        }
    return false;
}

bool ports_check(const struct stack_conf *conf, struct kl_buf *complaints)
{
    const struct service *s;
    bool good = true;

    for (s = services; s->name; s++) {
        bool kafka = s->ready == READY_KAFKA;

        if (kafka && conf->bootstrap_servers)
            continue;
        if (complain_twice(complaints, s, conf) || complain_taken(complaints, s, service_port(s, conf), ADDRESS) ||
            (kafka && complain_taken(complaints, s, service_port(s, conf) + 1, CONTROLLER_ADDRESS)))
            good = false;
    }
    return good;
}
