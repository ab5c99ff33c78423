/* service_test.c - a service's life, seen from outside: the program starts itself again as a small service. */
#include <fcntl.h>
#include <pthread.h>
#include <signal.h>
#include <sys/wait.h>

#include "http_rig.h"
#include "service_internal.h"

/* ---- the small service ---- */
static struct {
    struct kl_service_conf common;
    const char            *unready_file; /* as long as it is there, the check "store" fails */
    const char            *behave;       /* "": well */
} conf;

static const struct kl_setting settings[] = {
    KL_SERVICE_SETTINGS(__typeof__(conf), "0"),
    { "UNREADY_FILE", KL_STR, offsetof(__typeof__(conf), unready_file), "/nonexistent", 0, 4096, "a file that makes it unready", NULL },
    { "BEHAVE", KL_STR, offsetof(__typeof__(conf), behave), "", 0, 16, "how", NULL },
    KL_SETTING_END,
};

static void hello_get(struct kl_request *r)
{
    kl_reply_static(r, 200, "text/plain", "hello", 5);
}

static const struct kl_route routes[] = {
    { "GET", "/hello", NULL, hello_get, NULL, NULL, 0 },
    { "GET", "/", NULL, hello_get, NULL, NULL, KL_ROUTE_PREFIX },
    { .method = NULL },
};

static bool always(void *ctx, char *why, size_t why_size)
{
    (void)ctx;
    (void)why;
    (void)why_size;
    return true;
}

static bool store_ready(void *ctx, char *why, size_t why_size)
{
    (void)ctx;
    if (access(conf.unready_file, F_OK) != 0)
        return true;
    snprintf(why, why_size, "the \"store\" is away");
    return false;
}

static const struct kl_check checks[] = { { "kafka", always }, { "store", store_ready }, { NULL, NULL } };
static const char openapi[] = "{\"openapi\":\"3.1.0\",\"paths\":{\"/hello\":{\"summary\":\"x\",\"get\":{}},\"/livez\":{\"get\":{}}}}";

static void *fail_main(void *ctx)
{
    kl_service_fail(KL_EXIT_KAFKA, "the broker said no for ever");
    kl_service_fail(KL_EXIT_STORE, "too late to matter");
    return ctx;
}

static int serve(struct kl_service *service)
{
    struct kl_http *http;
    struct kl_error err;
    enum kl_exit code;
    pthread_t thread;

    if (kl_service_serve(service, &http, &err)) {
        kl_error("not started", KL_S("why", err.text));
        return kl_service_end(err.code == KL_INVALID ? KL_EXIT_SETTING : KL_EXIT_PORT);
    }
    if (strcmp(conf.behave, "fails") == 0) {
        pthread_create(&thread, NULL, fail_main, NULL);
        pthread_join(thread, NULL);
    }
    code = kl_service_wait();
    kl_service_wind_down(service, http);
    if (strcmp(conf.behave, "hangs") == 0) {
        kl_service_step("closing what cannot be closed");
        for (;;)
            pause();
    }
    kl_http_stop(http);
    return kl_service_end(code);
}

static int service_main(int argc, char **argv)
{
    struct kl_service service = {
        .name = "small", .binary = "kafkloud-small", .about = "a service for a test", .health_text = "Small!",
        .settings = settings, .routes = routes, .checks = checks, .openapi = openapi, .openapi_len = sizeof openapi - 1,
        .common = &conf.common,
    };

    kl_service_begin(&service, argc, argv, &conf);
    return serve(&service);
}

/* A shutdown's bound of 200 ms that nobody keeps to. */
static int overdue_main(const char *ready_file)
{
    if (!kl_signals_start(200))
        return EXIT_FAILURE;
    close(open(ready_file, O_CREAT | O_WRONLY, 0600));
    kl_service_wait();
    kl_service_step("sleeping for ever");
    for (;;)
        pause();
}

/* ---- starting it ---- */
struct child {
    pid_t pid;
    int   port;
    char  dir[32];
    char  port_file[48], unready_file[48];
    char  output[65536]; /* what it printed, once it has ended */
};

static void child_dir(struct child *c)
{
    strcpy(c->dir, "/tmp/kl-service-test-XXXXXX");
    CU_ASSERT_PTR_NOT_NULL_FATAL(mkdtemp(c->dir));
    snprintf(c->port_file, sizeof c->port_file, "%s/port", c->dir);
    snprintf(c->unready_file, sizeof c->unready_file, "%s/unready", c->dir);
}

