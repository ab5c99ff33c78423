#include "admin.h"

#include <pthread.h>

#include "http_rig.h"
#include "steward.h"

/* Calls that wait at a gate, so that a test says when a worker goes on. */
static struct {
    pthread_mutex_t lock;
    pthread_cond_t  opened;
    bool            open;
    int             inside;
} gate = { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, false, 0 };

static _Atomic int released;

static enum kl_code pass_gate(struct admin_call *c, struct kl_error *err)
{
    (void)err;
    pthread_mutex_lock(&gate.lock);
    gate.inside++;
    while (!gate.open)
        pthread_cond_wait(&gate.opened, &gate.lock);
    pthread_mutex_unlock(&gate.lock);
    kl_buf_adds(&c->body, "{\"passed\":true}");
    return KL_OK;
}

static void open_gate(void)
{
    pthread_mutex_lock(&gate.lock);
    gate.open = true;
    pthread_cond_broadcast(&gate.opened);
    pthread_mutex_unlock(&gate.lock);
}

static int inside_gate(void)
{
    int n;

    pthread_mutex_lock(&gate.lock);
    n = gate.inside;
    pthread_mutex_unlock(&gate.lock);
    return n;
}

static enum kl_code echo(struct admin_call *c, struct kl_error *err)
{
    (void)err;
    c->status = 201;
    kl_buf_addf(&c->body, "{\"ask\":\"%s\",\"left\":%s}", (const char *)c->ask, admin_left_ms(c) > 0 ? "true" : "false");
    return KL_OK;
}

static enum kl_code nothing(struct admin_call *c, struct kl_error *err)
{
    (void)err;
    c->status = 204;
    return KL_OK;
}

static enum kl_code refuse(struct admin_call *c, struct kl_error *err)
{
    kl_buf_adds(&c->body, "half an answer");
    return kl_fail_field(err, KL_CONFLICT, "topic", "it exists");
}

static enum kl_code too_much(struct admin_call *c, struct kl_error *err)
{
    (void)err;
    c->body.max = 10;
    kl_buf_adds(&c->body, "more than ten bytes");
    return KL_OK;
}

static void release(void *ask)
{
    free(ask);
    released++;
}

static void handle_echo(struct kl_request *r) { admin_do(r, echo, strdup("this"), release); }
static void handle_nothing(struct kl_request *r) { admin_do(r, nothing, NULL, NULL); }
static void handle_refuse(struct kl_request *r) { admin_do(r, refuse, strdup("x"), release); }
static void handle_too_much(struct kl_request *r) { admin_do(r, too_much, NULL, NULL); }
static void handle_gate(struct kl_request *r) { admin_do(r, pass_gate, strdup("x"), release); }

static const struct kl_route routes[] = {
    { "GET", "/echo", NULL, handle_echo },       { "DELETE", "/nothing", NULL, handle_nothing }, { "GET", "/refuse", NULL, handle_refuse },
    { "GET", "/too-much", NULL, handle_too_much }, { "GET", "/gate", NULL, handle_gate },        { NULL },
};

static struct steward steward;
static struct rig rig;

static void start(int64_t calls_max, int64_t timeout_ms)
{
    struct admin_conf conf = { .steward = &steward, .workers = 1, .calls_max = calls_max, .timeout_ms = timeout_ms };
    struct kl_error err;

    gate.open = false;
    gate.inside = 0;
    released = 0;
    CU_ASSERT_EQUAL_FATAL(admin_open(&steward.admin, &conf, &err), KL_OK);
    rig_start(&rig, (struct kl_http_conf){ .ctx = &steward, .routes = routes });
}

static void stop(void)
{
    open_gate();
    kl_http_refuse(rig.http, RIG_WAIT_MS);
    admin_end(steward.admin);
    kl_http_stop(rig.http);
    admin_close(steward.admin);
}

static void a_call_is_answered_with_what_its_function_wrote(void)
{
    struct answer a;

    start(10, 5000);
    ask(rig.port, &a, "GET /echo HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 201);
    CU_ASSERT_STRING_EQUAL(a.body, "{\"ask\":\"this\",\"left\":true}");
    CU_ASSERT(answer_has(&a, "Content-Type", "application/json"));
    answer_fini(&a);
    CU_ASSERT_EQUAL(ask_status(rig.port, "DELETE /nothing HTTP/1.1"), 204);
    stop();
    CU_ASSERT_EQUAL(released, 1);
}

static void an_error_is_answered_as_a_problem_and_half_an_answer_is_dropped(void)
{
    struct answer a;

    start(10, 5000);
    ask(rig.port, &a, "GET /refuse HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 409);
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "\"field\":\"topic\""));
    CU_ASSERT_PTR_NULL(strstr(a.body, "half"));
    answer_fini(&a);
    CU_ASSERT_EQUAL(ask_status(rig.port, "GET /too-much HTTP/1.1"), 413);
    stop();
    CU_ASSERT_EQUAL(released, 1);
}

