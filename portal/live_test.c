/* live_test.c - live streams through the portal: at once, many, and noticed when either end goes away. */
#include "test_behind.h"

#define STREAMS 200

static const char consume[] = "GET /api/consumer/consume?topics=a HTTP/1.1\r\nHost: 127.0.0.1\r\nAccept: text/event-stream\r\n\r\n";

static void stream_open(struct client *c)
{
    client_open(c, rig.port, consume);
    CU_ASSERT_TRUE_FATAL(client_until(c, "\r\n\r\n"));
}

/* Nothing follows an event until the client has it, so one that were held back would hold back all. */
static void each_event_arrives_before_the_next_is_made(void)
{
    struct client c;
    char text[64];

    begin();
    stream_open(&c);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Content-Type"), KL_SSE_TYPE);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Cache-Control"), "no-store");
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Content-Length"), "");
    for (int i = 1; i <= 200; i++) {
        behind_tell(&behind);
        snprintf(text, sizeof text, "id: %d\nevent: streamer\ndata: number %d\n\n", i, i);
        CU_ASSERT_TRUE_FATAL(client_until(&c, text));
    }
    client_close(&c);
    end();
}

static bool relays_gone(void)
{
    return atomic_load(&rig.portal.relays.active) == 0;
}

/* Nothing but the service's heartbeats tells anybody that the browser has closed its tab. The first one is enough,
 * unless the portal is still busy with the event before it. */
static void a_client_that_left_is_passed_on_with_the_next_heartbeat(void)
{
    struct client c;
    int heartbeats;

    begin();
    stream_open(&c);
    behind_tell(&behind);
    CU_ASSERT_TRUE(client_until(&c, "number 1\n\n"));
    CU_ASSERT_EQUAL(behind_streams(&behind), 1);
    client_close(&c);
    for (heartbeats = 0; !relays_gone() && heartbeats < 10; heartbeats++) {
        int64_t until_us = kl_mono_us() + 1000000;

        behind_tell(&behind);
        while (!relays_gone() && kl_mono_us() < until_us)
            kl_sleep_ms(1);
    }
    CU_ASSERT(heartbeats <= 2);
    CU_ASSERT_TRUE(RIG_UNTIL(({ behind_tell(&behind); behind_streams(&behind) == 0; }))); /* the service notices that it was cut */
    end();
}

static void a_stream_that_its_service_ends_ends_for_the_client(void)
{
    struct client c;

    begin();
    stream_open(&c);
    behind_tell(&behind);
    CU_ASSERT_TRUE(client_until(&c, "number 1\n\n"));
    kl_http_lame_duck(behind.http);
    CU_ASSERT_TRUE(client_until(&c, "\r\n0\r\n\r\n")); /* the last chunk: a clean end stays one */
    client_close(&c);
    end();
}

static void a_stream_whose_service_dies_is_cut_for_the_client(void)
{
    struct client c;

    begin();
    stream_open(&c);
    behind_tell(&behind);
    CU_ASSERT_TRUE(client_until(&c, "number 1\n\n"));
    atomic_store(&behind.cut, true);
    behind_tell(&behind);
    CU_ASSERT_TRUE(client_until_end(&c));
    CU_ASSERT_PTR_NULL(client_find(&c, "\r\n0\r\n\r\n"));
    client_close(&c);
    end();
}

static void two_hundred_streams_each_get_each_event(void)
{
    static struct client c[STREAMS];

    begin();
    for (int i = 0; i < STREAMS; i++)
        stream_open(&c[i]);
    CU_ASSERT_EQUAL(behind_streams(&behind), STREAMS);
    for (int n = 1; n <= 3; n++) {
        char text[64];

        behind_tell(&behind);
        snprintf(text, sizeof text, "number %d\n\n", n);
        for (int i = 0; i < STREAMS; i++)
            CU_ASSERT_TRUE(client_until(&c[i], text));
    }
    for (int i = 0; i < STREAMS; i++)
        client_close(&c[i]);
    CU_ASSERT_TRUE(RIG_UNTIL(({ behind_tell(&behind); relays_gone(); }))); /* by heartbeats, as above */
    end();
}

