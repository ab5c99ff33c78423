/* test_fakes.c - see test_fakes.h. */
#include "test_fakes.h"

#include <arpa/inet.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>

#include <librdkafka/rdkafka.h>

#include "commands.h"
#include "test_port.h"
#include "test_stack.h"

/* ---- being a service ---- */

static const char *behaviour(const char *name)
{
    return text_of(getenv("FAKES"), name);
}

static const char *name;

static void on_term(int signal)
{
    static const char space[] = " ";
    char path[PATH_MAX];
    int fd;

    (void)signal;
    snprintf(path, sizeof path, "%s/stopped", getenv("FAKES"));
    fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (write(fd, name, strlen(name)) < 0 || write(fd, space, 1) < 0)
        _exit(1);
    _exit(0);
}

static int listener(void)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)atoi(getenv("SERVER_PORT"))) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    int on = 1;

    setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on);
    inet_pton(AF_INET, "127.0.0.1", &a.sin_addr);
    if (bind(fd, (struct sockaddr *)&a, sizeof a) != 0 || listen(fd, 16) != 0) {
        perror("listen");
        exit(69);
    }
    return fd;
}

enum mood { FINE, BUSY, UNREADY };
static void answer(int fd, enum mood mood)
{
    static const char ok[] = "HTTP/1.1 200 OK\r\nKafkloud-Receipt: an-id\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{}";
    static const char no[] = "HTTP/1.1 503 Busy\r\nContent-Length: 19\r\nConnection: close\r\n\r\n{\"detail\":\"a queue\"}";
    static const char unready[] = "HTTP/1.1 503 Unready\r\nContent-Length: 64\r\nConnection: close\r\n\r\n"
                                  "{\"checks\":{\"page\":{\"ready\":false,\"why\":\"none is built\"},\"a\":{}}}";
    static const char *const texts[] = { [FINE] = ok, [BUSY] = no, [UNREADY] = unready };

    if (write(fd, texts[mood], strlen(texts[mood])) < 0)
        perror("write");
    shutdown(fd, SHUT_WR);
}

static _Noreturn void serve(int busy)
{
    char request[8192];
    int door = listener();

    for (;;) {
        int fd = accept4(door, NULL, NULL, SOCK_CLOEXEC);
        ssize_t n = read(fd, request, sizeof request);
        int post = n > 4 && memcmp(request, "POST", 4) == 0;
        bool unready = n > 11 && memcmp(request, "GET /readyz", 11) == 0 && strcmp(behaviour(name), "unready") == 0;

        answer(fd, unready ? UNREADY : post && busy > 0 ? BUSY : FINE);
        busy -= post;
        while (read(fd, request, sizeof request) > 0) /* what is unread when we close would reset the connection */
            ;
        close(fd);
    }
}

static _Noreturn void be_service(void)
{
    char how[32];

    snprintf(how, sizeof how, "%s", behaviour(name));
    setvbuf(stdout, NULL, _IOLBF, 0);
    printf("%s starts\n", name);
    if (strcmp(how, "die") == 0) {
        printf("%s has a reason\n", name);
        exit(7);
    }
    if (strcmp(how, "setting") == 0)
        exit(64);
    signal(SIGTERM, strcmp(how, "stubborn") == 0 ? SIG_IGN : on_term);
    while (strcmp(how, "deaf") == 0)
        pause();
    serve(strcmp(how, "busy") == 0 ? 3 : 0);
}

/* Before main(), which is the tests'. */
__attribute__((constructor)) static void become(int argc, char **argv)
{
    const char *slash = strrchr(argv[0], '/');
    const char *called = slash ? slash + 1 : argv[0];

    if (strcmp(called, "kafkloud-stack") == 0)
        exit(stack_main(argc, argv));
    if (strncmp(called, "kafkloud-", 9) != 0)
        return;
    name = called + 9;
    be_service();
}

/* ---- the tests' side ---- */

static char *directory;
static rd_kafka_t *kafka;

const char *fakes_directory(void)
{
    return directory;
}

