/* it_process.c - worlds: folders, free ports, processes started and ended by pid. */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <netinet/in.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "it.h"
#include "test_port.h"

#define START_DEADLINE_MS 60000
#define STOP_DEADLINE_MS  30000
#define ENV_MAX           24

static _Noreturn void die(const char *format, ...) __attribute__((format(printf, 1, 2)));
static void die(const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vfprintf(stderr, format, args);
    va_end(args);
    fputc('\n', stderr);
    exit(1); /* children die with us: PR_SET_PDEATHSIG */
}

int it_free_port(void)
{
    int port = test_port();

    if (!port)
        die("no free port");
    return port;
}

const char *it_topic(const struct it_world *w, const char *name)
{
    static char names[8][64];
    static unsigned next;
    char *out = names[next++ % 8];

    snprintf(out, sizeof names[0], "%s-%s", w->name, name);
    return out;
}

/* The path of its log. */
static const char *log_path(const struct it_world *w, const struct it_process *p)
{
    static char path[256];
    snprintf(path, sizeof path, "%s/%s.log", w->dir, p->name);
    return path;
}

static void print_log(const char *path)
{
    char command[320];
    snprintf(command, sizeof command, "tail -n 30 '%s' >&2", path);
    if (system(command)) { /* only for a person to read */
    }
}

/* ---- children ---- */
static const char *binary(const char *name)
{
    static char path[512];
    const char *bin = getenv("IT_BIN");

    if (!bin)
        die("IT_BIN is not set: run `make it`");
    if (!strcmp(name, "kafka"))
        snprintf(path, sizeof path, "%s/streamer/streamer", getenv("IT_ROOT"));
    else
        snprintf(path, sizeof path, "%s/kafkloud-%s", bin, name);
    return path;
}

static void child(const struct it_world *w, const struct it_process *p, const char *const *args, char *const *env)
{
    int log = open(log_path(w, p), O_WRONLY | O_CREAT | O_APPEND, 0600), null = open("/dev/null", O_RDONLY);

    setpgid(0, 0);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    dup2(null, 0);
    dup2(log, 1);
    dup2(log, 2);
    for (char *const *row = env; *row; row++)
        putenv(*row);
    execv(args[0], (char *const *)(uintptr_t)args); /* it changes none of them */
    dprintf(2, "%s: %s\n", args[0], strerror(errno));
    _exit(127);
}

struct env { char text[ENV_MAX][224]; char *rows[ENV_MAX + 1]; int n; };

static void set(struct env *e, const char *format, ...) __attribute__((format(printf, 2, 3)));
static void set(struct env *e, const char *format, ...)
{
    va_list args;

    if (e->n == ENV_MAX)
        die("more than %d settings", ENV_MAX);
    va_start(args, format);
    vsnprintf(e->text[e->n], sizeof e->text[0], format, args);
    va_end(args);
    e->rows[e->n] = e->text[e->n];
    e->rows[++e->n] = NULL;
}

static void service_env(struct env *e, const struct it_world *w, const struct it_process *p)
{
    set(e, "SERVER_PORT=%d", p->port);
    set(e, "KAFKA_BOOTSTRAP_SERVERS=%s", w->kafka_address);
    if (p == &w->consumer) {
        set(e, "STORE=%s/receipts.db", w->dir);
        set(e, "KAFKA_TOPICS=^%s-", w->name); /* the other scenarios' topics are not ours */
    }
    if (p == &w->seer) {
        set(e, "INDEX=%s/index.db", w->dir);
        set(e, "MODEL_DIR=%s/build/model-potion-base-8M", getenv("IT_ROOT"));
        set(e, "LOAD_DIR=%s", w->dir);
        set(e, "TOPICS=^%s-", w->name);
        set(e, "STATEMENT_TOPIC=%s.statement", w->name);
        set(e, "QUESTION_TOPIC=%s.question", w->name);
        set(e, "ANSWER_TOPIC=%s.answer", w->name);
    }
    if (p == &w->portal) {
        set(e, "PRODUCER_URL=http://127.0.0.1:%d", w->producer.port);
        set(e, "CONSUMER_URL=http://127.0.0.1:%d", w->consumer.port);
        set(e, "STEWARD_URL=http://127.0.0.1:%d", w->steward.port);
        set(e, "SEER_URL=http://127.0.0.1:%d", w->seer.port);
        set(e, "UI_DIR=%s/portal/ui/dist", getenv("IT_ROOT"));
    }
}

static void spawn(struct it_world *w, struct it_process *p)
{
    char port[16], home[192];
    const char *kafka_args[] = { binary(p->name), "run", "--home", home, "--port", port, NULL };
    const char *service_args[] = { kafka_args[0], NULL };
    struct env e = { .n = 0 };

    snprintf(port, sizeof port, "%d", p->port);
    snprintf(home, sizeof home, "%s", w->dir); /* the data goes to its folder kafka/ */
    if (p != &w->kafka)
        service_env(&e, w, p);
    for (const char *const *row = p->env; *row; row++)
        set(&e, "%s", *row);
    p->pid = fork();
    if (p->pid < 0)
        die("fork: %s", strerror(errno));
    if (!p->pid)
        child(w, p, p == &w->kafka ? kafka_args : service_args, e.rows);
}

