/* assets_test.c - the UI's folder in memory. */
#include "assets.h"

#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

#include "fault.h"
#include "log.h"
#include "media_type.h"
#include "test_dir.h"

static char root[TEST_DIR_BYTES];

static void file_put(const char *path, const char *text)
{
    test_dir_put(root, path, text);
}

static void folder_put(const char *path)
{
    char full[256];

    snprintf(full, sizeof full, "%s/%s", root, path);
    CU_ASSERT_EQUAL_FATAL(mkdir(full, 0700), 0);
}

static void ui_put(void)
{
    test_dir_make(root);
    folder_put("assets");
    file_put("index.html", "<!doctype html><title>kafkloud</title>");
    file_put("index.html.gz", "gz");
    file_put("assets/app-1.js", "console.log('a rather long script')");
    file_put("assets/app-1.js.br", "br");
    file_put("assets/app-1.js.gz", "gzip");
    file_put("assets/tiny.css", "a{}");
    file_put("assets/tiny.css.gz", "longer than the original");
    file_put("backup.tar.gz", "an archive of its own");
    file_put(".secret", "not served");
}

static struct assets *ui_open(void)
{
    struct assets *a = NULL;
    struct kl_error err;

    CU_ASSERT_EQUAL_FATAL(assets_open(&a, root, &err), KL_OK);
    return a;
}

static void files_are_found_by_path(void)
{
    struct assets *a;
    const struct asset *f;

    ui_put();
    a = ui_open();
    CU_ASSERT_EQUAL(assets_count(a), 4);
    f = assets_find(a, "/assets/app-1.js");
    CU_ASSERT_PTR_NOT_NULL_FATAL(f);
    CU_ASSERT_STRING_EQUAL(f->type, "text/javascript; charset=utf-8");
    CU_ASSERT_TRUE(f->immutable);
    CU_ASSERT_EQUAL(f->body[ENCODING_IDENTITY].len, 35);
    CU_ASSERT_PTR_EQUAL(assets_find(a, "/"), assets_find(a, "/index.html"));
    CU_ASSERT_FALSE(assets_find(a, "/")->immutable);
    assets_close(a);
    test_dir_remove(root);
}

static void siblings_become_encodings(void)
{
    struct assets *a;
    const struct asset *f;

    ui_put();
    a = ui_open();
    f = assets_find(a, "/assets/app-1.js");
    CU_ASSERT_EQUAL(f->available, 7);
    CU_ASSERT_EQUAL(f->body[ENCODING_BR].len, 2);
    CU_ASSERT_EQUAL(f->body[ENCODING_GZIP].len, 4);
    CU_ASSERT_STRING_NOT_EQUAL(f->body[ENCODING_BR].etag, f->body[ENCODING_IDENTITY].etag);
    CU_ASSERT_PTR_NULL(assets_find(a, "/assets/app-1.js.br"));
    CU_ASSERT_EQUAL(assets_find(a, "/assets/tiny.css")->available, 1); /* larger than the file itself: no use */
    CU_ASSERT_PTR_NOT_NULL(assets_find(a, "/backup.tar.gz"));          /* nobody's sibling */
    assets_close(a);
    test_dir_remove(root);
}

static void an_etag_tells_content(void)
{
    struct assets *a, *b, *c;
    const char *index = "/index.html";

    ui_put();
    a = ui_open();
    b = ui_open();
    file_put("index.html", "<!doctype html><title>kafklouD</title>");
    c = ui_open();
    CU_ASSERT_STRING_EQUAL(assets_find(a, index)->body[0].etag, assets_find(b, index)->body[0].etag);
    CU_ASSERT_STRING_NOT_EQUAL(assets_find(a, index)->body[0].etag, assets_find(c, index)->body[0].etag);
    CU_ASSERT_EQUAL(strlen(assets_find(a, index)->body[0].etag), ETAG_TEXT - 1);
    assets_close(a);
    assets_close(b);
    assets_close(c);
    test_dir_remove(root);
}

static void no_path_leads_out_of_the_folder(void)
{
    static const char *const paths[] = { "/../etc/passwd", "/..", "//index.html", "/assets/../index.html", "/./index.html",
                                         "/assets", "/assets/", "", "index.html", "/\\..\\index.html", "/.secret" };
    struct assets *a;

    ui_put();
    a = ui_open();
    for (size_t i = 0; i < sizeof paths / sizeof *paths; i++)
        CU_ASSERT_PTR_NULL(assets_find(a, paths[i]));
    assets_close(a);
    test_dir_remove(root);
}

