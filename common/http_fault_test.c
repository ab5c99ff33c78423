/* http_fault_test.c - refused memory: a start fails whole, a request ends without an answer, the server goes on. */
#include "fault.h"
#include "http_rig.h"

static int64_t body_max = 1 << 20;
static _Atomic int released;
static _Atomic bool hit;
static _Atomic long nth;

static void note_release(void *p)
{
    (void)p;
    released++;
}

/* The nth allocation of the answer's making is refused. */
static void answer(struct kl_request *r)
{
    struct kl_error err;
    const char *how = kl_request_header(r, "X-How");
    char *body = malloc(100000);

    memset(body, 'x', 100000);
    kl_request_attach(r, &released, note_release);
    kl_fault_begin(nth);
    kl_reply_header(r, "X-Some", "header");
    if (!how) {
        kl_reply(r, 200, "text/plain", body, 100000);
    } else if (strcmp(how, "json") == 0) {
        kl_reply_json(r, 200, json_pack("{s:s}", "name", "value"));
    } else {
        kl_fail(&err, KL_CONFLICT, "something stands against it");
        kl_reply_error(r, &err);
    }
    hit = kl_fault_end();
    free(body);
}

static const struct kl_route routes[] = {
    { "POST", "/answer", &body_max, answer, NULL, NULL, 0 },
    { .method = NULL },
};

static void a_start_without_memory_fails_whole(void)
{
    struct kl_http_conf conf = { .service = "test", .address = "127.0.0.1", .threads = 2, .routes = routes };
    bool refused = true;

    for (long n = 0; refused; n++) {
        struct kl_http *http;
        struct kl_error err;
        enum kl_code code;

        kl_fault_begin(n);
        code = kl_http_start(&http, &conf, &err);
        refused = kl_fault_end();
        CU_ASSERT_EQUAL(code, refused ? KL_BROKEN : KL_OK);
        CU_ASSERT_EQUAL(http == NULL, refused);
        kl_http_stop(http);
    }
}

static void an_answer_without_memory_closes_the_connection(void)
{
    static const char *const hows[] = { "", "X-How: json\r\n", "X-How: error\r\n" };
    struct rig rig;

    rig_start(&rig, (struct kl_http_conf){ .routes = routes, .threads = 1 });
    for (size_t i = 0; i < sizeof hows / sizeof *hows; i++) {
        nth = 0;
        do {
            char request[256];
            struct answer a;
            int before = released;

            snprintf(request, sizeof request, "POST /answer HTTP/1.1\r\nHost: localhost\r\n%sContent-Length: 2\r\n\r\nhi", hows[i]);
            ask_text(rig.port, &a, request);
            CU_ASSERT_EQUAL(a.status == 0, hit);
            answer_fini(&a);
            RIG_UNTIL(released == before + 1);
            nth++;
        } while (hit);
        CU_ASSERT(nth > 1);
    }
    kl_http_stop(rig.http);
}

KL_TESTS("http_fault", T(a_start_without_memory_fails_whole), T(an_answer_without_memory_closes_the_connection))