static bool listens(int port)
{
    struct sockaddr_in a = { .sin_family = AF_INET, .sin_port = htons((uint16_t)port), .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    bool ok = connect(fd, (struct sockaddr *)&a, sizeof a) == 0;

    close(fd);
    return ok;
}

static void wait_started(struct it_world *w, struct it_process *p, bool ready)
{
    int64_t end = kl_mono_us() + START_DEADLINE_MS * INT64_C(1000);

    while (kl_mono_us() < end) {
        if (waitpid(p->pid, NULL, WNOHANG) == p->pid) {
            print_log(log_path(w, p));
            p->pid = 0;
            die("%s ended at its start", p->name);
        }
        if (listens(p->port)) {
            struct it_answer a;
            int status;
            if (p == &w->kafka || !ready)
                return;
            a = it_get(p, "/readyz");
            status = a.status;
            it_answer_free(&a);
            if (status == 200)
                return;
        }
        kl_sleep_ms(20);
    }
    print_log(log_path(w, p));
    die("%s was not ready within %d ms", p->name, START_DEADLINE_MS);
}

void it_start(struct it_world *w, struct it_process *p)
{
    spawn(w, p);
    wait_started(w, p, true);
}

void it_start_only(struct it_world *w, struct it_process *p)
{
    spawn(w, p);
    wait_started(w, p, false);
}

int it_stop(struct it_process *p, int signal)
{
    int64_t end = kl_mono_us() + STOP_DEADLINE_MS * INT64_C(1000);
    int status = 0;

    if (!p->pid)
        return 0;
    kill(p->pid, signal);
    while (waitpid(p->pid, &status, WNOHANG) == 0) {
        if (kl_mono_us() > end) {
            fprintf(stderr, "%s did not stop within %d ms\n", p->name, STOP_DEADLINE_MS);
            kill(p->pid, SIGKILL);
            waitpid(p->pid, &status, 0);
            break;
        }
        kl_sleep_ms(5);
    }
    kill(-p->pid, SIGKILL); /* what it may have left in its group */
    p->pid = 0;
    return status;
}

long it_rss_kb(const struct it_process *p)
{
    char path[64], line[256];
    long kb = 0;
    FILE *f;

    snprintf(path, sizeof path, "/proc/%d/status", (int)p->pid);
    f = fopen(path, "r");
    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "VmRSS: %ld", &kb) == 1)
            break;
    if (f)
        fclose(f);
    return kb;
}

/* ---- worlds ---- */
int it_begin(struct it_world *w, unsigned parts)
{
    const char *shared = getenv("IT_KAFKA");

    setvbuf(stdout, NULL, _IOLBF, 0);
    signal(SIGPIPE, SIG_IGN);
    snprintf(w->name, sizeof w->name, "it%012llx", (unsigned long long)kl_random64() >> 16);
    snprintf(w->dir, sizeof w->dir, "%s/kafkloud-%s", getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp", w->name);
    if (mkdir(w->dir, 0700))
        die("%s: %s", w->dir, strerror(errno));
    w->kafka.name = "kafka";
    w->producer.name = "producer";
    w->consumer.name = "consumer";
    w->steward.name = "steward";
    w->seer.name = "seer";
    w->portal.name = "portal";
    w->kafka.port = it_free_port();
    w->producer.port = it_free_port();
    w->consumer.port = it_free_port();
    w->steward.port = it_free_port();
    w->seer.port = it_free_port();
    w->portal.port = it_free_port();
    snprintf(w->kafka_address, sizeof w->kafka_address, "127.0.0.1:%d", w->kafka.port);
    if (parts & IT_OWN_KAFKA || !shared)
        it_start(w, &w->kafka);
    else
        snprintf(w->kafka_address, sizeof w->kafka_address, "%s", shared);
    if (parts & IT_PRODUCER)
        it_start(w, &w->producer);
    if (parts & IT_CONSUMER)
        it_start(w, &w->consumer);
    if (parts & IT_STEWARD)
        it_start(w, &w->steward);
    if (parts & IT_SEER)
        it_start(w, &w->seer);
    if (parts & IT_PORTAL)
        it_start(w, &w->portal);
    return 0;
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
    (void)st, (void)type, (void)ftw;
    return remove(path);
}

int it_end(struct it_world *w)
{
    it_stop(&w->portal, SIGTERM);
    it_stop(&w->seer, SIGTERM);
    it_stop(&w->steward, SIGTERM);
    it_stop(&w->consumer, SIGTERM);
    it_stop(&w->producer, SIGTERM);
    it_stop(&w->kafka, SIGTERM);
    if (getenv("IT_KEEP"))
        printf("kept: %s\n", w->dir);
    else
        nftw(w->dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}