/* Its answer is heard by nobody: the connection is closed, or left to the test. */
static void send_gate(struct line *line)
{
    line_open(line, rig.port);
    line_say(line, "GET /gate HTTP/1.1\r\nHost: localhost\r\n\r\n");
}

static void one_call_too_many_is_refused_with_the_limit(void)
{
    struct line first, second;
    struct answer a;

    start(1, 5000);
    send_gate(&first);
    RIG_UNTIL(inside_gate() == 1); /* the worker has it */
    send_gate(&second);
    RIG_UNTIL(admin_waiting(steward.admin) == 1);
    ask(rig.port, &a, "GET /echo HTTP/1.1");
    CU_ASSERT_EQUAL(a.status, 503);
    CU_ASSERT_PTR_NOT_NULL(strstr(a.body, "\"limit\":1"));
    CU_ASSERT(answer_has(&a, "Retry-After", "1"));
    answer_fini(&a);
    CU_ASSERT_EQUAL(admin_running(steward.admin), 1);
    open_gate();
    line_hear(&second, &a, false);
    CU_ASSERT_EQUAL(a.status, 200);
    answer_fini(&a);
    line_close(&first);
    line_close(&second);
    stop();
    CU_ASSERT_EQUAL(released, 3);
}

static void a_call_that_gets_no_worker_in_its_time_is_refused_and_does_nothing(void)
{
    struct line first, second;
    struct answer a;
    int64_t sent_us;

    start(10, 50);
    send_gate(&first);
    RIG_UNTIL(inside_gate() == 1);
    send_gate(&second);
    RIG_UNTIL(admin_waiting(steward.admin) == 1);
    sent_us = kl_mono_us();
    RIG_UNTIL(kl_mono_us() > sent_us + 50000); /* its time is over */
    open_gate();
    line_hear(&second, &a, false);
    CU_ASSERT_EQUAL(a.status, 503);
    CU_ASSERT_EQUAL(inside_gate(), 1);
    answer_fini(&a);
    line_close(&first);
    line_close(&second);
    stop();
}

static void a_client_that_leaves_disturbs_nobody(void)
{
    struct line line;

    start(10, 5000);
    send_gate(&line);
    RIG_UNTIL(inside_gate() == 1);
    line_close(&line);
    open_gate();
    CU_ASSERT_EQUAL(ask_status(rig.port, "GET /echo HTTP/1.1"), 201);
    stop();
    CU_ASSERT_EQUAL(released, 2);
}

static void *end_admin(void *ctx)
{
    (void)ctx;
    admin_end(steward.admin);
    return NULL;
}

/* The queue is full, so that no answer keeps the asker waiting. */
static bool refuses_since_it_ends(void)
{
    struct answer a;
    bool yes;

    ask(rig.port, &a, "GET /echo HTTP/1.1");
    yes = a.status == 503 && strstr(a.body, "stopping");
    answer_fini(&a);
    return yes;
}

static void at_the_end_what_runs_is_answered_and_what_waits_is_refused(void)
{
    struct line running, waiting;
    struct answer a;
    pthread_t ender;

    start(1, 5000);
    send_gate(&running);
    RIG_UNTIL(inside_gate() == 1);
    send_gate(&waiting);
    RIG_UNTIL(admin_waiting(steward.admin) == 1);
    pthread_create(&ender, NULL, end_admin, NULL);
    RIG_UNTIL(refuses_since_it_ends());
    open_gate();
    line_hear(&running, &a, false);
    CU_ASSERT_EQUAL(a.status, 200);
    answer_fini(&a);
    line_hear(&waiting, &a, false);
    CU_ASSERT_EQUAL(a.status, 503);
    answer_fini(&a);
    pthread_join(ender, NULL);
    line_close(&running);
    line_close(&waiting);
    kl_http_refuse(rig.http, RIG_WAIT_MS);
    kl_http_stop(rig.http);
    admin_close(steward.admin);
}

KL_TESTS("admin", T(a_call_is_answered_with_what_its_function_wrote), T(an_error_is_answered_as_a_problem_and_half_an_answer_is_dropped),
         T(one_call_too_many_is_refused_with_the_limit), T(a_call_that_gets_no_worker_in_its_time_is_refused_and_does_nothing),
         T(a_client_that_leaves_disturbs_nobody), T(at_the_end_what_runs_is_answered_and_what_waits_is_refused))