static void a_link_out_of_the_folder_is_not_served(void)
{
    struct assets *a;
    char path[128];

    kl_log_level(KL_ERROR);
    ui_put();
    snprintf(path, sizeof path, "%s/passwd.txt", root);
    CU_ASSERT_EQUAL_FATAL(symlink("/etc/passwd", path), 0);
    snprintf(path, sizeof path, "%s/etc", root);
    CU_ASSERT_EQUAL_FATAL(symlink("/etc", path), 0);
    a = ui_open();
    CU_ASSERT_PTR_NULL(assets_find(a, "/passwd.txt"));
    CU_ASSERT_PTR_NULL(assets_find(a, "/etc/passwd"));
    assets_close(a);
    test_dir_remove(root);
}

static void a_folder_without_a_page_is_refused(void)
{
    struct assets *a = NULL;
    struct kl_error err;

    test_dir_make(root);
    CU_ASSERT_EQUAL(assets_open(&a, root, &err), KL_NOT_FOUND);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "index.html"));
    test_dir_remove(root);
    CU_ASSERT_EQUAL(assets_open(&a, root, &err), KL_NOT_FOUND);
    CU_ASSERT_PTR_NULL(a);
}

static void deep_folders_end_the_start(void)
{
    char path[ASSETS_DEPTH_MAX * 2 + 8] = "";
    struct assets *a = NULL;
    struct kl_error err;

    test_dir_make(root);
    file_put("index.html", "<!doctype html>");
    for (int i = 0; i <= ASSETS_DEPTH_MAX; i++) {
        strcat(path, i ? "/d" : "d");
        folder_put(path);
    }
    CU_ASSERT_EQUAL(assets_open(&a, root, &err), KL_TOO_LARGE);
    CU_ASSERT_STRING_EQUAL(err.field, "UI_DIR");
    test_dir_remove(root);
}

static void a_refused_allocation_is_an_error_and_leaks_nothing(void)
{
    struct kl_error err;
    bool hit = true;

    ui_put();
    for (long n = 0; hit; n++) {
        struct assets *a = NULL;
        enum kl_code code;

        kl_fault_begin(n);
        code = assets_open(&a, root, &err);
        hit = kl_fault_end();
        CU_ASSERT_EQUAL(code == KL_OK, a != NULL);
        assets_close(a);
    }
    test_dir_remove(root);
}

static void screens_get_the_page_and_missing_files_do_not(void)
{
    CU_ASSERT_TRUE(assets_path_is_screen("/"));
    CU_ASSERT_TRUE(assets_path_is_screen("/receipts"));
    CU_ASSERT_TRUE(assets_path_is_screen("/topics/orders.v1"));
    CU_ASSERT_TRUE(assets_path_is_screen("/topics/orders.js"));
    CU_ASSERT_TRUE(assets_path_is_screen("/messages/orders.css/0/7"));
    CU_ASSERT_TRUE(assets_path_is_screen("/topics/"));
    CU_ASSERT_FALSE(assets_path_is_screen("/favicon.ico"));
    CU_ASSERT_FALSE(assets_path_is_screen("/assets/app-0"));
    CU_ASSERT_FALSE(assets_path_is_screen("/assets/app-0.js"));
    CU_ASSERT_FALSE(assets_path_is_screen("/topics/../x"));
    CU_ASSERT_FALSE(assets_path_is_screen("/.."));
    CU_ASSERT_FALSE(assets_path_is_screen("/./x"));
    CU_ASSERT_FALSE(assets_path_is_screen("//evil.example"));
    CU_ASSERT_FALSE(assets_path_is_screen("/a//b"));
    CU_ASSERT_FALSE(assets_path_is_screen("/a\\b"));
    CU_ASSERT_FALSE(assets_path_is_screen(""));
}

static void types_go_by_the_ending(void)
{
    CU_ASSERT_STRING_EQUAL(media_type("/x.SVG"), "image/svg+xml");
    CU_ASSERT_STRING_EQUAL(media_type("a.b.woff2"), "font/woff2");
    CU_ASSERT_PTR_NULL(media_type("/a.js/b"));
    CU_ASSERT_PTR_NULL(media_type("/plain"));
    CU_ASSERT_PTR_NULL(media_type("/a."));
}

KL_TESTS("assets",
         T(files_are_found_by_path),
         T(siblings_become_encodings),
         T(an_etag_tells_content),
         T(no_path_leads_out_of_the_folder),
         T(a_link_out_of_the_folder_is_not_served),
         T(a_folder_without_a_page_is_refused),
         T(deep_folders_end_the_start),
         T(a_refused_allocation_is_an_error_and_leaks_nothing),
         T(screens_get_the_page_and_missing_files_do_not),
         T(types_go_by_the_ending))
