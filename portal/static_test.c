/* static_test.c - the UI as a browser, a script and a stranger see it: real sockets, the portal's real routes. */
#include "test_dir.h"
#include "test_file.h"
#include "test_rig.h"

static char       ui[TEST_DIR_BYTES];
static struct rig rig;

static void begin(void)
{
    char assets[128];

    test_dir_make(ui);
    snprintf(assets, sizeof assets, "%s/assets", ui);
    CU_ASSERT_EQUAL_FATAL(mkdir(assets, 0700), 0);
    test_dir_put(ui, "index.html", "<!doctype html><title>the page</title>");
    test_dir_put(ui, "favicon.svg", "<svg/>");
    test_dir_put(ui, "assets/app-1.js", "console.log('a rather long script')");
    test_dir_put(ui, "assets/app-1.js.br", "BROTLI");
    test_dir_put(ui, "assets/app-1.js.gz", "GZIPPED");
    rig_conf();
    portal_conf.ui_dir = ui;
    rig_start(&rig, 1);
}

static void end(void)
{
    rig_stop(&rig, RIG_DEADLINE_MS);
    test_dir_remove(ui);
}

static void the_page_comes_with_strict_headers(void)
{
    struct client c;

    begin();
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /", ""), 200);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Content-Type"), "text/html; charset=utf-8");
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Cache-Control"), "no-cache");
    CU_ASSERT_PTR_NOT_NULL(strstr(client_header(&c, "Content-Security-Policy"), "default-src 'self'"));
    CU_ASSERT_PTR_NULL(strstr(client_header(&c, "Content-Security-Policy"), "unsafe"));
    CU_ASSERT_STRING_EQUAL(client_header(&c, "X-Content-Type-Options"), "nosniff");
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Referrer-Policy"), "no-referrer");
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Cross-Origin-Opener-Policy"), "same-origin");
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Strict-Transport-Security"), "");
    CU_ASSERT_STRING_EQUAL(client_body(&c), "<!doctype html><title>the page</title>");
    client_close(&c);
    end();
}

static void a_hashed_file_is_kept_for_ever_and_comes_compressed(void)
{
    struct client c;

    begin();
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /assets/app-1.js", "Accept-Encoding: gzip, deflate, br\r\n"), 200);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Cache-Control"), "public, max-age=31536000, immutable");
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Content-Encoding"), "br");
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Vary"), "Accept-Encoding");
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Content-Type"), "text/javascript; charset=utf-8");
    CU_ASSERT_STRING_EQUAL(client_body(&c), "BROTLI");
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /assets/app-1.js", "Accept-Encoding: gzip\r\n"), 200);
    CU_ASSERT_STRING_EQUAL(client_body(&c), "GZIPPED");
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /assets/app-1.js", ""), 200);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Content-Encoding"), "");
    CU_ASSERT_STRING_EQUAL(client_body(&c), "console.log('a rather long script')");
    client_close(&c);
    end();
}

static void what_the_client_has_is_not_sent_again(void)
{
    char etag[64], headers[256];
    struct client c;

    begin();
    client_get(&c, rig.port, "GET /assets/app-1.js", "Accept-Encoding: br\r\n");
    snprintf(etag, sizeof etag, "%s", client_header(&c, "ETag"));
    client_close(&c);
    CU_ASSERT_EQUAL(etag[0], '"');
    snprintf(headers, sizeof headers, "Accept-Encoding: br\r\nIf-None-Match: \"x\", %s\r\n", etag);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /assets/app-1.js", headers), 304);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "ETag"), etag);
    CU_ASSERT_STRING_EQUAL(client_body(&c), "");
    client_close(&c);
    snprintf(headers, sizeof headers, "If-None-Match: %s\r\n", etag); /* another encoding has another ETag */
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /assets/app-1.js", headers), 200);
    client_close(&c);
    end();
}

static void head_tells_the_length_and_sends_nothing(void)
{
    struct client c;

    begin();
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "HEAD /assets/app-1.js", ""), 200);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Content-Length"), "35");
    CU_ASSERT_STRING_EQUAL(client_body(&c), "");
    client_close(&c);
    end();
}