/* args: "NAME=value" are put into the environment, the rest are arguments; ended by NULL. */
static void child_start(struct child *c, const char *mode, const char **args)
{
    char output[128];
    char *argv[16] = { (char *)"service_test", (char *)mode };
    int n = 2, fd;

    snprintf(output, sizeof output, "%s/output", c->dir);
    c->pid = fork();
    if (c->pid != 0)
        return;
    fd = open(output, O_WRONLY | O_CREAT | O_TRUNC, 0600);
    dup2(fd, STDOUT_FILENO);
    dup2(fd, STDERR_FILENO);
    for (; *args; args++) {
        if (args[0][0] != '-' && strchr(*args, '='))
            putenv((char *)*args);
        else
            argv[n++] = (char *)*args;
    }
    argv[n] = NULL;
    execv("/proc/self/exe", argv);
    _exit(127);
}

/* Its exit code; -1: it was killed by a signal, or had to be. */
static int child_end(struct child *c)
{
    int64_t until = kl_mono_us() + RIG_WAIT_MS * 1000;
    char path[128];
    int status = 0, fd;
    ssize_t len;

    while (waitpid(c->pid, &status, WNOHANG) == 0) {
        if (kl_mono_us() > until)
            kill(c->pid, SIGKILL);
        kl_sleep_ms(2);
    }
    snprintf(path, sizeof path, "%s/output", c->dir);
    fd = open(path, O_RDONLY);
    len = read(fd, c->output, sizeof c->output - 1);
    c->output[len > 0 ? len : 0] = '\0';
    close(fd);
    unlink(path);
    return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void child_fini(struct child *c)
{
    unlink(c->port_file);
    unlink(c->unready_file);
    CU_ASSERT_EQUAL(rmdir(c->dir), 0);
}

/* Runs to its end with these arguments. */
static int child_run(struct child *c, const char **args)
{
    int code;

    child_dir(c);
    child_start(c, "as-service", args);
    code = child_end(c);
    child_fini(c);
    return code;
}

#define RUN(c, ...) child_run(c, (const char *[]){ __VA_ARGS__, NULL })

static bool read_port(struct child *c)
{
    FILE *file = fopen(c->port_file, "r");
    int n = file ? fscanf(file, "%d", &c->port) : 0;

    if (file)
        fclose(file);
    return n == 1;
}

/* Serving, on c->port. */
static void child_serve(struct child *c, const char **args)
{
    char port[64], unready[64];
    const char *all[16] = { port, unready };

    child_dir(c);
    snprintf(port, sizeof port, "PORT_FILE=%s", c->port_file);
    snprintf(unready, sizeof unready, "UNREADY_FILE=%s", c->unready_file);
    for (size_t n = 2; *args; args++)
        all[n++] = *args;
    child_start(c, "as-service", all);
    RIG_UNTIL(read_port(c));
}

#define SERVE(c, ...) child_serve(c, (const char *[]){ __VA_ARGS__, NULL })

static void become_unready(const struct child *c)
{
    close(open(c->unready_file, O_CREAT | O_WRONLY, 0600));
}

/* ---- the tests ---- */
static void the_common_pages_are_there(void)
{
    struct child c;
    struct answer a;

    SERVE(&c, "LOG_LEVEL=error");
    ask(c.port, &a, "GET /_health HTTP/1.1");
    CU_ASSERT_STRING_EQUAL(a.body, "Small!");
    answer_fini(&a);
    ask(c.port, &a, "GET /livez HTTP/1.1");
    CU_ASSERT_STRING_EQUAL(a.body, "{\"status\":\"alive\"}");
    answer_fini(&a);
    ask(c.port, &a, "GET /openapi.json HTTP/1.1");
    CU_ASSERT_STRING_EQUAL(a.body, openapi);
    answer_fini(&a);
    ask(c.port, &a, "GET /metrics HTTP/1.1");
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "kafkloud_http_requests_total"));
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "process_resident_memory_bytes"));
    answer_fini(&a);
    ask(c.port, &a, "GET /anything/else HTTP/1.1");
    CU_ASSERT_STRING_EQUAL(a.body, "hello");
    answer_fini(&a);
    kill(c.pid, SIGTERM);
    CU_ASSERT_EQUAL(child_end(&c), KL_EXIT_OK);
    child_fini(&c);
}

static void readiness_tells_each_dependency(void)
{
    struct child c;
    struct answer a;

    SERVE(&c, "LOG_LEVEL=error");
    ask(c.port, &a, "GET /readyz HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 200);
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "{\"status\":\"ready\","));
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, ",\"checks\":{\"kafka\":{\"ready\":true},\"store\":{\"ready\":true}}}"));
    answer_fini(&a);
    become_unready(&c);
    ask(c.port, &a, "GET /readyz HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 503);
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "{\"status\":\"unready\","));
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, ",\"checks\":{\"kafka\":{\"ready\":true},\"store\":{\"ready\":false,\"why\":\"the \\\"store\\\" is away\"}}}"));
    answer_fini(&a);
    kill(c.pid, SIGTERM);
    child_end(&c);
    child_fini(&c);
}

