#include "load_dir.h"

#include <sys/stat.h>
#include <unistd.h>

#include "test.h"
#include "test_dir.h"

static char dir[TEST_DIR_BYTES];
static struct kl_error err;

static void begin(void)
{
    char path[64], target[64];

    test_dir_make(dir);
    snprintf(path, sizeof path, "%s/root", dir);
    CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
    snprintf(path, sizeof path, "%s/root/sub", dir);
    CU_ASSERT_EQUAL(mkdir(path, 0700), 0);
    test_dir_put(dir, "secret.txt", "secret");
    test_dir_put(dir, "root/a.txt", "alpha");
    test_dir_put(dir, "root/sub/b.txt", "beta");
    test_dir_put(dir, "root/empty.txt", "");
    snprintf(target, sizeof target, "%s/secret.txt", dir);
    snprintf(path, sizeof path, "%s/root/link.txt", dir);
    CU_ASSERT_EQUAL(symlink(target, path), 0);
    snprintf(path, sizeof path, "%s/root/inner.txt", dir);
    CU_ASSERT_EQUAL(symlink("a.txt", path), 0);
    snprintf(path, sizeof path, "%s/root/out", dir);
    CU_ASSERT_EQUAL(symlink("..", path), 0);
    snprintf(path, sizeof path, "%s/root/pipe", dir);
    CU_ASSERT_EQUAL(mkfifo(path, 0600), 0);
}

static enum kl_code read_name(const char *name, const char *wanted)
{
    char root[64];
    struct kl_buf out;
    enum kl_code code;

    snprintf(root, sizeof root, "%s/root", dir);
    kl_buf_init(&out, 16);
    code = load_dir_read(root, name, &out, &err);
    if (wanted) {
        CU_ASSERT_EQUAL(out.len, strlen(wanted));
        CU_ASSERT(out.len == 0 || !memcmp(out.data, wanted, out.len));
    } else {
        CU_ASSERT_EQUAL(out.len, 0);
    }
    kl_buf_fini(&out);
    return code;
}

static void a_file_below_the_directory_is_read_whole(void)
{
    begin();
    CU_ASSERT_EQUAL(read_name("a.txt", "alpha"), KL_OK);
    CU_ASSERT_EQUAL(read_name("sub/b.txt", "beta"), KL_OK);
    CU_ASSERT_EQUAL(read_name("empty.txt", ""), KL_OK);
    test_dir_remove(dir);
}

static void no_name_leads_out_of_the_directory(void)
{
    static const char *const names[] = { "../secret.txt", "sub/../../secret.txt", "sub/..", "..", ".", "", "/etc/passwd", "/", "sub//b.txt", "./a.txt", "sub/", "a.txt/" };

    begin();
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        CU_ASSERT_EQUAL(read_name(names[i], NULL), KL_INVALID);
    test_dir_remove(dir);
}

static void a_symbolic_link_is_not_followed_wherever_it_leads(void)
{
    begin();
    CU_ASSERT_EQUAL(read_name("link.txt", NULL), KL_FORBIDDEN);
    CU_ASSERT_EQUAL(read_name("inner.txt", NULL), KL_FORBIDDEN);
    CU_ASSERT_EQUAL(read_name("out/secret.txt", NULL), KL_FORBIDDEN);
    CU_ASSERT_PTR_NOT_NULL(strstr(err.text, "out/secret.txt: a symbolic link"));
    test_dir_remove(dir);
}

static void what_is_no_file_and_what_is_not_there_is_refused(void)
{
    begin();
    CU_ASSERT_EQUAL(read_name("nothing.txt", NULL), KL_NOT_FOUND);
    CU_ASSERT_EQUAL(read_name("nothing/a.txt", NULL), KL_NOT_FOUND);
    CU_ASSERT_EQUAL(read_name("a.txt/b", NULL), KL_NOT_FOUND);
    CU_ASSERT_EQUAL(read_name("sub", NULL), KL_INVALID);
    CU_ASSERT_EQUAL(read_name("pipe", NULL), KL_INVALID); /* and nobody waits for its other end */
    test_dir_remove(dir);
}

static void a_file_or_a_name_beyond_its_maximum_is_refused_before_it_is_read(void)
{
    char name[LOAD_NAME_MAX + 2];

    begin();
    test_dir_put(dir, "root/long.txt", "seventeen letters");
    CU_ASSERT_EQUAL(read_name("long.txt", NULL), KL_TOO_LARGE);
    CU_ASSERT_EQUAL(err.limit, 16);
    memset(name, 'a', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    CU_ASSERT_EQUAL(read_name(name, NULL), KL_INVALID);
    CU_ASSERT_EQUAL(err.limit, LOAD_NAME_MAX);
    name[LOAD_NAME_MAX] = '\0'; /* a step has 255 */
    CU_ASSERT_EQUAL(read_name(name, NULL), KL_INVALID);
    test_dir_remove(dir);
}

KL_TESTS("load_dir", T(a_file_below_the_directory_is_read_whole), T(no_name_leads_out_of_the_directory),
              T(a_symbolic_link_is_not_followed_wherever_it_leads), T(what_is_no_file_and_what_is_not_there_is_refused),
              T(a_file_or_a_name_beyond_its_maximum_is_refused_before_it_is_read))