static void set_env(const char *variable, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void set_env(const char *variable, const char *format, ...)
{
    char value[PATH_MAX];
    va_list args;

    va_start(args, format);
    vsnprintf(value, sizeof value, format, args);
    va_end(args);
    setenv(variable, value, 1);
}

static void take_free_ports(void)
{
    static const char *const settings[] = { "PRODUCER_PORT", "CONSUMER_PORT", "STEWARD_PORT", "SEER_PORT", "PORTAL_PORT" };
    size_t i;

    for (i = 0; i < sizeof settings / sizeof settings[0]; i++)
        set_env(settings[i], "%d", test_port());
}

/* A mock broker: it answers metadata, which is all the supervisor asks of Kafka. */
static void start_kafka(void)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    const struct rd_kafka_metadata *metadata;
    char why[256];

    rd_kafka_conf_set(conf, "test.mock.num.brokers", "1", why, sizeof why);
    rd_kafka_conf_set(conf, "log_level", "0", why, sizeof why);
    kafka = rd_kafka_new(RD_KAFKA_PRODUCER, conf, why, sizeof why);
    if (!kafka || rd_kafka_metadata(kafka, 0, NULL, &metadata, DEADLINE_MS) != RD_KAFKA_RESP_ERR_NO_ERROR)
        exit(EXIT_FAILURE);
    set_env("KAFKA_BOOTSTRAP_SERVERS", "%s:%d", metadata->brokers[0].host, metadata->brokers[0].port);
    rd_kafka_metadata_destroy(metadata);
}

static void link_programs(void)
{
    static const char *const programs[] = { "stack", "producer", "consumer", "steward", "seer", "portal" };
    char own[PATH_MAX], path[PATH_MAX + 64];
    ssize_t len = readlink("/proc/self/exe", own, sizeof own - 1);
    size_t i;

    if (len < 0)
        exit(EXIT_FAILURE);
    own[len] = '\0';
    snprintf(path, sizeof path, "%s/bin", directory);
    mkdir(path, 0755);
    for (i = 0; i < sizeof programs / sizeof programs[0]; i++) {
        snprintf(path, sizeof path, "%s/bin/kafkloud-%s", directory, programs[i]);
        if (symlink(own, path) != 0)
            exit(EXIT_FAILURE);
    }
}

void fakes_begin(void)
{
    directory = new_directory();
    link_programs();
    set_env("FAKES", "%s", directory);
    set_env("KAFKLOUD_BIN", "%s/bin", directory);
    set_env("KAFKLOUD_ROOT", "%s", directory);
    set_env("KAFKLOUD_HOME", "%s/home", directory);
    unsetenv("END_WITH_PARENT");
    take_free_ports();
    start_kafka();
}

void fakes_end(void)
{
    rd_kafka_destroy(kafka);
    remove_directory(directory);
}

void fakes_behave(const char *service, const char *how)
{
    char path[PATH_MAX];
    FILE *f;

    snprintf(path, sizeof path, "%s/%s", directory, service);
    f = fopen(path, "we");
    if (!f || fputs(how, f) < 0 || fclose(f) != 0)
        exit(EXIT_FAILURE);
}

pid_t fakes_start(const char *command)
{
    char program[PATH_MAX], out[PATH_MAX];
    pid_t pid;
    int fd;

    snprintf(program, sizeof program, "%s/bin/kafkloud-stack", directory);
    snprintf(out, sizeof out, "%s/%s.out", directory, command);
    fd = open(out, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
    pid = fork();
    if (pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL); /* a failed test leaves nothing running */
        dup2(fd, STDOUT_FILENO);
        dup2(fd, STDERR_FILENO);
        execl(program, program, command, (char *)NULL);
        _exit(127);
    }
    close(fd);
    return pid;
}

struct waited { pid_t pid; int status; };
static bool has_ended(void *ctx)
{
    struct waited *w = ctx;

    return waitpid(w->pid, &w->status, WNOHANG) == w->pid;
}

int fakes_wait(pid_t pid)
{
    struct waited w = { .pid = pid };

    if (until(has_ended, &w))
        return WIFEXITED(w.status) ? WEXITSTATUS(w.status) : -1;
    kill(pid, SIGKILL);
    waitpid(pid, NULL, 0);
    return -1;
}

int fakes_run(const char *command)
{
    return fakes_wait(fakes_start(command));
}