static void readiness_tells_what_runs_and_since_when(void)
{
    struct child c;
    struct answer a;
    char about[96];
    long long uptime_s = -1;
    const char *at;

    SERVE(&c, "LOG_LEVEL=error");
    ask(c.port, &a, "GET /readyz HTTP/1.1");
    snprintf(about, sizeof about, ",\"version\":\"%s\",\"uptime_s\":", kl_version());
    at = strstr(a.body, about);
    CU_ASSERT_PTR_NOT_NULL_FATAL(at);
    CU_ASSERT_EQUAL(sscanf(at + strlen(about), "%lld,", &uptime_s), 1);
    CU_ASSERT_TRUE(uptime_s >= 0 && uptime_s <= RIG_WAIT_MS / 1000); /* the service's, not the machine's */
    answer_fini(&a);
    kill(c.pid, SIGTERM);
    child_end(&c);
    child_fini(&c);
}

static void the_healthcheck_asks_the_running_service(void)
{
    struct child c, probe;
    char setting[64], address[64];

    SERVE(&c, "LOG_LEVEL=error");
    snprintf(setting, sizeof setting, "PORT_FILE=%s", c.port_file);
    CU_ASSERT_EQUAL(RUN(&probe, "--healthcheck", setting), 0);
    snprintf(address, sizeof address, "SERVER_ADDR=127.0.0.1:%d", c.port);
    CU_ASSERT_EQUAL(RUN(&probe, "--healthcheck", address), 0);
    become_unready(&c);
    CU_ASSERT_EQUAL(RUN(&probe, "--healthcheck", setting), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(probe.output, "is away"));
    kill(c.pid, SIGINT);
    CU_ASSERT_EQUAL(child_end(&c), KL_EXIT_OK);
    child_fini(&c);
    CU_ASSERT_EQUAL(RUN(&probe, "--healthcheck", address), 1);
    CU_ASSERT_PTR_NOT_NULL(strstr(probe.output, "nobody answers"));
}

static void options_print_and_leave(void)
{
    struct child c;

    CU_ASSERT_EQUAL(RUN(&c, "--help"), 0);
    CU_ASSERT(strstr(c.output, "kafkloud-small") && strstr(c.output, "--unready-file") && strstr(c.output, "--healthcheck"));
    CU_ASSERT_EQUAL(RUN(&c, "--version", "SERVER_PORT=wrong"), 0);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.output, kl_version()));
    CU_ASSERT_EQUAL(RUN(&c, "--routes"), 0);
    CU_ASSERT_STRING_EQUAL(c.output, "GET /hello\nGET /\n");
    CU_ASSERT_EQUAL(RUN(&c, "--settings-markdown"), 0);
    CU_ASSERT(strstr(c.output, "| `BEHAVE`") || strstr(c.output, "BEHAVE"));
    CU_ASSERT_EQUAL(RUN(&c, "--check-openapi"), 0);
    CU_ASSERT_STRING_EQUAL(c.output, "");
}

static void wrong_settings_end_the_start_and_are_named(void)
{
    static const struct { const char *setting, *named; } wrong[] = {
        { "SERVER_PORT=x", "SERVER_PORT" },           { "LOG_LEVEL=loud", "LOG_LEVEL" },
        { "LOG_FORMAT=xml", "LOG_FORMAT" },           { "SERVER_ADDR=[::1", "SERVER_ADDR" },
        { "SERVER_ADDR=nowhere", "SERVER_ADDR" },     { "SERVER_ADDR=127.0.0.1:70000", "SERVER_ADDR" },
        { "SERVER_ADDR=127.0.0.1:", "SERVER_ADDR" },  { "API_TOKEN_FILE=/nonexistent/token", "API_TOKEN_FILE" },
        { "API_TOKEN_FILE=/dev/null", "API_TOKEN_FILE" }, { "API_TOKEN_FILE=/etc/passwd", "API_TOKEN_FILE" },
        { "PORT_FILE=/nonexistent/port", "PORT_FILE" },
        { "SERVER_ADDR=0.0.0.0", "API_TOKEN_FILE" },  { "SERVER_ADDR=:0", "API_TOKEN_FILE" }, { "--no-such-flag", "--no-such-flag" },
    };

    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct child c;

        CU_ASSERT_EQUAL(RUN(&c, wrong[i].setting), KL_EXIT_SETTING);
        CU_ASSERT_PTR_NOT_NULL(strstr(c.output, wrong[i].named));
    }
}