/* A reader that does not read fills the rings and the kernel's buffers; the rest waits at the service. */
static void a_slow_reader_holds_up_its_own_stream_only(void)
{
    struct client slow, stream, quick;

    begin();
    client_open(&slow, rig.port, "GET /api/seer/big" RIG_END "\r\n");
    CU_ASSERT_TRUE(client_until(&slow, "\r\n\r\n"));
    stream_open(&stream);
    behind_tell(&behind);
    CU_ASSERT_TRUE(client_until(&stream, "number 1\n\n"));
    client_close(&stream);
    CU_ASSERT_EQUAL(client_get(&quick, rig.port, "GET /api/seer/x", ""), 203);
    client_close(&quick);
    CU_ASSERT_TRUE(client_until_end(&slow));
    CU_ASSERT(slow.got.len > BEHIND_BIG_BYTES);
    client_close(&slow);
    end();
}

static void a_stop_with_streams_open_ends_in_time(void)
{
    static struct client c[STREAMS];
    int64_t start_us;

    begin();
    for (int i = 0; i < STREAMS; i++)
        stream_open(&c[i]);
    start_us = kl_mono_us();
    rig_stop(&rig, RIG_DEADLINE_MS);
    CU_ASSERT(kl_mono_us() - start_us < RIG_DEADLINE_MS * 1000 / 2); /* it did not wait for them */
    for (int i = 0; i < STREAMS; i++) {
        CU_ASSERT_TRUE(client_until_end(&c[i]));
        client_close(&c[i]);
    }
    behind_stop(&behind);
}

/* Calls begin, stall, are left and end in every order, on several connections: for the thread sanitizer. */
static void *caller_run(void *ctx)
{
    unsigned seed = (unsigned)(uintptr_t)ctx;

    for (int i = 0; i < 60; i++) {
        struct client c;

        switch (rand_r(&seed) % 4) {
        case 0:
            client_open(&c, rig.port, consume);
            break;
        case 1:
            client_open(&c, rig.port, "POST /api/producer/gated HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 500000\r\n\r\nsome");
            break;
        case 2:
            client_open(&c, rig.port, "GET /api/seer/big HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n");
            break;
        default:
            client_get(&c, rig.port, "GET /api/health", "");
        }
        if (rand_r(&seed) % 2)
            client_read(&c, kl_mono_us() + 20000);
        client_close(&c);
        if (rand_r(&seed) % 4 == 0)
            behind_tell(&behind);
    }
    return NULL;
}

static void callers_that_come_and_go_leave_nothing_behind(void)
{
    pthread_t callers[4];

    begin();
    behind_open_gate(&behind);
    for (uintptr_t i = 0; i < 4; i++)
        pthread_create(&callers[i], NULL, caller_run, (void *)(i + 1));
    for (int i = 0; i < 4; i++)
        pthread_join(callers[i], NULL);
    CU_ASSERT_TRUE(RIG_UNTIL(({ behind_tell(&behind); relays_gone(); })));
    CU_ASSERT_TRUE(RIG_UNTIL(atomic_load(&rig.portal.healths) == 0));
    end();
}

KL_TESTS("live",
         T(each_event_arrives_before_the_next_is_made),
         T(a_client_that_left_is_passed_on_with_the_next_heartbeat),
         T(a_stream_that_its_service_ends_ends_for_the_client),
         T(a_stream_whose_service_dies_is_cut_for_the_client),
         T(two_hundred_streams_each_get_each_event),
         T(a_slow_reader_holds_up_its_own_stream_only),
         T(a_stop_with_streams_open_ends_in_time),
         T(callers_that_come_and_go_leave_nothing_behind))