static void a_browser_gets_the_page_for_a_screens_address(void)
{
    static const char browser[] = "Accept: text/html,application/xhtml+xml,*/*;q=0.8\r\n";
    struct client c;

    begin();
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /topics/orders.v1?tab=log", browser), 200);
    CU_ASSERT_STRING_EQUAL(client_body(&c), "<!doctype html><title>the page</title>");
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /topics/orders.v1", "Accept: */*\r\n"), 404);
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /topics/orders.js", browser), 200);
    CU_ASSERT_STRING_EQUAL(client_body(&c), "<!doctype html><title>the page</title>");
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /topics/orders.js", "Accept: */*\r\n"), 404);
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /orders.js", browser), 404);
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /assets/app-0.js", browser), 404);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Content-Type"), "application/problem+json");
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /api/nothing", browser), 404);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Content-Type"), "application/problem+json");
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /api", browser), 404);
    client_close(&c);
    end();
}

static void no_path_gets_out_of_the_folder(void)
{
    static const struct {
        const char *path;
        int         status;
    } cases[] = {
        { "/../../../../etc/passwd", 404 },
        { "/assets/../../../../etc/passwd", 404 },
        { "/%2e%2e/%2e%2e/%2e%2e/etc/passwd", 404 },
        { "/%2e%2e%2f%2e%2e%2fetc%2fpasswd", 404 },
        { "/assets/..%2f..%2fetc%2fpasswd", 404 },
        { "/..\\..\\etc\\passwd", 404 },
        { "/..%5c..%5cetc%5cpasswd", 404 },
        { "//etc/passwd", 404 },
        { "/%2fetc/passwd", 404 },
        { "/./index.html", 404 },
        { "/index.html/", 200 }, /* a screen's address: the page */
        { "/index.html%00.js", 400 },
        { "/%00", 400 },
        { "/%0d%0aX-Evil:%201", 400 },
        { "/%zz", 400 },
        { "/%", 400 },
        { "/%c0%ae%c0%ae/etc/passwd", 200 }, /* overlong dots are no dots: a screen's address too */
    };
    struct client c;

    begin();
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        char line[256];
        int status;

        snprintf(line, sizeof line, "GET %s", cases[i].path);
        status = client_get(&c, rig.port, line, "Accept: text/html\r\n");
        if (status != cases[i].status)
            printf("\n  %s: %d", cases[i].path, status);
        CU_ASSERT_EQUAL(status, cases[i].status);
        CU_ASSERT_PTR_NULL(client_find(&c, "root:"));
        CU_ASSERT_STRING_EQUAL(client_header(&c, "X-Evil"), "");
        client_close(&c);
    }
    end();
}

static void files_can_only_be_read(void)
{
    struct client c;

    begin();
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "POST /index.html", "Content-Length: 0\r\n"), 405);
    CU_ASSERT_PTR_NOT_NULL(strstr(client_header(&c, "Allow"), "GET"));
    CU_ASSERT_PTR_NOT_NULL(strstr(client_header(&c, "Content-Security-Policy"), "'self'")); /* on refusals as well */
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "DELETE /", ""), 405);
    client_close(&c);
    end();
}

static void without_a_build_the_portal_says_how_to_make_one(void)
{
    char why[256] = "";
    struct client c;

    rig_conf();
    rig_start(&rig, 1);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /", ""), 503);
    CU_ASSERT_STRING_EQUAL(client_header(&c, "Cache-Control"), "no-store");
    CU_ASSERT_PTR_NOT_NULL(strstr(client_body(&c), "npm run build"));
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /assets/app-1.js", ""), 404);
    client_close(&c);
    CU_ASSERT_EQUAL(client_get(&c, rig.port, "GET /api/_health", ""), 200);
    CU_ASSERT_STRING_EQUAL(client_body(&c), "OK");
    client_close(&c);
    CU_ASSERT_FALSE(portal_checks[0].ready(&rig.portal, why, sizeof why));
    CU_ASSERT_PTR_NOT_NULL(strstr(why, "/nonexistent"));
    rig_stop(&rig, RIG_DEADLINE_MS);
}

static void the_api_description_names_each_door(void)
{
    char *text = test_file("openapi.json");

    CU_ASSERT_EQUAL(kl_service_check_openapi(portal_routes, text, strlen(text), stdout), 0);
    free(text);
}

KL_TESTS("static",
         T(the_page_comes_with_strict_headers),
         T(a_hashed_file_is_kept_for_ever_and_comes_compressed),
         T(what_the_client_has_is_not_sent_again),
         T(head_tells_the_length_and_sends_nothing),
         T(a_browser_gets_the_page_for_a_screens_address),
         T(no_path_gets_out_of_the_folder),
         T(files_can_only_be_read),
         T(without_a_build_the_portal_says_how_to_make_one),
         T(the_api_description_names_each_door))