static void a_taken_port_has_its_exit_code(void)
{
    struct child c, second;
    char setting[64];

    SERVE(&c, "LOG_LEVEL=error");
    snprintf(setting, sizeof setting, "SERVER_PORT=%d", c.port);
    CU_ASSERT_EQUAL(RUN(&second, setting), KL_EXIT_PORT);
    CU_ASSERT_PTR_NOT_NULL(strstr(second.output, setting + strlen("SERVER_PORT=")));
    kill(c.pid, SIGTERM);
    child_end(&c);
    child_fini(&c);
}

static void a_token_file_closes_all_but_the_health_pages(void)
{
    char path[] = "/tmp/kl-service-token-XXXXXX", setting[64];
    int fd = mkstemp(path);
    struct child c;

    CU_ASSERT_EQUAL(write(fd, "  sesame\n", 9), 9);
    close(fd);
    snprintf(setting, sizeof setting, "API_TOKEN_FILE=%s", path);
    SERVE(&c, setting, "SERVER_ADDR=0.0.0.0");
    CU_ASSERT_EQUAL(ask_status(c.port, "GET /readyz HTTP/1.1"), 200);
    CU_ASSERT_EQUAL(ask_status(c.port, "GET /hello HTTP/1.1"), 401);
    CU_ASSERT_EQUAL(ask_status(c.port, "GET /metrics HTTP/1.1"), 401);
    CU_ASSERT_EQUAL(ask_status(c.port, "GET /hello HTTP/1.1\r\nAuthorization: Bearer sesame"), 200);
    kill(c.pid, SIGTERM);
    CU_ASSERT_EQUAL(child_end(&c), KL_EXIT_OK);
    CU_ASSERT_PTR_NULL(strstr(c.output, "sesame"));
    child_fini(&c);
    unlink(path);
}

static void the_port_file_goes_with_the_service(void)
{
    struct child c;

    SERVE(&c, "LOG_LEVEL=error");
    kill(c.pid, SIGTERM);
    CU_ASSERT_EQUAL(child_end(&c), KL_EXIT_OK);
    CU_ASSERT_NOT_EQUAL(access(c.port_file, F_OK), 0);
    child_fini(&c);
}

static bool served_and_closed(int port)
{
    struct answer a;
    bool is;

    ask(port, &a, "GET /hello HTTP/1.1");
    is = a.status == 200 && a.closed;
    answer_fini(&a);
    return is;
}

static void a_lame_duck_serves_while_it_is_unready(void)
{
    struct child c;
    struct answer a;

    SERVE(&c, "LAME_DUCK=1500ms");
    kill(c.pid, SIGTERM);
    RIG_UNTIL(ask_status(c.port, "GET /readyz HTTP/1.1") == 503);
    ask(c.port, &a, "GET /readyz HTTP/1.1");
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "it is stopping"));
    answer_fini(&a);
    RIG_UNTIL(served_and_closed(c.port)); /* unready first, then in a moment a lame duck */
    CU_ASSERT_EQUAL(child_end(&c), KL_EXIT_OK);
    child_fini(&c);
}

static void a_failure_inside_ends_with_its_code(void)
{
    struct child c;

    CU_ASSERT_EQUAL(RUN(&c, "BEHAVE=fails"), KL_EXIT_KAFKA);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.output, "the broker said no for ever"));
    CU_ASSERT_PTR_NULL(strstr(c.output, "too late"));
}

static void a_second_signal_ends_at_once_and_says_where(void)
{
    struct child c;

    SERVE(&c, "BEHAVE=hangs");
    kill(c.pid, SIGTERM);
    RIG_UNTIL(ask_status(c.port, "GET /hello HTTP/1.1") == 503);
    kill(c.pid, SIGTERM);
    CU_ASSERT_EQUAL(child_end(&c), KL_EXIT_STUCK);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.output, "second signal"));
    child_fini(&c);
}

static void a_shutdown_that_takes_too_long_ends_by_itself(void)
{
    struct child c;
    int64_t began;

    child_dir(&c);
    child_start(&c, "as-overdue", (const char *[]){ c.port_file, NULL });
    RIG_UNTIL(access(c.port_file, F_OK) == 0);
    began = kl_mono_us();
    kill(c.pid, SIGTERM);
    CU_ASSERT_EQUAL(child_end(&c), KL_EXIT_STUCK);
    CU_ASSERT(kl_mono_us() - began >= 190 * 1000);
    CU_ASSERT_PTR_NOT_NULL(strstr(c.output, "sleeping for ever"));
    child_fini(&c);
}

static void addresses_are_read_in_every_form(void)
{
    static const struct { const char *text, *address; int64_t port; } rows[] = {
        { "127.0.0.1", "127.0.0.1", 7 },  { "127.0.0.1:8072", "127.0.0.1", 8072 }, { ":8072", "0.0.0.0", 8072 },
        { "::1", "::1", 7 },              { "[::1]", "::1", 7 },                   { "[::1]:8072", "::1", 8072 },
        { "::", "::", 7 },                { "localhost:0", "localhost", 0 },
    };
    struct kl_error err;

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct kl_service_conf c = { .address = rows[i].text, .port = 7 };

        CU_ASSERT_EQUAL(kl_options_address(&c, &err), KL_OK);
        CU_ASSERT_STRING_EQUAL(c.address, rows[i].address);
        CU_ASSERT_EQUAL(c.port, rows[i].port);
    }
}

static void openapi_and_routes_are_compared_both_ways(void)
{
    static const struct kl_route table[] = {
        { "GET", "/a", NULL, hello_get, NULL, NULL, 0 },
        { "POST", "/a", NULL, hello_get, NULL, NULL, 0 },
        { "*", "/below/", NULL, hello_get, NULL, NULL, KL_ROUTE_PREFIX },
        { .method = NULL },
    };
    static const struct { const char *doc; int differences; } rows[] = {
        { "{\"paths\":{\"/a\":{\"get\":{},\"post\":{},\"parameters\":[]},\"/below/{x}\":{\"put\":{}},\"/readyz\":{\"get\":{}}}}", 0 },
        { "{\"paths\":{\"/a\":{\"get\":{}}}}", 1 },
        { "{\"paths\":{}}", 2 },
        { "{\"paths\":{\"/a\":{\"get\":{},\"post\":{},\"put\":{}},\"/b\":{\"get\":{}}}}", 2 },
        { "{}", -1 },
        { "nonsense", -1 },
    };
    static const struct kl_route asks[] = { { "GET", "/a", NULL, hello_get, NULL, NULL, 0, "topic, since" }, { .method = NULL } };
    static const struct { const char *doc; int differences; } queries[] = {
        { "{\"paths\":{\"/a\":{\"get\":{\"parameters\":[{\"name\":\"topic\",\"in\":\"query\"},{\"name\":\"x\",\"in\":\"header\"},{\"$ref\":\"#/p/s\"}]}}},"
          "\"p\":{\"s\":{\"name\":\"since\",\"in\":\"query\"}}}", 0 },
        { "{\"paths\":{\"/a\":{\"get\":{\"parameters\":[{\"name\":\"topic\",\"in\":\"query\"},{\"$ref\":\"#/p/none\"}]}}}}", 1 },
        { "{\"paths\":{\"/a\":{\"get\":{}}}}", 1 },
    };
    FILE *out = fopen("/dev/null", "w");

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        CU_ASSERT_EQUAL(kl_service_check_openapi(table, rows[i].doc, strlen(rows[i].doc), out), rows[i].differences);
    for (size_t i = 0; i < sizeof queries / sizeof *queries; i++)
        CU_ASSERT_EQUAL(kl_service_check_openapi(asks, queries[i].doc, strlen(queries[i].doc), out), queries[i].differences);
    fclose(out);
}

static const struct kl_test tests[] = {
    T(the_common_pages_are_there), T(readiness_tells_each_dependency),
    T(readiness_tells_what_runs_and_since_when), T(the_healthcheck_asks_the_running_service),
    T(options_print_and_leave), T(wrong_settings_end_the_start_and_are_named), T(a_taken_port_has_its_exit_code),
    T(a_token_file_closes_all_but_the_health_pages), T(the_port_file_goes_with_the_service), T(a_lame_duck_serves_while_it_is_unready),
    T(a_failure_inside_ends_with_its_code), T(a_second_signal_ends_at_once_and_says_where),
    T(a_shutdown_that_takes_too_long_ends_by_itself), T(addresses_are_read_in_every_form),
    T(openapi_and_routes_are_compared_both_ways), { NULL, NULL },
};

int main(int argc, char **argv)
{
    if (argc > 1 && strcmp(argv[1], "as-service") == 0)
        return service_main(argc - 1, argv + 1);
    if (argc > 2 && strcmp(argv[1], "as-overdue") == 0)
        return overdue_main(argv[2]);
    kl_tests_begin();
    kl_suite_add("service", NULL, NULL, tests, argc > 1 ? argv[1] : NULL);
    return kl_tests_run();
}
